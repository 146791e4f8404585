import assert from "node:assert/strict";
import { askForAccount, signIn, signOut, stranger, trySignIn } from "../browser/person.mjs";
import { story } from "../browser/story.mjs";
import { addTask } from "../browser/tasks.mjs";

export default (stage) =>
  story(stage, "Somebody signs up, keeps tasks, signs out and in again", async ({ setup, mails, visit }) => {
    const ann = stranger();
    const visitor = await visit("ann");
    await visitor.goto("/dashboard");
    await visitor.arrives("/sign-in");
    await visitor.shot("sent-to-sign-in");

    await askForAccount(visitor, ann);
    await visitor.shot("look-into-your-mail");
    visitor.expects(/sign-in\/email: 403/);
    await trySignIn(visitor, ann);
    await visitor.sees("This address is not confirmed yet");
    await visitor.shot("not-confirmed");

    const { subject, link } = await mails.next(ann.email);
    assert.match(subject, /\S/);
    assert.ok(link.startsWith(`${setup.issuer}/api/auth/verify-email?`), link);
    await visitor.goto(link);
    await visitor.arrives("/dashboard");
    await visitor.sees("Nothing to do");
    await visitor.shot("dashboard");

    await addTask(visitor, "Buy milk");
    await addTask(visitor, "Call the plumber");
    await visitor.tick("Buy milk");
    await visitor.press("Rename Call the plumber");
    await visitor.fill("Title", "Call the electrician");
    await visitor.press("Save");
    await visitor.sees("Call the electrician");
    await visitor.page.reload();
    await visitor.sees("Buy milk");
    assert.equal(await visitor.page.getByLabel("Buy milk", { exact: true }).isChecked(), true);
    await visitor.press("Delete Buy milk");
    await visitor.seesNoMore("Delete Buy milk");
    await visitor.shot("tasks");

    const [cookie, ...others] = (await visitor.context.cookies()).filter(({ name }) => name.includes("session_token"));
    assert.deepEqual([cookie.httpOnly, cookie.sameSite, others], [true, "Lax", []]);

    await signOut(visitor);
    await visitor.shot("signed-out");
    assert.deepEqual((await visitor.context.cookies()).filter(({ name }) => name.includes("session")), []);
    await visitor.goto("/dashboard");
    await visitor.arrives("/sign-in");
    await signIn(visitor, ann);
    await visitor.sees("Call the electrician");
  });
