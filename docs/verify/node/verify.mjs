import { createRemoteJWKSet, errors, jwtVerify } from "jose";

/** What a refused token throws is an error of jose; anything else means that no key set could be fetched: answer 503. */
export const isRefusal = (error) => error instanceof errors.JOSEError && !unavailable.has(error.code);

const unavailable = new Set(["ERR_JWKS_TIMEOUT", "ERR_JWKS_INVALID", "ERR_JOSE_GENERIC"]);

/**
 * Makes a function that returns the claims of a valid token of the identity
 * server and throws for any other. Issuer and audience are the server itself
 * unless its configuration names others.
 */
export function createVerifier(authURL, { issuer = authURL, audience = issuer } = {}) {
  const keys = createRemoteJWKSet(new URL("/api/auth/jwks", authURL), {
    cacheMaxAge: 300_000, // then the key set is fetched again
    cooldownDuration: 5_000, // between fetches for unknown keys: strangers can name any
  });
  return async function verify(token) {
    const { payload } = await jwtVerify(token, keys, {
      issuer,
      audience,
      algorithms: ["EdDSA"], // the server's default; never take it from the token
      requiredClaims: ["sub", "exp"],
    });
    return payload;
  };
}
