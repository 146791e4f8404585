import { createRemoteJWKSet, jwtVerify } from "jose";

/**
 * Makes a function that returns the claims of a valid token of the identity
 * server and throws for any other. The audience is the server itself unless
 * the server's configuration names another.
 */
export function createVerifier(authURL, audience = authURL) {
  const keys = createRemoteJWKSet(new URL("/api/auth/jwks", authURL)); // fetched once, then kept
  return async function verify(token) {
    const { payload } = await jwtVerify(token, keys, {
      issuer: authURL,
      audience,
      algorithms: ["EdDSA"], // the server's default; never take it from the token
      requiredClaims: ["sub", "exp"],
    });
    return payload;
  };
}
