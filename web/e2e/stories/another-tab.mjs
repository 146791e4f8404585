import { Part } from "../browser/part.mjs";
import { signOut, signUp, stranger } from "../browser/person.mjs";
import { story } from "../browser/story.mjs";
import { addTask } from "../browser/tasks.mjs";

export default (stage) => {
  story(stage, "A tab follows when its user signs out in the one beside it", async ({ mails, visit }) => {
    const visitor = await visit("both");
    await signUp(visitor, stranger(), mails);
    await addTask(visitor, "Nobody else's business");
    const beside = await signOutBeside(visitor);
    await beside.close();
    await lookAgain(visitor);
    await visitor.arrives("/sign-in");
    await visitor.seesNoMore("Nobody else's business");
  });

  story(stage, "A tab follows when another user signs in in the one beside it", async ({ mails, visit }) => {
    const visitor = await visit("both");
    const [ann, ben] = [stranger("Ann"), stranger("Ben")];
    await signUp(visitor, ben, mails);
    await addTask(visitor, "What Ben has to do");
    await signOut(visitor);
    await signUp(visitor, ann, mails);
    await addTask(visitor, "What Ann has to do");

    await signInBeside(await signOutBeside(visitor), ben);
    await lookAgain(visitor);
    await visitor.sees(`Signed in as ${ben.name}`);
    await visitor.sees("What Ben has to do");
    await visitor.seesNoMore("What Ann has to do");
    await visitor.shot("followed");
  });
};

/** In a second tab, which is given, the user signs out. */
async function signOutBeside(visitor) {
  const page = await visitor.context.newPage();
  const tab = new Part(page);
  await page.goto("/dashboard");
  await tab.press("Sign out");
  await tab.sees("You are signed out.");
  return page;
}

/** There another one signs in. */
async function signInBeside(page, { email, password }) {
  const tab = new Part(page);
  await tab.fill("E-mail", email);
  await tab.fill("Password", password);
  await tab.press("Sign in");
  await page.waitForURL((url) => url.pathname === "/dashboard");
}

/** What the browser tells a tab that is looked at again. */
function lookAgain({ page }) {
  return page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
}
