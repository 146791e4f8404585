import { afterAll, beforeAll, expect, test } from "vitest";
import { forwardPeerAddresses } from "@/lib/forwarded-for";
import { listen, type Running } from "./support/http";

let server: Running;

beforeAll(async () => {
  forwardPeerAddresses();
  server = await listen((request, response) => void response.end(request.headers["x-forwarded-for"]));
});
afterAll(() => server.close());

async function chainOf(headers: Record<string, string> = {}): Promise<string> {
  return (await fetch(server.url, { headers })).text();
}

test("the peer of a connection stands at the right end, after whatever it says itself", async () => {
  expect(await chainOf()).toBe("127.0.0.1");
  expect(await chainOf({ "X-Forwarded-For": "203.0.113.9" })).toBe("203.0.113.9, 127.0.0.1");
  expect(await chainOf({ "X-Forwarded-For": "garbage, " })).toMatch(/, 127\.0\.0\.1$/);
});
