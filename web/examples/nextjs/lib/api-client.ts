import type { AccessTokens } from "./access-token";
import { ApiError, errorOf } from "./api-error";
import { accessTokens } from "./page-token";
import { signInAgainPath } from "./return-path";

export { ApiError } from "./api-error";

/** What follows the host. With its slash a token cannot go to another host. */
type Path = `/${string}`;
type Options = { signal?: AbortSignal };

const patience = 30_000;

/**
 * Calls an API with a JWT of the signed-in user. A call gives the body of the answer, whose type the caller names, or
 * throws an ApiError; one that the caller aborts throws the reason of its signal.
 */
export function createApiClient(baseURL: string, tokens: AccessTokens, onSignedOut: () => void) {
  async function call<T>(method: string, path: Path, { signal }: Options, body?: unknown): Promise<T> {
    const send = (token: string) => answerOf<T>(baseURL + path, { method, ...bodyOf(body) }, token, signal);
    try {
      const token = await tokens.get(signal);
      return await send(token).catch(async (error: unknown) => {
        if (!isUnauthorized(error)) throw error;
        tokens.refuse(token); // its key may be retired, or its user changed: the next one tells
        return send(await tokens.get(signal));
      });
    } catch (error) {
      if (isUnauthorized(error)) onSignedOut();
      throw error;
    }
  }

  return {
    get: <T>(path: Path, options: Options = {}) => call<T>("GET", path, options),
    post: <T>(path: Path, body: unknown, options: Options = {}) => call<T>("POST", path, options, body),
    put: <T>(path: Path, body: unknown, options: Options = {}) => call<T>("PUT", path, options, body),
    delete: <T = void>(path: Path, options: Options = {}) => call<T>("DELETE", path, options),
  };
}

/** The API of the tasks. Whoever is no longer signed in there goes to sign in, and comes back to this page. */
export const api = createApiClient(process.env.NEXT_PUBLIC_API_URL || "http://localhost:8000", accessTokens, () =>
  window.location.assign(signInAgainPath(window.location.pathname + window.location.search)),
);

async function answerOf<T>(url: string, init: RequestInit, token: string, signal?: AbortSignal): Promise<T> {
  const headers = new Headers(init.headers);
  headers.set("Authorization", `Bearer ${token}`);
  const timeout = AbortSignal.timeout(patience);
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  try {
    // The token says who calls: no cookies. What is somebody's own stays out of the browser's cache.
    const answer = await fetch(url, { ...init, headers, signal: either, credentials: "omit", cache: "no-store" });
    const body = contents(answer, await answer.text());
    if (!answer.ok) throw errorOf(answer, body);
    return body as T;
  } catch (error) {
    if (error instanceof ApiError || signal?.aborted) throw error;
    throw new ApiError(0, "The server cannot be reached. Check your connection.", null, { cause: error });
  }
}

function bodyOf(body: unknown): RequestInit {
  if (body === undefined) return {};
  return { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
}

/** JSON as a value. Proxies answer for an API that is away, in HTML or plain text: that counts as no body. */
function contents(answer: Response, text: string): unknown {
  const isJSON = answer.headers.get("content-type")?.startsWith("application/json");
  return isJSON && text !== "" ? JSON.parse(text) : undefined;
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}
