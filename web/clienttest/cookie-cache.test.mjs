// What a middleware of Next.js does: it reads the session from the request's
// cookies alone, with `better-auth/cookies`, and asks no server.
import assert from "node:assert/strict";
import { test } from "node:test";
import { getCookieCache, getSessionCookie } from "better-auth/cookies";
import { stranger } from "./target.mjs";

// Servers with a cookie cache in each form: {url, strategy, secret, cookiePrefix,
// isSecure, version, jwks}. Without the variable there are none, and no tests.
const servers = JSON.parse(process.env.SALLYPORT_CACHES ?? "[]");

/** The Set-Cookie lines of an answer as the header a browser would then send. */
function cookieHeader(response) {
  return response.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
}

/** Signs somebody up and gives who it is, the token, and the browser's cookies. */
async function signUp(url, more = {}) {
  const person = { ...stranger(), name: "Ädä <&> 😀", ...more };
  const response = await fetch(`${url}/api/auth/sign-up/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify(person),
  });
  assert.equal(response.status, 200, await response.clone().text());
  return { person, ...(await response.json()), cookie: cookieHeader(response) };
}

/** What the middleware calls. */
async function cached(server, cookie, more = {}) {
  const { url, strategy, secret, cookiePrefix, isSecure, version } = server;
  const options = { strategy, secret, cookiePrefix, isSecure, version, ...more };
  if (server.jwks && !("jwt" in more)) {
    const jwks = await (await fetch(`${url}/api/auth/jwks`)).json();
    Object.assign(options, { secret: undefined, jwt: { jwks, issuer: url } });
  }
  return getCookieCache(new Request(`${url}/page`, { headers: { cookie } }), options);
}

for (const server of servers) {
  test(`${server.strategy} ${server.cookiePrefix ?? ""} ${server.jwks ? "by the key set" : ""}`, async (t) => {
    const { person, user, token, cookie } = await signUp(server.url);

    await t.test("getSessionCookie finds the session token", () => {
      const found = getSessionCookie(new Headers({ cookie }), { cookiePrefix: server.cookiePrefix });
      assert.equal(found.split(".")[0], token);
      assert.equal(getSessionCookie(new Headers({ cookie: "a=b" })), null);
    });
    await t.test("getCookieCache gives session and user", async () => {
      const found = await cached(server, cookie);
      assert.equal(found.session.token, token);
      assert.equal(found.user.id, user.id);
      assert.equal(found.user.name, person.name);
      assert.equal(found.user.email, person.email.toLowerCase());
      assert.equal(found.user.image, null);
      assert.ok(found.session.expiresAt > new Date() && found.user.createdAt <= new Date());
    });
    await t.test("in several parts too", async () => {
      const image = `https://images.example.com/${"x".repeat(6000)}`;
      const big = await signUp(server.url, { image });
      assert.match(big.cookie, /session_data\.1=/);
      assert.equal((await cached(server, big.cookie)).user.image, image);
    });
    await t.test("nothing of another secret, version or name", async () => {
      if (!server.jwks) assert.equal(await cached(server, cookie, { secret: "x".repeat(40) }), null);
      assert.equal(await cached(server, cookie, { version: "another" }), null);
      assert.equal(await cached(server, cookie, { isSecure: !server.isSecure }), null);
      assert.equal(await cached(server, cookie, { cookiePrefix: "another" }), null);
    });
    await t.test("nothing that was altered", async () => {
      const altered = cookie.replace(/(session_data=.{60})(.)/, (_, head, c) => head + (c === "A" ? "B" : "A"));
      assert.notEqual(altered, cookie);
      assert.equal(await cached(server, altered), null);
    });
    await t.test("nothing after signing out", async () => {
      const response = await fetch(`${server.url}/api/auth/sign-out`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: server.url, cookie },
        body: "{}",
      });
      assert.equal(await cached(server, cookieHeader(response)), null);
    });
  });
}
