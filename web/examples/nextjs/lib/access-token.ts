import { decodeJwt } from "jose";
import { ApiError } from "./api-error";

/** How a JWT is fetched: from `/token`, with the session cookie. */
export type FetchToken = (signal: AbortSignal) => Promise<string>;

type Token = { value: string; userId: string | null; renewAt: number };

const fetchTimeout = 10_000;

/**
 * The JWT for APIs, in the memory of this page and nowhere else: no store holds one for a script to find, and none
 * outlives the page. However many calls want one, one request fetches it.
 */
export class AccessTokens {
  #token: Token | null = null;
  #renewal: Promise<Token> | null = null;
  #generation = 0;
  #user: string | null = null;

  /**
   * @param onOtherUser is called when the session has become another user's: what the page shows is not theirs.
   * @param now is a clock in milliseconds. Only its pace counts; it may differ from the server's by hours.
   */
  constructor(
    private readonly fetchToken: FetchToken,
    private readonly onOtherUser: () => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** A token that is good for a while yet. A caller that aborts stops waiting; the others go on. */
  async get(signal?: AbortSignal): Promise<string> {
    for (;;) {
      signal?.throwIfAborted();
      if (this.#token && this.now() < this.#token.renewAt) return this.#token.value;
      const generation = this.#generation;
      const token = await unlessAborted((this.#renewal ??= this.#renew()), signal);
      if (generation === this.#generation) return token.value;
    }
  }

  /** Drops a token that an API has refused, unless a newer one has taken its place. */
  refuse(value: string): void {
    if (this.#token?.value === value) this.#token = null;
  }

  /** Drops the token, and whatever a request under way may bring: the session has ended. */
  forget(): void {
    this.#generation++;
    this.#token = null;
    this.#renewal = null;
  }

  /** Says whose page this is, unless a token has. A page belongs to one user as long as it is loaded. */
  belongTo(userId: string): void {
    this.#user ??= userId;
    if (this.#user === userId) return;
    this.forget();
    this.onOtherUser();
  }

  async #renew(): Promise<Token> {
    const generation = this.#generation;
    try {
      const askedAt = this.now();
      const token = read(await this.fetchToken(AbortSignal.timeout(fetchTimeout)), askedAt);
      if (generation === this.#generation) this.#keep(token);
      return token;
    } finally {
      if (generation === this.#generation) this.#renewal = null;
    }
  }

  #keep(token: Token): void {
    this.#user ??= token.userId;
    if (token.userId !== this.#user) {
      this.onOtherUser();
      throw new ApiError(409, "Somebody else has signed in on this browser.");
    }
    this.#token = token;
  }
}

/**
 * Nothing is decided by these claims but when to ask for the next token, so they need no verifying here. The lifetime
 * is what the server gave it, counted from before it was asked: clocks that differ do no harm.
 */
function read(value: string, askedAt: number): Token {
  const { exp = 0, iat = exp, sub } = decodeJwt(value);
  const lifetime = (exp - iat) * 1000;
  const margin = Math.min(30_000, lifetime / 4);
  return { value, userId: sub ?? null, renewAt: askedAt + lifetime - margin };
}

/** The promise's outcome, or the signal's reason if that comes first. The work behind the promise goes on. */
function unlessAborted<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
