import assert from "node:assert/strict";
import { signOut, signUp, stranger, trySignIn } from "../browser/person.mjs";
import { allow, refuse, windowOf } from "../browser/provider.mjs";
import { story } from "../browser/story.mjs";
import { addTask } from "../browser/tasks.mjs";

export default (stage) => {
  story(stage, "Somebody new comes from another site, goes, and comes back to the same account", async ({ visit }) => {
    const ann = stranger();
    const visitor = await visit("ann");
    await visitor.goto("/sign-up");
    await visitor.press("Continue with GitLab");
    await visitor.sees("gitlab.com of the tests");
    await visitor.shot("at-the-other-site");
    await allow(visitor.page, ann);
    await visitor.arrives("/dashboard");
    await visitor.sees(`Signed in as ${ann.name}`);
    await addTask(visitor, "Buy milk");
    await signOut(visitor);

    await visitor.goto("/account");
    await visitor.arrives("/sign-in");
    await visitor.press("Continue with GitLab");
    await allow(visitor.page, ann);
    await visitor.arrives("/account"); // where it was going
    await visitor.sees(ann.email.toLowerCase());
    await visitor.follow("Dashboard");
    await visitor.sees("Buy milk");
  });

  story(stage, "Whoever refuses at the other site, or has an account already, is told so in words", async ({ mails, visit }) => {
    const ann = stranger();
    const visitor = await visit("ann");
    await visitor.goto("/sign-up");
    await visitor.press("Continue with GitLab");
    await refuse(visitor.page);
    await visitor.arrives("/sign-up");
    await visitor.sees("You did not let the other site tell us who you are.");
    await visitor.shot("refused");
    await visitor.goto("/sign-in?next=%2Faccount&error=%3Cb%3EPay+here%3C%2Fb%3E");
    await visitor.sees("That did not work. Please try again.");

    await signUp(await visit("another"), ann, mails);
    await visitor.press("Continue with GitLab");
    await allow(visitor.page, { ...ann, confirmed: false });
    await visitor.arrives("/sign-in");
    await visitor.sees("There is an account with this address already.");
    assert.equal(new URL(visitor.page.url()).searchParams.get("next"), "/account");
    await visitor.shot("not-linked");
  });

  story(stage, "A window of its own leads in, or is closed, and the page stays where it is", async ({ visit }) => {
    const ann = stranger();
    const visitor = await visit("ann");
    await visitor.goto("/sign-in?next=%2Faccount");
    const closed = await windowOf(visitor, "Continue with Acme Inc.");
    await closed.getByText("idp.test of the tests").waitFor();
    await closed.close();
    await visitor.sees("The window was closed before you were signed in.");
    await visitor.shot("closed");

    const refused = await windowOf(visitor, "Continue with Acme Inc.");
    await refuse(refused);
    await visitor.sees("You did not let the other site tell us who you are.");
    assert.ok(refused.isClosed());

    await allow(await windowOf(visitor, "Continue with Acme Inc."), ann);
    await visitor.arrives("/account");
    await visitor.sees(ann.email.toLowerCase());
    await visitor.section("How you sign in").sees("Acme Inc.");
    await visitor.shot("in");
  });

  story(stage, "Ways to sign in are added and removed, all but the last", async ({ mails, visit }) => {
    const [ann, other] = [stranger(), stranger("Other")];
    const visitor = await visit("ann");
    await signUp(visitor, ann, mails);
    await visitor.follow("Account");
    const ways = visitor.section("How you sign in");
    await ways.press("Add GitLab");
    await allow(visitor.page, other);
    await visitor.sees("That account has another e-mail address than yours here.");
    await visitor.shot("another-address");
    await ways.press("Add GitLab");
    await allow(visitor.page, ann);
    await visitor.sees("You can sign in this way from now on.");
    await visitor.shot("added");

    await ways.press("Remove Password");
    await ways.sees("Password is removed.");
    await visitor.sees("You have no password.");
    visitor.expects(/unlink-account: 400/);
    await ways.press("Remove GitLab");
    await ways.sees("This is the only way in that you have.");
    await visitor.shot("the-last-one");
    await setPassword(visitor, ann, mails);
    await trySignIn(visitor, { ...ann, password: `new-${ann.password}` });
    await visitor.arrives("/dashboard");
    await visitor.follow("Account");
    await ways.press("Remove GitLab");
    await ways.sees("GitLab is removed.");
    await visitor.shot("password-again");
  });
};

/** Whoever has none gets one by mail, which ends all sessions. */
async function setPassword(visitor, { email, password }, mails) {
  const section = visitor.section("Password");
  await section.press("Send me a link");
  await section.sees("We have sent a link to");
  const { link } = await mails.next(email);
  await visitor.goto(link);
  await visitor.fill("New password", `new-${password}`);
  await visitor.press("Set password");
  await visitor.arrives("/sign-in");
}
