import { Part } from "../browser/part.mjs";
import { signOut, signUp, stranger } from "../browser/person.mjs";
import { story } from "../browser/story.mjs";
import { addTask } from "../browser/tasks.mjs";

export default (stage) =>
  story(stage, "A tab follows when another user signs in in the one beside it", async ({ mails, visit }) => {
    const visitor = await visit("both");
    const [ann, ben] = [stranger("Ann"), stranger("Ben")];
    await signUp(visitor, ben, mails);
    await addTask(visitor, "What Ben has to do");
    await signOut(visitor);
    await signUp(visitor, ann, mails);
    await addTask(visitor, "What Ann has to do");

    await changeUsersBeside(visitor, ben);
    // What the browser tells a tab that is looked at again.
    await visitor.page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await visitor.sees(`Signed in as ${ben.name}`);
    await visitor.sees("What Ben has to do");
    await visitor.seesNoMore("What Ann has to do");
    await visitor.shot("followed");
  });

/** In a second tab, one user signs out and the other in. */
async function changeUsersBeside(visitor, { email, password }) {
  const page = await visitor.context.newPage();
  const tab = new Part(page);
  await page.goto("/dashboard");
  await tab.press("Sign out");
  await tab.sees("You are signed out.");
  await tab.fill("E-mail", email);
  await tab.fill("Password", password);
  await tab.press("Sign in");
  await page.waitForURL((url) => url.pathname === "/dashboard");
}
