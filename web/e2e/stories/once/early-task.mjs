import { signUp, stranger } from "../../browser/person.mjs";
import { story } from "../../browser/story.mjs";
import { addTask } from "../../browser/tasks.mjs";

export default (stage) =>
  story(stage, "A task added before the list has come stays in it", async ({ setup, mails, visit }) => {
    const visitor = await visit("ann");
    await signUp(visitor, stranger(), mails);
    await visitor.sees("Nothing to do");
    const release = await holdNextList(visitor.page, setup.app);
    await visitor.page.reload();
    await visitor.sees("Loading your tasks");
    await addTask(visitor, "Sooner than the list");
    release();
    await addTask(visitor, "Later than the list"); // takes long enough for what was released to be shown
    await visitor.sees("Sooner than the list");
  });

/** The next list of tasks is as it was when it was asked for, empty, and comes when release is called. */
async function holdNextList(page, origin) {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  const hold = async (route) => {
    await released;
    const headers = { "Access-Control-Allow-Origin": origin };
    await route.fulfill({ json: { tasks: [] }, headers }).catch(() => {}); // the page may have given it up
  };
  await page.route(/\/tasks\?/, hold, { times: 1 });
  return release;
}
