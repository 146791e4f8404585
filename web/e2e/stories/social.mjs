import assert from "node:assert/strict";
import { signOut, stranger, trySignIn } from "../browser/person.mjs";
import { allow, refuse, windowOf } from "../browser/provider.mjs";
import { story } from "../browser/story.mjs";

export default (stage) => {
  story(stage, "Somebody new comes from another site, comes back, and adds and removes ways to sign in", async ({ mails, visit }) => {
    const [ann, other] = [stranger(), stranger("Other")];
    const visitor = await visit("ann");
    await visitor.goto("/sign-up");
    await visitor.press("Continue with GitLab");
    await visitor.sees("gitlab.com of the tests");
    await allow(visitor.page, ann);
    await visitor.arrives("/dashboard");
    await visitor.sees(`Signed in as ${ann.name}`);
    await signOut(visitor);
    await visitor.goto("/account");
    await visitor.arrives("/sign-in");
    await visitor.press("Continue with GitLab");
    await allow(visitor.page, ann);
    await visitor.arrives("/account"); // where it was going
    await visitor.sees(ann.email.toLowerCase());
    await visitor.sees("You have no password.");

    const ways = visitor.section("How you sign in");
    await ways.press("Add Acme Inc.");
    await allow(visitor.page, other);
    await visitor.sees("That account has another e-mail address than yours here.");
    await visitor.shot("another-address");
    await ways.press("Add Acme Inc.");
    await allow(visitor.page, ann);
    await visitor.sees("You can sign in this way from now on.");
    await visitor.shot("added");

    await ways.press("Remove GitLab");
    await ways.sees("GitLab is removed.");
    visitor.expects(/unlink-account: 400/);
    await ways.press("Remove Acme Inc.");
    await ways.sees("This is the only way in that you have.");
    await visitor.shot("the-last-one");
    const password = await setPassword(visitor, ann, mails);
    await trySignIn(visitor, { ...ann, password });
    await visitor.arrives("/dashboard");
    await visitor.follow("Account");
    await ways.press("Remove Acme Inc.");
    await ways.sees("Acme Inc. is removed.");
    await visitor.shot("password-alone");
  });

  story(stage, "A window leads in, and whatever goes wrong there or at the other site is told in words", async ({ visit }) => {
    const ann = stranger();
    const visitor = await visit("ann");
    await visitor.page.addInitScript(hearLate, 600);
    await visitor.goto("/sign-up");
    await visitor.press("Continue with GitLab");
    await refuse(visitor.page);
    await visitor.arrives("/sign-up");
    await visitor.sees("You did not let the other site tell us who you are.");
    await visitor.shot("refused");
    await visitor.goto("/sign-in?next=%2Faccount&error=%3Cb%3EPay+here%3C%2Fb%3E");
    await visitor.sees("That did not work. Please try again.");

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
    await visitor.section("How you sign in").sees("Acme Inc.");
    await visitor.shot("in");

    await signOut(visitor);
    await visitor.goto("/account");
    await visitor.press("Continue with GitLab");
    await allow(visitor.page, { ...ann, confirmed: false });
    await visitor.arrives("/sign-in");
    await visitor.sees("There is an account with this address already.");
    assert.equal(new URL(visitor.page.url()).searchParams.get("next"), "/account");
    await visitor.shot("not-linked");
  });
};

/** Has a page hear messages as late as one that is busy: later than its client looks whether a window is closed. */
function hearLate(late) {
  const add = window.addEventListener;
  window.addEventListener = (kind, hear, ...more) =>
    add.call(window, kind, kind === "message" ? (event) => setTimeout(() => hear(event), late) : hear, ...more);
}

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
  return `new-${password}`;
}
