// What goes by mail, on a server that asks for proof of every address. Needs SALLYPORT_MAILING_URL.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createAuthClient } from "better-auth/client";
import { createBrowser } from "./browser.mjs";
import { ok, refused } from "./clients.mjs";
import { openInbox } from "./inbox.mjs";
import { mailing, pageOrigin, stranger } from "./target.mjs";

const skip = mailing ? false : "there is no SALLYPORT_MAILING_URL";
const inbox = mailing && (await openInbox(mailing.inbox, mailing.secret));
after(() => inbox?.close());

function newClient() {
  const browser = createBrowser(pageOrigin);
  const client = createAuthClient({ baseURL: mailing.url, fetchOptions: { customFetchImpl: browser.fetch } });
  /** Follows a mailed link in the same browser, to where it sends the reader. */
  const follow = async (url) => (await browser.fetch(url, { redirect: "manual" })).headers.get("location");
  const has = async (name) => (await browser.cookie(`better-auth.${name}`, `${mailing.url}/api/auth`)) !== undefined;
  return { client, follow, has };
}

/** A client whose person has signed up and followed the link. */
async function verified() {
  const it = newClient();
  const person = stranger();
  const { token } = ok(await it.client.signUp.email({ ...person, callbackURL: "/welcome" }));
  assert.equal(token, null);
  const mail = await inbox.next("sendVerificationEmail", person.email);
  assert.match(await it.follow(mail.url), /\/welcome$/);
  return { ...it, person, mail };
}

test("the link of the sign-up proves the address and signs in, once", { skip }, async () => {
  const { client, has, mail, person } = await verified();
  assert.equal(ok(await client.getSession()).user.emailVerified, true);
  assert.deepEqual([await has("session_token"), await has("session_data")], [true, true]);
  const another = newClient();
  await another.follow(mail.url);
  assert.equal(ok(await another.client.getSession()), null, "a link that was used signs nobody in");
  ok(await another.client.signIn.email({ email: person.email, password: person.password }));
});

test("sendVerificationEmail and verifyEmail", { skip }, async () => {
  const { client } = newClient();
  const person = stranger();
  ok(await client.signUp.email(person));
  await inbox.next("sendVerificationEmail", person.email);
  refused(await client.signIn.email({ email: person.email, password: person.password }), 403, "EMAIL_NOT_VERIFIED");
  assert.deepEqual(ok(await client.sendVerificationEmail({ email: person.email })), { status: true });
  const { token } = await inbox.next("sendVerificationEmail", person.email);
  assert.equal(ok(await client.verifyEmail({ query: { token } })).status, true);
  assert.equal(ok(await client.getSession()).user.emailVerified, true);
  const wrong = await client.verifyEmail({ query: { token: `${token}x` } });
  refused(wrong, 401, "INVALID_TOKEN");
});

test("requestPasswordReset and resetPassword", { skip }, async () => {
  const { client, person, follow } = await verified();
  const redirectTo = `${pageOrigin}/reset`;
  const known = ok(await client.requestPasswordReset({ email: person.email, redirectTo }));
  const unknown = ok(await client.requestPasswordReset({ email: stranger().email, redirectTo }));
  assert.deepEqual(unknown, known, "strangers learn nothing");
  const { url, token } = await inbox.next("sendResetPassword", person.email);
  assert.equal(await follow(url), `${redirectTo}?token=${token}`);
  const newPassword = `new-${person.password}`;
  assert.deepEqual(ok(await client.resetPassword({ newPassword, token })), { status: true });
  refused(await client.resetPassword({ newPassword, token }), 400, "INVALID_TOKEN");
  ok(await newClient().client.signIn.email({ email: person.email, password: newPassword }));
});

test("changeEmail asks the old address, then the new one", { skip }, async () => {
  const { client, person, follow } = await verified();
  const newEmail = stranger().email.toLowerCase();
  assert.deepEqual(ok(await client.changeEmail({ newEmail, callbackURL: "/changed" })), { status: true });
  const asked = await inbox.next("sendChangeEmailConfirmation", person.email);
  assert.equal(asked.newEmail, newEmail);
  await follow(asked.url);
  const proof = await inbox.next("sendVerificationEmail", newEmail);
  assert.equal(ok(await client.getSession()).user.email, person.email.toLowerCase(), "not before it is proven");
  await follow(proof.url);
  const { user } = ok(await client.getSession({ query: { disableCookieCache: true } }));
  assert.deepEqual([user.email, user.emailVerified], [newEmail, true]);
});

test("deleteUser asks by mail", { skip }, async () => {
  const { client, person, follow } = await verified();
  assert.equal(ok(await client.deleteUser({ callbackURL: "/bye" })).message, "Verification email sent");
  assert.notEqual(ok(await client.getSession()), null);
  const { url } = await inbox.next("sendDeleteAccountVerification", person.email);
  assert.match(await follow(url), /\/bye$/);
  assert.equal(ok(await client.getSession()), null);
  refused(await client.signIn.email({ email: person.email, password: person.password }), 401, "INVALID_EMAIL_OR_PASSWORD");
});

test("deferred refresh: GET tells, POST does", { skip }, async () => {
  const { client } = await verified();
  const read = ok(await client.getSession({ query: { disableCookieCache: true } }));
  assert.equal(read.needsRefresh, false);
  const posted = ok(await client.getSession({ fetchOptions: { method: "POST" } }));
  assert.equal(posted.session.token, read.session.token);
});
