import { createServer } from "node:http";
import { createAuthClient } from "better-auth/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ApiError } from "@/lib/api-error";
import { ask, askAPI } from "@/lib/ask";
import { unreachable } from "@/lib/problem";

// A server that refuses as sallyport does. The real one answers in the browser tests.
const server = createServer((request, response) => {
  if (request.url?.endsWith("/sign-out")) {
    response.writeHead(429, { "content-type": "application/json", "retry-after": "9", "x-retry-after": "9" });
    response.end(JSON.stringify({ message: "Too many requests. Please try again later." }));
    return;
  }
  response.writeHead(400, { "content-type": "application/json" });
  response.end(JSON.stringify({ code: "INVALID_PASSWORD", message: "Invalid password" }));
});
const person = { email: "ann@example.com", password: "no matter" };
let client: ReturnType<typeof createAuthClient>;

beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  if (!address || typeof address === "string") throw new Error("no port");
  client = createAuthClient({ baseURL: `http://127.0.0.1:${address.port}` });
});
afterAll(() => void server.close());

test("an error of the server becomes a problem with a field", async () => {
  const { data, problem } = await ask((options) => client.signIn.email(person, options));
  expect(data).toBeUndefined();
  expect(problem).toMatchObject({ code: "INVALID_PASSWORD", field: "password" });
});

test("a limit tells after how many seconds to come back", async () => {
  const { problem } = await ask((options) => client.signOut({ fetchOptions: options }));
  expect(problem?.message).toBe("Too many requests. Try again in 9 seconds.");
});

test("no answer is a problem too, and a mistake of ours is none", async () => {
  const away = createAuthClient({ baseURL: "http://127.0.0.1:1" });
  expect((await ask((options) => away.signIn.email(person, options))).problem).toBe(unreachable);
  const broken = () => Promise.reject(new RangeError("a mistake"));
  await expect(ask(broken)).rejects.toThrow("a mistake");
});

test("an API's error is told in its own words, but a limit in ours", async () => {
  const refuse = (status: number, retryAfter: number | null = null) =>
    askAPI(() => Promise.reject(new ApiError(status, "There is no such task", retryAfter)));
  expect(await refuse(404)).toEqual({ problem: { message: "There is no such task" } });
  expect(await refuse(429, 12)).toEqual({ problem: { message: "Too many requests. Try again in 12 seconds." } });
  expect(await askAPI(async () => 5)).toEqual({ data: 5 });
  await expect(askAPI(() => Promise.reject(new RangeError("a mistake")))).rejects.toThrow("a mistake");
});
