import { AccessTokens } from "./access-token";
import { ApiError, meaningOf, retryAfter } from "./api-error";
import { authClient } from "./auth-client";

/** The tokens of this page. When the browser changes hands, the page is loaded anew for its new user. */
export const accessTokens = new AccessTokens(fetchToken, () => window.location.reload());

async function fetchToken(signal: AbortSignal): Promise<string> {
  // The server runs this module once for all its users.
  if (typeof window === "undefined") throw new Error("Tokens are fetched by browsers, not by the Next.js server.");
  let seconds: number | null = null;
  const onError = ({ response }: { response: Response }) => {
    seconds = retryAfter(response.headers);
  };
  const { data, error } = await authClient.token({ fetchOptions: { signal, onError } }).catch((cause: unknown) => {
    throw new ApiError(0, "The sign-in server cannot be reached.", null, { cause });
  });
  if (error) throw new ApiError(error.status, error.message || meaningOf(error.status), seconds);
  return data.token;
}
