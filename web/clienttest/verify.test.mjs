// A program of its own that knows the server only by its JWKS address.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ok, signUp } from "./clients.mjs";
import { authURL } from "./target.mjs";
import { tampered } from "./tokens.mjs";
import { createVerifier } from "./verify.mjs";

const { client, user } = await signUp();
const { token } = ok(await client.token());

test("a token of the server is verified with the keys of /jwks", async () => {
  const claims = await createVerifier(authURL)(token);
  assert.equal(claims.sub, user.id);
  assert.equal(claims.name, user.name);
  assert.equal(claims.emailVerified, false);
});

test("a changed claim breaks the signature", async () => {
  const verify = createVerifier(authURL);
  await assert.rejects(verify(tampered(token)), { code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" });
});

test("a token for another audience is refused", async () => {
  const verify = createVerifier(authURL, "https://other.example.com");
  await assert.rejects(verify(token), { code: "ERR_JWT_CLAIM_VALIDATION_FAILED", claim: "aud" });
});

test("a session token is no JWT", async () => {
  await assert.rejects(createVerifier(authURL)("a.b"), { code: "ERR_JWS_INVALID" });
});
