import http from "node:http";
import { SignJWT, exportJWK, generateKeyPair } from "jose";

/** The same token with another subject under the old signature. */
export function tampered(token) {
  const [header, payload, signature] = token.split(".");
  const claims = JSON.parse(Buffer.from(payload, "base64url").toString());
  const forged = Buffer.from(JSON.stringify({ ...claims, sub: "someone-else" })).toString("base64url");
  return [header, forged, signature].join(".");
}

/**
 * An issuer of our own that publishes its key where the identity server does,
 * for tokens that a healthy server never hands out, such as expired ones.
 * Ends with close().
 */
export async function startIssuer() {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA", { crv: "Ed25519" });
  const jwk = { ...(await exportJWK(publicKey)), alg: "EdDSA", kid: "test" };
  const server = http.createServer((_request, response) => {
    response.setHeader("content-type", "application/json").end(JSON.stringify({ keys: [jwk] }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${server.address().port}`;

  /** A token that is valid except for the claims given. */
  function sign(claims = {}, key = privateKey) {
    const now = Math.floor(Date.now() / 1000);
    const payload = { iat: now, exp: now + 60, iss: url, aud: url, sub: "somebody", ...claims };
    return new SignJWT(payload).setProtectedHeader({ alg: "EdDSA", kid: "test" }).sign(key);
  }

  return { url, sign, close: () => server.close() };
}
