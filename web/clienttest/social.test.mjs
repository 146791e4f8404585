// Signing in with other sites: by redirect, by ID token, with One Tap; adding and removing them; their tokens.
import assert from "node:assert/strict";
import { test } from "node:test";
import { BASE_ERROR_CODES } from "@better-auth/core/error";
import { createAuthClient } from "better-auth/client";
import { oneTapClient } from "better-auth/client/plugins";
import { createBrowser } from "./browser.mjs";
import { ok, refused } from "./clients.mjs";
import { consent, googleToken, personOf } from "./provider.mjs";
import { pageOrigin, socialURL, stranger } from "./target.mjs";

function newClient() {
  const browser = createBrowser(pageOrigin);
  const plugins = [oneTapClient({ clientId: "google-client" })];
  const client = createAuthClient({ baseURL: socialURL, plugins, fetchOptions: { customFetchImpl: browser.fetch } });
  return { client, browser };
}

const at = (path) => `${pageOrigin}${path}`;
const wanted = { callbackURL: at("/in"), newUserCallbackURL: at("/welcome"), errorCallbackURL: at("/sorry?a=1") };

/** Carries a browser from the address of an authorization to where it ends. */
async function follow({ browser }, { url }, script) {
  const answer = await browser.fetch(await consent(url, script), { redirect: "manual" });
  assert.equal(answer.status, 302);
  return answer.headers.get("location");
}

/** Signs in by a redirect, as that person at the other site. */
async function comeBy(provider, person, it = newClient()) {
  const begun = ok(await it.client.signIn.social({ provider, ...wanted }));
  const landed = await follow(it, begun, personOf(person));
  return { ...it, landed };
}

for (const provider of ["gitlab", "google", "acme"]) {
  test(`somebody comes by ${provider}, and comes back as the same user`, async () => {
    const person = stranger();
    const first = await comeBy(provider, person);
    assert.equal(first.landed, wanted.newUserCallbackURL);
    const { user } = ok(await first.client.getSession());
    assert.deepEqual([user.name, user.email, user.emailVerified], [person.name, person.email.toLowerCase(), true]);
    const [account, ...more] = ok(await first.client.listAccounts());
    assert.deepEqual([account.providerId, account.accountId, more], [provider, person.email.toLowerCase(), []]);
    assert.ok(account.scopes.length > 0);
    assert.equal(account.accessToken, undefined, "tokens are given out when they are asked for");

    const again = await comeBy(provider, person);
    assert.equal(again.landed, wanted.callbackURL);
    assert.equal(ok(await again.client.getSession()).user.id, user.id);
  });
}

test("signIn.social names the address, and whether the client goes there", async () => {
  const { client } = newClient();
  const begun = ok(await client.signIn.social({ provider: "gitlab", scopes: ["read_api"], loginHint: "ada@example.com" }));
  assert.equal(begun.redirect, true);
  const query = new URL(begun.url).searchParams;
  assert.equal(query.get("redirect_uri"), `${socialURL}/api/auth/callback/gitlab`);
  assert.equal(query.get("login_hint"), "ada@example.com");
  assert.match(query.get("scope"), /read_api/);
  assert.equal(ok(await client.signIn.social({ provider: "gitlab", disableRedirect: true })).redirect, false);
});

test("whoever refuses at the other site comes back with the error, and without a session", async () => {
  const it = newClient();
  const begun = ok(await it.client.signIn.social({ provider: "gitlab", ...wanted }));
  const landed = await follow(it, begun, { callback: { error: "access_denied", code: null } });
  assert.equal(landed, at("/sorry?a=1&error=access_denied"));
  assert.equal(ok(await it.client.getSession()), null);
});

test("signIn.social is refused with the codes that the client knows", async () => {
  const { client } = newClient();
  const { message } = refused(await client.signIn.social({ provider: "nobody" }), 404, "PROVIDER_NOT_FOUND");
  assert.equal(message, BASE_ERROR_CODES.PROVIDER_NOT_FOUND.message);
  const elsewhere = { provider: "gitlab", callbackURL: "https://elsewhere.example.org/" };
  refused(await client.signIn.social(elsewhere), 403, "INVALID_CALLBACK_URL");
  const noToken = { provider: "gitlab", idToken: { token: "a.b.c" } };
  refused(await client.signIn.social(noToken), 404, "ID_TOKEN_NOT_SUPPORTED");
});

test("signIn.social takes an ID token, when it is the provider's", async () => {
  const person = stranger();
  const { client } = newClient();
  const token = await googleToken("google-client", person);
  const { user, redirect } = ok(await client.signIn.social({ provider: "google", idToken: { token } }));
  assert.deepEqual([user.email, redirect], [person.email.toLowerCase(), false]);
  assert.equal(ok(await client.getSession()).user.id, user.id);

  const others = await googleToken("another-client", person);
  refused(await newClient().client.signIn.social({ provider: "google", idToken: { token: others } }), 401, "INVALID_TOKEN");
});

