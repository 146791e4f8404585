import assert from "node:assert/strict";
import { codeOf } from "../browser/authenticator.mjs";
import { signOut, signUp, stranger, trySignIn } from "../browser/person.mjs";
import { story } from "../browser/story.mjs";

export default (stage) =>
  story(stage, "A second factor is set up, asked for, and replaced by a backup code", async ({ mails, visit }) => {
    const ann = stranger();
    const visitor = await visit("ann");
    await signUp(visitor, ann, mails);
    const { secret, backupCodes } = await setUp(visitor, ann);
    await signOut(visitor);

    await trySignIn(visitor, ann);
    await visitor.arrives("/two-factor");
    await visitor.goto("/dashboard"); // the password alone opens nothing
    await visitor.arrives("/sign-in");
    await trySignIn(visitor, ann);
    await visitor.arrives("/two-factor");
    visitor.expects(/verify-totp: 401/);
    await visitor.fill("Code", "000000");
    await visitor.press("Continue");
    await visitor.sees("This code is not right.");
    await visitor.shot("wrong-code");
    await visitor.fill("Code", codeOf(secret, 1));
    await visitor.press("Continue");
    await visitor.arrives("/dashboard");
    await visitor.shot("in-with-the-app");

    const lost = await visit("without-the-phone");
    await trySignIn(lost, ann);
    await lost.arrives("/two-factor");
    await lost.press("Use a backup code instead");
    await lost.fill("Backup code", backupCodes[0]);
    await lost.shot("backup-code");
    await lost.press("Continue");
    await lost.arrives("/dashboard");
    await lost.sees(`Signed in as ${ann.name}`);
  });

async function setUp(visitor, { password }) {
  await visitor.follow("Account");
  const section = visitor.section("Two-factor sign-in");
  await section.fill("Your password", password);
  await section.press("Set up two-factor");
  await section.sees("Scan this with your authenticator app");
  await visitor.shot("qr-code");
  const secret = await section.place.locator(".secret").innerText();
  await section.fill("Code", codeOf(secret));
  await section.press("Turn on two-factor");
  await section.sees("These are your backup codes");
  await visitor.shot("backup-codes");
  const backupCodes = await section.place.getByRole("list", { name: "Backup codes" }).getByRole("listitem").allInnerTexts();
  assert.equal(backupCodes.length, 10);
  await section.press("I have kept them");
  await section.sees("Two-factor is on");
  return { secret, backupCodes };
}
