import assert from "node:assert/strict";
import { signOut, signUp, stranger } from "../../browser/person.mjs";
import { story } from "../../browser/story.mjs";

export default (stage) =>
  story(stage, "The keyboard alone is enough to sign in and to add a task", async ({ mails, visit }) => {
    const ann = stranger();
    const visitor = await visit("ann");
    const { keyboard } = visitor.page;
    await signUp(visitor, ann, mails);
    await signOut(visitor);

    await visitor.goto("/");
    await keyboard.press("Tab");
    assert.equal(await focused(visitor), "Skip to the content");
    await tabTo(visitor, "Sign in");
    await keyboard.press("Enter");
    await visitor.arrives("/sign-in");
    await headingHasFocus(visitor); // as the link of that name had it before
    assert.equal(await focused(visitor), "Sign in");

    visitor.expects(/sign-in\/email: 401/);
    await tabTo(visitor, "E-mail");
    await keyboard.type(ann.email);
    await tabTo(visitor, "Password");
    await keyboard.type("wrong");
    await keyboard.press("Enter");
    await visitor.sees("The e-mail address or the password is not right.");
    assert.equal(await focused(visitor), "The e-mail address or the password is not right.", "the problem has the focus");
    await tabTo(visitor, "Password", "Shift+Tab");
    await keyboard.press("Control+A");
    await keyboard.type(ann.password);
    await tabTo(visitor, "Sign in");
    await visitor.shot("before-enter");
    await keyboard.press("Enter");
    await visitor.arrives("/dashboard");

    await tabTo(visitor, "New task");
    await keyboard.type("Buy milk");
    await keyboard.press("Enter");
    await visitor.sees("Buy milk");
    await tabTo(visitor, "Buy milk");
    await keyboard.press("Space");
    await visitor.page.getByRole("checkbox", { name: "Buy milk", checked: true }).waitFor();
    await tabTo(visitor, "Delete Buy milk");
    await visitor.shot("before-delete");
    await keyboard.press("Enter");
    await visitor.sees("Nothing to do.");
    assert.equal(await focused(visitor), "Your tasks", "the focus is not lost with the button");
  });

/** Goes on until the element of that name has the focus. On the way every stop has to be seen. */
async function tabTo(visitor, name, key = "Tab") {
  const passed = [];
  while (passed.at(-1) !== name) {
    assert.ok(passed.length < 30, `${key} does not lead to "${name}" but to ${passed.join(", ")}`);
    await visitor.page.keyboard.press(key);
    passed.push(await focused(visitor));
    assert.ok(await isSeen(visitor), `the focus on "${passed.at(-1)}" is seen`);
  }
}

/** Waits until the heading of a new page has taken the focus, soon after its address is there. */
function headingHasFocus({ page }) {
  return page.waitForFunction(() => document.activeElement?.tagName === "H1");
}

function focused({ page }) {
  return page.evaluate(() => {
    const element = document.activeElement;
    return (element.labels?.[0] ?? element).textContent.trim();
  });
}

function isSeen({ page }) {
  return page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== "none");
}
