// The stock client with usernameClient: sign-up, sign-in, a free name, a new one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAuthClient } from "better-auth/client";
import { usernameClient } from "better-auth/client/plugins";
import { createBrowser } from "./browser.mjs";
import { ok, refused } from "./clients.mjs";
import { authURL, pageOrigin, stranger } from "./target.mjs";

function newClient() {
  const browser = createBrowser(pageOrigin);
  return createAuthClient({
    baseURL: authURL,
    plugins: [usernameClient()],
    fetchOptions: { customFetchImpl: browser.fetch },
  });
}

/** Names are only once in a database: this one is nobody's yet. */
const newName = () => `Una_${crypto.randomUUID().slice(0, 8)}`;

test("a user signs up with a name and in by it, in any case", async () => {
  const person = stranger();
  const username = newName();
  const { user } = ok(await newClient().signUp.email({ ...person, username }));
  assert.deepEqual([user.username, user.displayUsername], [username.toLowerCase(), username]);

  const client = newClient();
  const answer = ok(await client.signIn.username({ username: username.toUpperCase(), password: person.password, rememberMe: false }));
  assert.equal(answer.user.id, user.id);
  const session = ok(await client.getSession());
  assert.deepEqual([session.user.username, session.session.token], [username.toLowerCase(), answer.token]);
});

test("a wrong password and an unknown name are one refusal", async () => {
  const username = newName();
  ok(await newClient().signUp.email({ ...stranger(), username }));
  const wrong = refused(await newClient().signIn.username({ username, password: "another password" }), 401, "INVALID_USERNAME_OR_PASSWORD");
  const unknown = refused(await newClient().signIn.username({ username: newName(), password: "another password" }), 401, "INVALID_USERNAME_OR_PASSWORD");
  assert.deepEqual(wrong, unknown);
  refused(await newClient().signIn.username({ username: "x", password: "another password" }), 422, "USERNAME_TOO_SHORT");
});

test("a free name is found and taken", async () => {
  const client = newClient();
  const username = newName();
  const taken = newName();
  ok(await newClient().signUp.email({ ...stranger(), username: taken }));
  ok(await client.signUp.email(stranger()));
  assert.equal(ok(await client.isUsernameAvailable({ username })).available, true);
  ok(await client.updateUser({ username, displayUsername: "Una the First" }));
  assert.equal(ok(await client.isUsernameAvailable({ username })).available, false);
  const { user } = ok(await client.getSession());
  assert.deepEqual([user.username, user.displayUsername], [username.toLowerCase(), "Una the First"]);

  refused(await client.updateUser({ username: taken }), 400, "USERNAME_IS_ALREADY_TAKEN");
  refused(await client.updateUser({ username: "not a name" }), 400, "INVALID_USERNAME");
  refused(await newClient().signUp.email({ ...stranger(), username: taken }), 400, "USERNAME_IS_ALREADY_TAKEN");
});
