import { expect, test } from "vitest";
import { errorOf, retryAfter } from "@/lib/api-error";

const now = Date.parse("2026-01-01T00:00:00Z");
const wait = (value: string) => retryAfter(new Headers({ "Retry-After": value }), now);

test("Retry-After is a number of seconds or a date", () => {
  expect(wait("7")).toBe(7);
  expect(wait("0")).toBe(0);
  expect(wait("Thu, 01 Jan 2026 00:01:30 GMT")).toBe(90);
  expect(wait("Wed, 31 Dec 2025 23:59:00 GMT")).toBe(0);
});

test("a Retry-After that is neither tells nothing", () => {
  expect(wait("soon")).toBeNull();
  expect(retryAfter(new Headers(), now)).toBeNull();
});

test("the message is what the server says", () => {
  expect(errorOf(new Response(null, { status: 403 }), { detail: "Premium only" })).toMatchObject({
    status: 403,
    detail: "Premium only",
    message: "Premium only",
  });
});

test("what FastAPI says of fields becomes one message", () => {
  const body = { detail: [{ loc: ["title"], msg: "Too long" }, { loc: ["done"], msg: "Not a boolean" }, null] };
  expect(errorOf(new Response(null, { status: 422 }), body).message).toBe("Too long; Not a boolean");
});

test.each([undefined, null, "text", [], {}, { detail: 5 }, { detail: [] }])("a body of %j has words all the same", (body) => {
  expect(errorOf(new Response(null, { status: 403 }), body).message).toBe("You are not allowed to do this.");
  expect(errorOf(new Response(null, { status: 502 }), body).message).toContain("502");
  expect(errorOf(new Response(null, { status: 409 }), body).message).toBe("Something went wrong. Please try again.");
});
