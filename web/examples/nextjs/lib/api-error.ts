/** A call that did not succeed. Its message can be shown to people. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  /**
   * @param status is that of the answer; 0 when there was none, because the network or the server is away.
   * @param detail is what the server said of it.
   * @param retryAfter is after how many seconds it is worth trying again, where the server said so.
   */
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly retryAfter: number | null = null,
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }
}

/** Retry-After in seconds. The header has a number of them, or a date (RFC 9110, section 10.2.3). */
export function retryAfter(headers: Headers, now = Date.now()): number | null {
  const value = headers.get("retry-after")?.trim() ?? "";
  if (/^\d+$/.test(value)) return Number(value);
  const date = Date.parse(value);
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil((date - now) / 1000));
}

const meanings: Record<number, string> = {
  401: "You are not signed in.",
  403: "You are not allowed to do this.",
  404: "There is no such thing.",
  429: "Too many requests. Try again in a moment.",
};

/** Words for an answer that says nothing itself, such as that of a proxy whose server is away. */
export function meaningOf(status: number): string {
  if (status >= 500) return `The server failed (${status}). Try again later.`;
  return meanings[status] ?? "Something went wrong. Please try again.";
}

/** The error that an answer stands for. */
export function errorOf(answer: Response, body: unknown): ApiError {
  return new ApiError(answer.status, detailOf(body) ?? meaningOf(answer.status), retryAfter(answer.headers));
}

/** FastAPI says what is wrong in `detail`: a sentence, or a list with a sentence for each field. */
function detailOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("detail" in body)) return undefined;
  if (typeof body.detail === "string") return body.detail;
  if (!Array.isArray(body.detail)) return undefined;
  const sentences = body.detail.map((item: { msg?: unknown } | null) => item?.msg);
  return sentences.filter((text) => typeof text === "string").join("; ") || undefined;
}
