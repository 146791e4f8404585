import { createLocalJWKSet, createRemoteJWKSet, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from "jose";

/** The token is not one that counts here: answer 401. */
export class InvalidTokenError extends Error {}

/** No key set was ever fetched, so nothing can be said of any token: answer 503. */
export class KeysUnavailableError extends Error {}

export type TokenUser = { id: string; email?: string; name?: string; role?: string };
export type VerifyToken = (token: string) => Promise<TokenUser>;

type Rules = { issuer: string; audience: string; algorithms: string[] };

/**
 * Verifies tokens with the key set of sallyport: signature, issuer, audience, expiry and subject. The algorithms are
 * those of the rules, whatever the token says of itself.
 */
export function createVerifier(authURL: string, rules: Rules): VerifyToken {
  const keys = keySet(new URL("/api/auth/jwks", authURL));
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, keys, { ...rules, requiredClaims: ["sub", "exp"] });
      return userOf(payload);
    } catch (error) {
      if (error instanceof KeysUnavailableError) throw error;
      throw new InvalidTokenError("The token is not valid.", { cause: error });
    }
  };
}

/** jose fetches the set anew every ten minutes and for unknown keys. While that fails, the keys at hand still count. */
function keySet(url: URL): JWTVerifyGetKey {
  const remote = createRemoteJWKSet(url, { timeoutDuration: 2000 });
  return async (header, token) => {
    try {
      return await remote(header, token);
    } catch (error) {
      const known = remote.jwks();
      if (!known) throw new KeysUnavailableError("The key set could not be fetched.", { cause: error });
      return createLocalJWKSet(known)(header, token);
    }
  };
}

function userOf({ sub, email, name, role }: JWTPayload): TokenUser {
  if (!sub) throw new Error("The subject is empty.");
  return { id: sub, email: text(email), name: text(name), role: text(role) };
}

function text(claim: unknown): string | undefined {
  return typeof claim === "string" ? claim : undefined;
}
