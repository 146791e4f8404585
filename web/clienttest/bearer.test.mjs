// The client without cookies: the session token goes into the Authorization
// header, as the documentation of better-auth's bearer plugin tells its users.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAuthClient } from "better-auth/client";
import { jwtClient } from "better-auth/client/plugins";
import { createBrowser } from "./browser.mjs";
import { ok, refused } from "./clients.mjs";
import { authURL, pageOrigin, stranger } from "./target.mjs";

function newBearerClient(storage = new Map()) {
  const browser = createBrowser(pageOrigin);
  const client = createAuthClient({
    baseURL: authURL,
    plugins: [jwtClient()],
    fetchOptions: {
      customFetchImpl: browser.fetch,
      credentials: "omit",
      auth: { type: "Bearer", token: () => storage.get("bearer_token") ?? "" },
      onSuccess: ({ response }) => {
        const token = response.headers.get("set-auth-token");
        if (token) storage.set("bearer_token", token);
      },
    },
  });
  return { client, browser, storage };
}

test("the token of set-auth-token stands for the cookie", async () => {
  const person = stranger();
  const { client, browser, storage } = newBearerClient();
  const { user, token } = ok(await client.signUp.email(person));
  assert.match(storage.get("bearer_token"), new RegExp(`^${token}\\.[A-Za-z0-9+/]{43}=$`));
  assert.deepEqual(await browser.jar.getCookies(authURL), []);

  assert.equal(ok(await client.getSession()).user.id, user.id);
  assert.equal(ok(await client.listSessions()).length, 1);
  assert.match(ok(await client.token()).token, /^[\w-]+\.[\w-]+\.[\w-]+$/);
});

test("the unsigned token of the body works as well", async () => {
  const { client } = newBearerClient();
  const { user, token } = ok(await client.signUp.email(stranger()));
  const other = newBearerClient(new Map([["bearer_token", token]])).client;
  assert.equal(ok(await other.getSession()).user.id, user.id);
});

test("sign-out ends the session of the token", async () => {
  const { client } = newBearerClient();
  ok(await client.signUp.email(stranger()));
  ok(await client.signOut());
  assert.equal(ok(await client.getSession()), null);
  refused(await client.token(), 401, "UNAUTHORIZED");
});

test("a token with a foreign signature is nobody", async () => {
  const { client, storage } = newBearerClient();
  const { token } = ok(await client.signUp.email(stranger()));
  storage.set("bearer_token", `${token}.${Buffer.alloc(32).toString("base64")}`);
  assert.equal(ok(await client.getSession()), null);
});