test("oneTap signs in with the token that Google's script gives", async (t) => {
  const person = stranger();
  const { client } = newClient();
  const credential = await googleToken("google-client", person);
  // What Google's script leaves in a page, whose user agrees at once.
  let agreed;
  const id = { initialize: ({ callback }) => (agreed = callback), prompt: () => agreed({ credential }) };
  globalThis.window = { document: {}, googleScriptInitialized: true, google: { accounts: { id } } };
  t.after(() => delete globalThis.window);
  await client.oneTap({ fetchOptions: { throw: true } });
  delete globalThis.window;
  assert.equal(ok(await client.getSession()).user.email, person.email.toLowerCase());
  const [account] = ok(await client.listAccounts());
  assert.deepEqual([account.providerId, account.accountId], ["google", person.email.toLowerCase()]);
});

test("linkSocial adds a way to sign in, unlinkAccount removes it, and the last one stays", async () => {
  const person = stranger();
  const it = await comeBy("gitlab", person);
  const link = { provider: "google", callbackURL: at("/account"), errorCallbackURL: at("/account?sorry") };
  const other = await follow(it, ok(await it.client.linkSocial(link)), personOf(stranger()));
  assert.equal(other, at("/account?sorry&error=email_does_not_match"));
  assert.equal(await follow(it, ok(await it.client.linkSocial(link)), personOf(person)), link.callbackURL);

  const accounts = ok(await it.client.listAccounts());
  assert.deepEqual(accounts.map(({ providerId }) => providerId).toSorted(), ["gitlab", "google"]);
  const { user } = ok(await it.client.getSession());
  assert.equal(ok(await (await comeBy("google", person)).client.getSession()).user.id, user.id);

  const [gitlab, google] = ["gitlab", "google"].map((name) => accounts.find(({ providerId }) => providerId === name));
  refused(await newClient().client.unlinkAccount({ accountId: google.id }), 401, "UNAUTHORIZED");
  refused(await it.client.unlinkAccount({ accountId: "none" }), 400, "ACCOUNT_NOT_FOUND");
  assert.deepEqual(ok(await it.client.unlinkAccount({ accountId: google.id })), { status: true });
  const { message } = refused(await it.client.unlinkAccount({ accountId: gitlab.id }), 400, "FAILED_TO_UNLINK_LAST_ACCOUNT");
  assert.equal(message, BASE_ERROR_CODES.FAILED_TO_UNLINK_LAST_ACCOUNT.message);
});

test("linkSocial needs a session", async () => {
  refused(await newClient().client.linkSocial({ provider: "gitlab" }), 401, "UNAUTHORIZED");
});

test("the provider's tokens are given out, renewed, and tell of their owner", async () => {
  const person = stranger();
  const it = await comeBy("gitlab", person);
  const [{ id: accountId }] = ok(await it.client.listAccounts());
  const held = ok(await it.client.getAccessToken({ accountId }));
  assert.ok(held.accessToken);
  assert.ok(held.accessTokenExpiresAt > new Date());

  const renewed = ok(await it.client.refreshToken({ accountId }));
  assert.notEqual(renewed.accessToken, held.accessToken);
  assert.deepEqual([renewed.providerId, renewed.accountId], ["gitlab", accountId]);
  assert.equal(ok(await it.client.getAccessToken({ accountId })).accessToken, renewed.accessToken);

  const info = ok(await it.client.accountInfo({ query: { accountId } }));
  assert.equal(info.user.email, person.email);
  assert.equal(info.account.providerId, "gitlab");
  assert.equal(info.data.name, person.name, "the profile is the provider's own");
});

test("tokens are nobody else's, and a provider that refuses is told as such", async () => {
  const person = stranger();
  const it = await comeBy("gitlab", person);
  const [{ id: accountId }] = ok(await it.client.listAccounts());
  const stranger2 = await comeBy("google", stranger());
  refused(await stranger2.client.getAccessToken({ accountId }), 400, "ACCOUNT_NOT_FOUND");
  refused(await newClient().client.getAccessToken({ accountId }), 401, undefined); // without words

  const begun = ok(await newClient().client.signIn.social({ provider: "gitlab" }));
  await consent(begun.url, { token: "400" }); // what the provider says to all from now on
  refused(await it.client.refreshToken({ accountId }), 400, "FAILED_TO_REFRESH_ACCESS_TOKEN");
  ok(await it.client.getAccessToken({ accountId })); // it has not ended yet
});
