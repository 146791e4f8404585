// What people do with their own account: name, fields, password, address, login methods, farewell.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAuthClient } from "better-auth/client";
import { inferAdditionalFields } from "better-auth/client/plugins";
import { createBrowser } from "./browser.mjs";
import { newClient, ok, refused, signIn, signUp } from "./clients.mjs";
import { authURL, pageOrigin, stranger } from "./target.mjs";

test("updateUser changes name and image, and the session shows them", async () => {
  const { client } = await signUp();
  assert.deepEqual(ok(await client.updateUser({ name: "Grace", image: "https://example.com/g.png" })), { status: true });
  const { user } = ok(await client.getSession());
  assert.deepEqual([user.name, user.image], ["Grace", "https://example.com/g.png"]);
  assert.ok(user.updatedAt > user.createdAt);
});

test("updateUser does not change the address", async () => {
  const { client } = await signUp();
  refused(await client.updateUser({ email: stranger().email }), 400, "EMAIL_CAN_NOT_BE_UPDATED");
});

test("further fields of user and session, on sign-up and later", async () => {
  const client = createAuthClient({
    baseURL: authURL,
    plugins: [inferAdditionalFields({ user: { nickname: { type: "string" } }, session: { theme: { type: "string" } } })],
    fetchOptions: { customFetchImpl: createBrowser(pageOrigin).fetch },
  });
  const { user } = ok(await client.signUp.email({ ...stranger(), nickname: "ada" }));
  assert.equal(user.nickname, "ada");
  ok(await client.updateUser({ nickname: "countess" }));
  const { session } = ok(await client.updateSession({ theme: "dark" }));
  assert.equal(session.theme, "dark");
  const seen = ok(await client.getSession());
  assert.deepEqual([seen.user.nickname, seen.session.theme], ["countess", "dark"]);
  assert.equal(seen.user.plan, "free", "what clients may not set has its default");
  refused(await client.updateUser({ plan: "gold" }), 400, "FIELD_NOT_ALLOWED");
});

test("changePassword needs the old one, and ends the other sessions when told", async () => {
  const { client, person } = await signUp();
  const other = await signIn(person);
  const newPassword = `new-${person.password}`;
  const wrong = { currentPassword: "not the password", newPassword };
  refused(await client.changePassword(wrong), 400, "INVALID_PASSWORD");
  const { token } = ok(
    await client.changePassword({ currentPassword: person.password, newPassword, revokeOtherSessions: true }),
  );
  assert.equal(ok(await client.getSession()).session.token, token);
  assert.equal(ok(await other.client.getSession()), null);
  refused(await newClient().client.signIn.email(person), 401, "INVALID_EMAIL_OR_PASSWORD");
  ok(await newClient().client.signIn.email({ ...person, password: newPassword }));
});

test("changeEmail changes an unproven address at once", async () => {
  const { client, person } = await signUp();
  const newEmail = stranger().email.toLowerCase();
  assert.deepEqual(ok(await client.changeEmail({ newEmail })), { status: true });
  assert.equal(ok(await client.getSession()).user.email, newEmail);
  ok(await newClient().client.signIn.email({ email: newEmail, password: person.password }));
});

test("listAccounts shows the login methods, of which the last cannot be unlinked", async () => {
  const { client, user } = await signUp();
  const [account, ...more] = ok(await client.listAccounts());
  assert.deepEqual(more, []);
  assert.deepEqual([account.providerId, account.userId, account.password], ["credential", user.id, undefined]);
  refused(await client.unlinkAccount({ accountId: account.id }), 400, "FAILED_TO_UNLINK_LAST_ACCOUNT");
  const info = await client.accountInfo({ query: { accountId: account.id } });
  assert.equal(info.data, null);
  assert.equal(info.error.status, 400, "the password is no provider");
});

test("deleteUser ends user and sessions", async () => {
  const { client, person, sessionCookie } = await signUp();
  const other = await signIn(person);
  refused(await client.deleteUser({ password: "not the password" }), 400, "INVALID_PASSWORD");
  assert.equal(ok(await client.deleteUser({ password: person.password })).success, true);
  assert.equal(await sessionCookie(), undefined);
  assert.equal(ok(await other.client.getSession()), null);
  refused(await newClient().client.signIn.email(person), 401, "INVALID_EMAIL_OR_PASSWORD");
});

test("without a session, what needs one answers 401", async () => {
  const { client } = newClient();
  const calls = {
    updateUser: { name: "x" },
    updateSession: { theme: "x" },
    changePassword: { currentPassword: "x", newPassword: "xxxxxxxx" },
    changeEmail: { newEmail: "x@example.com" },
    unlinkAccount: { accountId: "x" },
    listAccounts: undefined,
    deleteUser: {},
  };
  for (const [name, body] of Object.entries(calls)) {
    const { error } = await client[name](body);
    assert.equal(error?.status, 401, name);
  }
});
