import assert from "node:assert/strict";
import axe from "axe-core";
import { signUp, stranger } from "../../browser/person.mjs";
import { story } from "../../browser/story.mjs";
import { addTask } from "../../browser/tasks.mjs";

const open = [
  "/",
  "/sign-up",
  "/sign-in",
  "/sign-in?notice=signed-out",
  "/two-factor",
  "/forgot-password",
  "/reset-password?token=1",
  "/reset-password?error=INVALID_TOKEN",
  "/verify-email",
  "/verify-email?error=TOKEN_EXPIRED",
  "/no-such-page",
];

export default (stage) =>
  story(stage, "axe has nothing to say of any page, light or dark", async ({ mails, visit }) => {
    const visitor = await visit("ann");
    visitor.expects(/no-such-page: 404/);
    for (const path of open) await examine(visitor, path);

    await signUp(visitor, stranger(), mails);
    await addTask(visitor, "Buy milk");
    await addTask(visitor, "Call the plumber");
    await visitor.tick("Buy milk");
    await visitor.press("Rename Call the plumber");
    await examineHere(visitor, "dashboard");
    visitor.expects(/change-password: 400/);
    await visitor.goto("/account");
    const form = visitor.section("Password");
    await form.fill("Current password", "not the right one");
    await form.fill("New password", "long enough");
    await form.press("Change password");
    await form.sees("The password is not right.");
    await visitor.sees("This device");
    await examineHere(visitor, "account");
  });

async function examine(visitor, path) {
  await visitor.goto(path);
  await visitor.page.getByRole("heading", { level: 1 }).waitFor();
  await examineHere(visitor, path.replaceAll(/\W+/g, "-"));
}

async function examineHere(visitor, name) {
  await visitor.page.evaluate(axe.source);
  await examineColours(visitor, name, "light", {});
  await examineColours(visitor, name, "dark", { runOnly: ["color-contrast"] }); // the rest is the same
}

async function examineColours(visitor, name, colorScheme, options) {
  await visitor.page.emulateMedia({ colorScheme });
  await visitor.shot(`${name}-${colorScheme}`);
  const { violations } = await visitor.page.evaluate((options) => window.axe.run(options), options);
  const said = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`);
  assert.deepEqual(said, [], `what axe says of ${name}, ${colorScheme}`);
}
