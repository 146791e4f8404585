import { ApiError, retryAfter } from "./api-error";
import { problemOf, unreachable, type Problem, type ServerError } from "./problem";
import { retryText } from "./retry-text";

/** What came of a call: its data, or a problem that can be shown. */
export type Result<T> = { data: T; problem?: undefined } | { data?: undefined; problem: Problem };

interface Answer<T> {
  data: T | null;
  error: Pick<ServerError, "status" | "code" | "message"> | null;
}

interface FetchOptions {
  onError: (context: { response: Response }) => void;
}

/**
 * Asks the identity server with a method of the client, and turns whatever goes wrong into words:
 * `await ask((options) => authClient.signIn.email(person, options))`.
 */
export async function ask<T>(call: (options: FetchOptions) => Promise<Answer<T>>): Promise<Result<T>> {
  let seconds: number | null = null;
  const onError: FetchOptions["onError"] = ({ response }) => {
    seconds = retryAfter(response.headers);
  };
  try {
    const { data, error } = await call({ onError });
    if (error) return { problem: problemOf({ ...error, retryAfter: seconds }) };
    return { data: data as T };
  } catch (error) {
    // fetch fails with a TypeError when no answer came; anything else is a mistake in this application.
    if (error instanceof TypeError) return { problem: unreachable };
    throw error;
  }
}

/** Asks the API of the tasks: `await askAPI(() => api.get<Profile>("/profile"))`. */
export async function askAPI<T>(call: () => Promise<T>): Promise<Result<T>> {
  try {
    return { data: await call() };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { status, detail } = error;
    return { problem: { message: status === 429 ? retryText(error.retryAfter) : detail } };
  }
}
