// The FastAPI service: who is let in, and who is not.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { SignJWT, generateKeyPair } from "jose";
import { startAPI } from "./api.mjs";
import { ok, signUp } from "./clients.mjs";
import { authURL, pageOrigin } from "./target.mjs";
import { startIssuer, tampered } from "./tokens.mjs";

/** The service, which trusts the issuer at that address, until the file's tests are over. */
async function api(issuerURL, env = {}) {
  const service = await startAPI({ AUTH_URL: issuerURL, PAGE_ORIGIN: pageOrigin, ...env });
  after(service.close);
  return async function me(token) {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    const response = await fetch(`${service.url}/me`, { headers });
    return [response.status, await response.json()];
  };
}

const { client, user } = await signUp();
const { token } = ok(await client.token());

test("with tokens of the server", async (t) => {
  const me = await api(authURL);
  await t.test("a valid token: 200 and its subject", async () => {
    assert.deepEqual(await me(token), [200, { subject: user.id, email: user.email }]);
  });
  await t.test("none: 401", async () => assert.deepEqual(await me(), [401, { detail: "no token" }]));
  await t.test("a tampered token: 401", async () => {
    assert.deepEqual(await me(tampered(token)), [401, { detail: "Signature verification failed" }]);
  });
  await t.test("a session token: 401", async () => {
    const session = ok(await client.getSession()).session;
    assert.equal((await me(session.token))[0], 401);
  });
});

test("a service with another audience refuses the token", async () => {
  const me = await api(authURL, { AUTH_AUDIENCE: "https://other.example.com" });
  assert.deepEqual(await me(token), [401, { detail: "Audience doesn't match" }]);
});

test("with tokens that the server never makes", async (t) => {
  const issuer = await startIssuer();
  t.after(issuer.close);
  const me = await api(issuer.url);
  const status = async (token) => (await me(await token))[0];

  await t.test("the issuer itself is trusted", async () => assert.equal(await status(issuer.sign()), 200));
  await t.test("expired: 401", async () => {
    const exp = Math.floor(Date.now() / 1000) - 1;
    assert.deepEqual(await me(await issuer.sign({ exp })), [401, { detail: "Signature has expired" }]);
  });
  await t.test("without expiry: 401", async () => assert.equal(await status(issuer.sign({ exp: undefined })), 401));
  await t.test("of another issuer: 401", async () => assert.equal(await status(issuer.sign({ iss: authURL })), 401));
  await t.test("signed with another key: 401", async () => {
    const { privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519" });
    assert.equal(await status(issuer.sign({}, privateKey)), 401);
  });
  await t.test("with another algorithm under the same key id: 401", async () => {
    const forged = new SignJWT({ iss: issuer.url, aud: issuer.url, sub: "somebody" })
      .setProtectedHeader({ alg: "HS256", kid: "test" })
      .setExpirationTime("1m")
      .sign(new Uint8Array(32));
    assert.equal(await status(forged), 401);
  });
});

test("without its identity server it says so, and blames nobody", async () => {
  const issuer = await startIssuer();
  const me = await api(issuer.url);
  const valid = await issuer.sign();
  issuer.close();
  assert.equal((await me(valid))[0], 503);
});
