import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { send, startAPI } from "./support/api";
import { createBrowser } from "./support/browser";
import { deferred } from "./support/http";
import { startSallyport } from "./support/sallyport";

type Who = { userId: string; method: string; body: unknown };

let sallyport: Awaited<ReturnType<typeof startSallyport>>;
let server: Awaited<ReturnType<typeof startAPI>>;
let browser: ReturnType<typeof createBrowser>;
const assign = vi.fn();
const reload = vi.fn();

beforeAll(async () => {
  sallyport = await startSallyport();
});
afterAll(() => sallyport.stop());

beforeEach(async () => {
  server = await startAPI(sallyport.url);
  browser = createBrowser(sallyport.url);
  Object.assign(browser.location, { assign, reload });
  vi.stubGlobal("window", { location: browser.location });
  vi.stubGlobal("fetch", browser.fetch);
  vi.stubEnv("NEXT_PUBLIC_API_URL", server.url);
});

afterEach(async () => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.resetAllMocks();
  vi.resetModules(); // each test is a page that was just loaded
  await server.close();
});

/** A page in which somebody new has signed up. */
async function signedIn() {
  const { authClient } = await import("@/lib/auth-client");
  const { api, ApiError } = await import("@/lib/api-client");
  const { accessTokens } = await import("@/lib/page-token");
  const signUp = async () => {
    const email = `${crypto.randomUUID()}@example.com`;
    const { data, error } = await authClient.signUp.email({ name: "Ann", email, password: "correct horse" });
    if (error) throw new Error(error.message);
    return data.user;
  };
  return { api, ApiError, accessTokens, authClient, signUp, user: await signUp() };
}

const tokensFetched = () => browser.asked.filter((path) => path === "/api/auth/token").length;

test("calls carry a token of the user, and no cookie", async () => {
  const { api, user } = await signedIn();
  expect(await api.get<Who>("/who?a=b")).toEqual({ userId: user.id, method: "GET", body: "" });
  expect(await api.post<Who>("/who", { title: "Milk" })).toMatchObject({ method: "POST", body: { title: "Milk" } });
  expect(await api.put<Who>("/who", { done: true })).toMatchObject({ method: "PUT", body: { done: true } });
  expect(await api.delete("/who")).toBeUndefined();
  expect(server.calls.map((call) => call.cookie)).toEqual(Array(4).fill(undefined));
  expect(tokensFetched()).toBe(1);
});

test("calls at once share one token", async () => {
  const { api } = await signedIn();
  await Promise.all([api.get("/a"), api.get("/b"), api.get("/c")]);
  expect(server.calls).toHaveLength(3);
  expect(tokensFetched()).toBe(1);
});

test("after a 401 the call is made once more, with its body and a new token", async () => {
  const { api, user } = await signedIn();
  server.next((response) => send(response, 401, { detail: "Key retired" }));
  expect(await api.post<Who>("/who", { title: "Milk" })).toMatchObject({ userId: user.id, body: { title: "Milk" } });
  expect(server.calls).toHaveLength(2);
  expect(tokensFetched()).toBe(2);
  expect(assign).not.toHaveBeenCalled();
});

test("after a second 401 the user is sent to sign in, and comes back to the page", async () => {
  const { api } = await signedIn();
  server.next((response) => send(response, 401, { detail: "No" }));
  server.next((response) => send(response, 401, { detail: "Still no" }));
  await expect(api.get("/who")).rejects.toMatchObject({ name: "ApiError", status: 401, detail: "Still no" });
  expect(server.calls).toHaveLength(2);
  expect(assign).toHaveBeenCalledExactlyOnceWith("/sign-in?next=%2Fdashboard%3Flist%3D1&notice=sign-in-again");
});

test("who is not signed in is sent to sign in, without a call", async () => {
  const { api } = await signedIn();
  browser.forgetCookies();
  await expect(api.get("/who")).rejects.toMatchObject({ status: 401 });
  expect(server.calls).toHaveLength(0);
  expect(assign).toHaveBeenCalledOnce();
});

test.each([
  [403, { detail: "Premium only" }, {}, { detail: "Premium only", retryAfter: null }],
  [429, { detail: "5 per minute" }, { "Retry-After": "42" }, { detail: "5 per minute", retryAfter: 42 }],
  [503, undefined, { "Retry-After": "5" }, { retryAfter: 5 }],
  [500, undefined, {}, { retryAfter: null }],
])("%i is an error with its words and its wait, and is not tried again", async (status, body, headers, error) => {
  const { api } = await signedIn();
  server.next((response) => send(response, status, body, headers as Record<string, string>));
  await expect(api.get("/who")).rejects.toMatchObject({ name: "ApiError", status, ...error });
  expect(server.calls).toHaveLength(1);
  expect(assign).not.toHaveBeenCalled();
});

test("an error page of a proxy is an error with words of our own", async () => {
  const { api } = await signedIn();
  server.next((response) => void response.writeHead(502, { "Content-Type": "text/html" }).end("<h1>Bad Gateway</h1>"));
  await expect(api.get("/who")).rejects.toMatchObject({ status: 502, detail: expect.stringContaining("502") });
});

test("a connection that breaks is an error without a status, before and in the answer", async () => {
  const { api } = await signedIn();
  server.next((response) => void response.destroy());
  await expect(api.get("/who")).rejects.toMatchObject({ name: "ApiError", status: 0 });
  server.next((response) => {
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": "100" });
    response.write('{"userId":', () => response.destroy());
  });
  await expect(api.get("/who")).rejects.toMatchObject({ name: "ApiError", status: 0 });
});

test("a sign-in server that is away is no sign-out", async () => {
  const { api } = await signedIn();
  vi.stubGlobal("fetch", () => Promise.reject(new TypeError("Failed to fetch")));
  await expect(api.get("/who")).rejects.toMatchObject({ name: "ApiError", status: 0 });
  expect(assign).not.toHaveBeenCalled();
});

test("a limit of the sign-in server is told with its wait", async () => {
  const { api, accessTokens } = await signedIn();
  const limited = async () => {
    for (let i = 0; i < 200; i++) await accessTokens.get().then((token) => accessTokens.refuse(token));
  };
  await expect(limited()).rejects.toMatchObject({ status: 429, retryAfter: expect.any(Number) });
  await expect(api.get("/who")).rejects.toMatchObject({ status: 429, retryAfter: expect.any(Number) });
  expect(assign).not.toHaveBeenCalled();
});

test("a call that its caller aborts ends with the caller's reason", async () => {
  const { api } = await signedIn();
  const arrived = deferred();
  server.next(() => arrived.resolve());
  const controller = new AbortController();
  const call = api.get("/who", { signal: controller.signal });
  await arrived.promise;
  controller.abort(new DOMException("left the page", "AbortError"));
  await expect(call).rejects.toMatchObject({ name: "AbortError", message: "left the page" });
});

test("the next user of a page that was signed out gets nothing by the old token", async () => {
  const { api, accessTokens, authClient, signUp, user } = await signedIn();
  accessTokens.belongTo(user.id);
  await api.get("/who");
  await authClient.signOut();
  await signUp(); // in another tab: this page has not been told
  accessTokens.forget();
  await expect(api.post("/who", {})).rejects.toMatchObject({ status: 409 });
  expect(server.calls).toHaveLength(1);
  expect(reload).toHaveBeenCalledOnce();
  expect(assign).not.toHaveBeenCalled();
});
