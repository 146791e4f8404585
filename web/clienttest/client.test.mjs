// The framework-free client: better-auth/client.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createAuthClient } from "better-auth/client";
import { newClient, ok, refused, signUp } from "./clients.mjs";
import { authURL, stranger } from "./target.mjs";

test("sign-up gives a user, a session and a cookie", async () => {
  const { client, person, user, token, sessionCookie } = await signUp();
  assert.equal(user.name, person.name);
  assert.equal(user.email, person.email.toLowerCase());
  assert.equal(user.emailVerified, false);
  assert.equal(user.image, null);
  assert.ok(user.createdAt instanceof Date, "the client turns dates into Date");

  const cookie = await sessionCookie();
  assert.equal(decodeURIComponent(cookie.value).split(".")[0], token);
  assert.deepEqual(
    [cookie.httpOnly, cookie.secure, cookie.sameSite, cookie.path, cookie.maxAge],
    [true, false, "lax", "/", 7 * 24 * 3600],
  );

  const session = ok(await client.getSession());
  assert.deepEqual(session.user, user);
  assert.equal(session.session.token, token);
  assert.equal(session.session.userId, user.id);
});

test("sign-up of a known address is refused", async () => {
  const { person } = await signUp();
  const answer = await newClient().client.signUp.email(person);
  refused(answer, 422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL");
});

test("sign-in with the right password, whatever the case of the address", async () => {
  const { person, user } = await signUp();
  const { client } = newClient();
  const answer = ok(await client.signIn.email({ email: person.email.toUpperCase(), password: person.password }));
  assert.equal(answer.redirect, false);
  assert.equal(answer.user.id, user.id);
  assert.equal(ok(await client.getSession()).session.token, answer.token);
});

test("sign-in with a wrong password or an unknown address is refused alike", async () => {
  const { person } = await signUp();
  const { client, sessionCookie } = newClient();
  for (const email of [person.email, stranger().email]) {
    const answer = await client.signIn.email({ email, password: "not the password" });
    const error = refused(answer, 401, "INVALID_EMAIL_OR_PASSWORD");
    assert.equal(error.message, "Invalid email or password");
  }
  assert.equal(await sessionCookie(), undefined);
});

test("rememberMe: false makes a cookie that ends with the browser", async () => {
  const { person } = await signUp();
  const { client, sessionCookie } = newClient();
  ok(await client.signIn.email({ email: person.email, password: person.password, rememberMe: false }));
  const cookie = await sessionCookie();
  assert.equal(cookie.maxAge, null);
  assert.equal(cookie.expires, "Infinity");
});

test("sign-out ends the session and removes the cookie", async () => {
  const { client, browser, sessionCookie } = await signUp();
  const before = (await sessionCookie()).cookieString();
  assert.deepEqual(ok(await client.signOut()), { success: true });
  assert.equal(await sessionCookie(), undefined);
  assert.equal(ok(await client.getSession()), null);

  await browser.jar.setCookie(before, authURL); // a thief who kept a copy
  assert.equal(ok(await client.getSession()), null);
});

test("an application's server reads the session with the cookies it was sent", async () => {
  const { browser, user } = await signUp();
  const cookie = await browser.jar.getCookieString(authURL);
  const onServer = createAuthClient({ baseURL: authURL }); // no browser, no Origin
  const session = ok(await onServer.getSession({ fetchOptions: { headers: { cookie } } }));
  assert.equal(session.user.id, user.id);
});

test("without a session, what needs one answers 401", async () => {
  const { client } = newClient();
  for (const call of [client.token, client.listSessions, client.revokeOtherSessions]) {
    refused(await call(), 401, "UNAUTHORIZED");
  }
});

test("token gives a JWT and jwks the key it was signed with", async () => {
  const { client, user } = await signUp();
  const { token } = ok(await client.token());
  const [header, claims] = token
    .split(".", 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));
  assert.deepEqual([claims.sub, claims.email, claims.iss, claims.aud], [user.id, user.email, authURL, authURL]);
  assert.equal(claims.exp - claims.iat, 15 * 60);

  const { keys } = ok(await client.jwks());
  const key = keys.find((k) => k.kid === header.kid);
  assert.deepEqual([key.alg, key.crv, key.kty, key.d], [header.alg, "Ed25519", "OKP", undefined]);
});

test("getSession also brings a JWT, in the header set-auth-jwt", async () => {
  const { client, user } = await signUp();
  let jwt;
  const keepHeader = ({ response }) => {
    jwt = response.headers.get("set-auth-jwt");
  };
  ok(await client.getSession({ fetchOptions: { onSuccess: keepHeader } }));
  assert.equal(JSON.parse(Buffer.from(jwt.split(".")[1], "base64url")).sub, user.id);
});
