import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startIssuer } from "./support/issuer";

let issuer: Awaited<ReturnType<typeof startIssuer>>;

beforeEach(async () => {
  issuer = await startIssuer();
  vi.resetModules();
  vi.stubEnv("AUTH_URL", issuer.url);
  vi.stubEnv("AUTH_ISSUER", issuer.url);
  vi.stubEnv("AUTH_AUDIENCE", issuer.url);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await issuer.close();
});

async function ask(id: string, headers: Record<string, string>): Promise<Response> {
  const { GET } = await import("@/app/api/users/[id]/route");
  return GET(new Request(`http://localhost/api/users/${id}`, { headers }), { params: Promise.resolve({ id }) });
}

const bearer = async (token: string | Promise<string>) => ({ Authorization: `Bearer ${await token}` });

test("a user gets their own data, which nobody keeps", async () => {
  const answer = await ask("ann", await bearer(issuer.sign({ email: "ann@example.com" })));
  expect(answer.status).toBe(200);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect(await answer.json()).toEqual({ id: "ann", email: "ann@example.com" });
});

test("another user's are refused", async () => {
  const answer = await ask("ben", await bearer(issuer.sign({ role: "admin" })));
  expect(answer.status).toBe(403);
});

test.each<Record<string, string>>([
  {},
  { Authorization: "Basic YW5uOnB3" },
  { Authorization: "Bearer" },
  { Cookie: "better-auth.session_token=abc" },
])("without a token (%j) a challenge is the answer", async (headers) => {
  const answer = await ask("ann", headers);
  expect(answer.status).toBe(401);
  expect(answer.headers.get("www-authenticate")).toBe("Bearer");
});

test("with a bad token the challenge says so", async () => {
  const answer = await ask("ann", await bearer(issuer.sign({ aud: "https://evil.example" })));
  expect(answer.status).toBe(401);
  expect(answer.headers.get("www-authenticate")).toBe('Bearer error="invalid_token"');
});

test("without any keys nobody is called a stranger", async () => {
  issuer.goAway();
  const answer = await ask("ann", await bearer(issuer.sign()));
  expect(answer.status).toBe(503);
  expect(answer.headers.has("retry-after")).toBe(true);
  expect(answer.headers.has("www-authenticate")).toBe(false);
});
