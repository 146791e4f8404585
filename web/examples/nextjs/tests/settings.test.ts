import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.resetModules();
  const auth = ["AUTH_URL", "AUTH_ISSUER", "AUTH_AUDIENCE", "AUTH_ALGORITHMS"];
  for (const name of [...auth, "APP_ORIGIN", "NEXT_PUBLIC_AUTH_URL", "SOCIAL_PROVIDERS", "SOCIAL_POPUPS"]) {
    vi.stubEnv(name, undefined);
  }
});
afterEach(() => vi.unstubAllEnvs());

test("tokens are those of the origin at which browsers reach sallyport", async () => {
  const origin = "http://localhost:3000";
  expect((await import("@/lib/settings")).tokenRules).toEqual({ issuer: origin, audience: origin, algorithms: ["EdDSA"] });

  vi.resetModules();
  vi.stubEnv("NEXT_PUBLIC_AUTH_URL", "https://auth.example.com");
  expect((await import("@/lib/settings")).tokenRules).toMatchObject({ issuer: "https://auth.example.com" });
});

test("algorithms are a list", async () => {
  vi.stubEnv("AUTH_ALGORITHMS", "EdDSA, ES256,");
  expect((await import("@/lib/settings")).tokenRules.algorithms).toEqual(["EdDSA", "ES256"]);
});

test("nobody can sign in with other sites unless some are named", async () => {
  expect((await import("@/lib/settings")).socialProviders).toEqual([]);

  vi.resetModules();
  vi.stubEnv("SOCIAL_PROVIDERS", "github");
  expect((await import("@/lib/settings")).socialProviders).toEqual([{ id: "github", name: "GitHub", popup: false }]);
});

test.each(["many", "-1", "0", "1.5"])("a limit of %s stops the start: it would limit nothing, or everybody", async (value) => {
  vi.stubEnv("API_LIMIT_PER_USER", value);
  await expect(import("@/lib/settings")).rejects.toThrow("API_LIMIT_PER_USER");
});
