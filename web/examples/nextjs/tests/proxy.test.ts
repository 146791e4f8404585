import { NextRequest } from "next/server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startIssuer } from "./support/issuer";

let issuer: Awaited<ReturnType<typeof startIssuer>>;
let proxy: (request: NextRequest) => Promise<Response>;

beforeEach(async () => {
  issuer = await startIssuer();
  vi.resetModules();
  for (const name of ["AUTH_URL", "AUTH_ISSUER", "AUTH_AUDIENCE"]) vi.stubEnv(name, issuer.url);
  vi.stubEnv("API_LIMIT_PER_ADDRESS", "6");
  vi.stubEnv("API_LIMIT_PER_USER", "3");
  vi.stubEnv("TRUSTED_PROXIES", "10.0.0.0/8");
  ({ proxy } = await import("@/proxy"));
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await issuer.close();
});

function visit(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return proxy(new NextRequest(`http://localhost:3000${path}`, { headers }));
}

const session = (token: string) => ({ Cookie: `better-auth.session_token=${token}` });
const from = (chain: string) => ({ "X-Forwarded-For": chain });

/** How many of so many requests get through. */
async function passed(count: number, headersOf: (i: number) => Record<string, string>, path = "/api/users/1") {
  let through = 0;
  for (let i = 0; i < count; i++) if ((await visit(path, headersOf(i))).status === 200) through++;
  return through;
}

test.each(["/dashboard", "/dashboard/1", "/account"])("strangers are sent from %s to sign in, and back", async (path) => {
  const answer = await visit(`${path}?a=b`);
  expect(answer.status).toBe(307);
  expect(answer.headers.get("location")).toBe(
    `http://localhost:3000/sign-in?${new URLSearchParams({ next: `${path}?a=b` })}`,
  );
});

test.each(["/", "/sign-in", "/dashboards"])("%s is for everybody", async (path) => {
  expect((await visit(path)).status).toBe(200);
});

test.each([session("abc"), { Cookie: "__Secure-better-auth.session_token=abc" }])("%j opens the way", async (headers) => {
  expect((await visit("/dashboard", headers)).status).toBe(200);
});

test("a cookie whose session has ended makes no circle: the sign-in page stays open", async () => {
  expect((await visit("/sign-in", session("ended"))).status).toBe(200);
});

test("each page has a nonce of its own, and nothing inline without it", async () => {
  const policies = [await visit("/"), await visit("/")].map((answer) => answer.headers.get("content-security-policy")!);
  expect(policies[0]).not.toBe(policies[1]);
  expect(policies[0]).toMatch(/script-src 'self' 'nonce-[\w+/]{22}==' 'strict-dynamic';/);
  expect(policies[0]).toContain("frame-ancestors 'none'");
  expect(policies[0]).not.toContain("unsafe");
});

test("an address has so many requests, whatever it claims to be", async () => {
  const claims = (i: number) => ({ ...from(`9.9.9.${i}, 203.0.113.9, 10.0.0.1`), ...session(`made-up-${i}`) });
  expect(await passed(10, claims)).toBe(6);
  expect(await passed(1, () => from("203.0.113.10, 10.0.0.1"))).toBe(1);
});

test("a refusal says when to come back, in words for both kinds of client", async () => {
  await passed(6, () => from("203.0.113.9"));
  const answer = await visit("/api/auth/get-session", from("203.0.113.9"));
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(await answer.json()).toEqual({ detail: expect.any(String), message: expect.any(String) });
});

test("a session has so many requests at all addresses together", async () => {
  expect(await passed(5, (i) => ({ ...from(`203.0.113.${i}`), ...session("abc") }))).toBe(3);
});

test("a user of a verified token has so many, whatever tokens they have", async () => {
  const tokens = await Promise.all([0, 1, 2, 3, 4].map((i) => issuer.sign({ jti: String(i) })));
  expect(await passed(5, (i) => ({ ...from(`203.0.113.${i}`), Authorization: `Bearer ${tokens[i]}` }))).toBe(3);
});

test("a forged token takes nothing from the user it names", async () => {
  const forged = (await issuer.sign()).replace(/.{10}$/, "AAAAAAAAAA");
  await passed(5, () => ({ ...from("203.0.113.9"), Authorization: `Bearer ${forged}` }));
  const own = await issuer.sign();
  expect(await passed(3, () => ({ ...from("203.0.113.8"), Authorization: `Bearer ${own}` }))).toBe(3);
});

test("capitals in the path are no way around: Next.js rewrites those too", async () => {
  expect(await passed(8, () => from("203.0.113.9"), "/API/auth/get-session")).toBe(6);
});

test("a request for a WebSocket goes no further, since the address in it may be made up", async () => {
  const upgrade = { Connection: "Upgrade", Upgrade: "websocket" };
  expect((await visit("/api/auth/get-session", { ...upgrade, ...from("9.9.9.9") })).status).toBe(400);
});

test("pages are not counted", async () => {
  expect(await passed(10, () => from("203.0.113.9"), "/")).toBe(10);
});
