import { authURL, tokenRules } from "./settings";
import { createVerifier, KeysUnavailableError, type TokenUser } from "./verify-jwt";

/** One key set for all requests of this process. */
export const verifyToken = createVerifier(authURL, tokenRules);

/** The token of `Authorization: Bearer <token>` (RFC 6750). */
export function bearerToken(headers: Headers): string | null {
  return /^Bearer +([^\s]+)$/i.exec(headers.get("authorization") ?? "")?.[1] ?? null;
}

/** The user whose token a request carries, or the answer for a request that has none that counts. */
export async function authenticate(request: Request): Promise<TokenUser | Response> {
  const token = bearerToken(request.headers);
  if (!token) return unauthorized("Bearer", "A token is needed.");
  try {
    return await verifyToken(token);
  } catch (error) {
    if (error instanceof KeysUnavailableError) {
      return Response.json({ detail: error.message }, { status: 503, headers: { "Retry-After": "5" } });
    }
    return unauthorized('Bearer error="invalid_token"', "The token is not valid.");
  }
}

function unauthorized(challenge: string, detail: string): Response {
  return Response.json({ detail }, { status: 401, headers: { "WWW-Authenticate": challenge } });
}
