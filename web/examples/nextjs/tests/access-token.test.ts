import { SignJWT } from "jose";
import { beforeEach, expect, test, vi } from "vitest";
import { AccessTokens } from "@/lib/access-token";
import { ApiError } from "@/lib/api-error";
import { newKey } from "./support/issuer";
import { deferred } from "./support/http";

const key = await newKey("test");
const otherUser = vi.fn();
let clock: number;
let fetches: number;

beforeEach(() => {
  clock = 1_000_000;
  fetches = 0;
  otherUser.mockReset();
});

/** A token as the server gives it, by a clock of its own. */
function tokenOf(sub: string, lifetime = 900, serverTime = 5_000_000_000): Promise<string> {
  const claims = { sub, iat: serverTime, exp: serverTime + lifetime, jti: crypto.randomUUID() };
  return new SignJWT(claims).setProtectedHeader({ alg: "EdDSA" }).sign(key.privateKey);
}

function tokens(fetchToken: (signal: AbortSignal) => Promise<string> = () => tokenOf("ann")) {
  const counted = (signal: AbortSignal) => (fetches++, fetchToken(signal));
  return new AccessTokens(counted, otherUser, () => clock);
}

test("one request serves all calls at once", async () => {
  const store = tokens();
  const got = await Promise.all([store.get(), store.get(), store.get()]);
  expect(new Set(got).size).toBe(1);
  expect(await store.get()).toBe(got[0]);
  expect(fetches).toBe(1);
});

test.each([
  [900, 869, 871], // half a minute before the end
  [10, 7, 8], // a quarter of a short life
])("a token of %i s is kept for %i s and renewed after %i s", async (lifetime, kept, renewed) => {
  const store = tokens(() => tokenOf("ann", lifetime));
  const first = await store.get();
  clock += kept * 1000;
  expect(await store.get()).toBe(first);
  clock += (renewed - kept) * 1000;
  expect(await store.get()).not.toBe(first);
});

test.each([0, 4_000_000_000, 9_999_999_999])("a server whose clock says %i does no harm", async (serverTime) => {
  const store = tokens(() => tokenOf("ann", 900, serverTime));
  await store.get();
  await store.get();
  expect(fetches).toBe(1);
});

test("the time that the request took counts against the token", async () => {
  const store = tokens(async () => {
    clock += 9_000;
    return tokenOf("ann", 10);
  });
  await store.get();
  await store.get();
  expect(fetches).toBe(2);
});

test("a failed request is told to all who wait, and the next call asks again", async () => {
  let failing = true;
  const store = tokens(() => (failing ? Promise.reject(new ApiError(0, "away")) : tokenOf("ann")));
  const outcomes = await Promise.allSettled([store.get(), store.get()]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(["rejected", "rejected"]);
  expect(fetches).toBe(1);
  failing = false;
  expect(await store.get()).toBeTypeOf("string");
});

test("who aborts stops waiting, and nobody else does", async () => {
  const answer = deferred<string>();
  let shared: AbortSignal | undefined;
  const store = tokens((signal) => ((shared = signal), answer.promise));
  const controller = new AbortController();
  const aborted = store.get(controller.signal);
  const waiting = store.get(new AbortController().signal);

  controller.abort(new Error("no longer wanted"));
  await expect(aborted).rejects.toThrow("no longer wanted");
  expect(shared?.aborted).toBe(false);
  answer.resolve(await tokenOf("ann"));
  expect(await waiting).toBe(await store.get());
  expect(fetches).toBe(1);
});

test("a call that is aborted before it begins asks for nothing", async () => {
  await expect(tokens().get(AbortSignal.abort())).rejects.toThrow();
  expect(fetches).toBe(0);
});

test("a refused token goes, but not the newer one of another call", async () => {
  const store = tokens();
  const first = await store.get();
  store.refuse(first);
  const second = await store.get();
  store.refuse(first);
  expect(await store.get()).toBe(second);
});

test("what a request brings after the session has ended is not used", async () => {
  const old = deferred<string>();
  const answers = [old.promise, tokenOf("ben")];
  const store = tokens(() => answers[fetches - 1]!);
  const call = store.get();
  store.forget();
  old.resolve(await tokenOf("ann"));
  expect(await call).toBe(await answers[1]);
  expect(await store.get()).toBe(await answers[1]);
});

test("a page of one user gets no token of another", async () => {
  const store = tokens(() => tokenOf("ben"));
  store.belongTo("ann");
  await expect(store.get()).rejects.toMatchObject({ status: 409 });
  expect(otherUser).toHaveBeenCalledOnce();
});

test("a page of one user that becomes another's is told so, and drops its token", async () => {
  const store = tokens();
  store.belongTo("ann");
  await store.get();
  store.belongTo("ann");
  expect(otherUser).not.toHaveBeenCalled();
  store.belongTo("ben");
  expect(otherUser).toHaveBeenCalledOnce();
  await store.get();
  expect(fetches).toBe(2);
});

test("the first token says whose page it is, until the session does", async () => {
  const users = ["ann", "ben"];
  const store = tokens(() => tokenOf(users[fetches - 1]!));
  store.refuse(await store.get());
  await expect(store.get()).rejects.toMatchObject({ status: 409 });
  store.belongTo("ben");
  expect(otherUser).toHaveBeenCalledTimes(2);
});

test("a page stays its user's after the sign-out, for whoever signs in next in another tab", async () => {
  const users = ["ann", "ben"];
  const store = tokens(() => tokenOf(users[fetches - 1]!));
  store.belongTo("ann");
  await store.get();
  store.forget();
  await expect(store.get()).rejects.toMatchObject({ status: 409 });
});
