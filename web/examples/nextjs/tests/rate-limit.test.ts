import { afterAll, beforeAll, expect, test } from "vitest";
import { once } from "node:events";
import { connect, createLimit } from "@/lib/rate-limit";
import { freePort } from "./support/http";
import { start, type Program } from "./support/program";

let server: Program;
let url: string;

beforeAll(async () => {
  const port = String(await freePort());
  const settings = ["--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  server = await start("redis-server", settings, process.env, "Ready to accept connections");
  url = `redis://127.0.0.1:${port}`;
});

afterAll(() => server.stop());

async function connected() {
  const redis = connect(url);
  await once(redis, "ready");
  return redis;
}

test("in memory, each key has its own count and is told how long to wait", async () => {
  const limit = createLimit("test", 2, null);
  expect(await limit("ann")).toBeNull();
  expect(await limit("ann")).toBeNull();
  const wait = await limit("ann");
  expect(wait).toBeGreaterThan(0);
  expect(wait).toBeLessThanOrEqual(60);
  expect(await limit("ben")).toBeNull();
});

test("in Redis, servers count together", async () => {
  const [one, other] = [await connected(), await connected()];
  const limits = [createLimit("shared", 2, one), createLimit("shared", 2, other)] as const;
  expect(await limits[0]("ann")).toBeNull();
  expect(await limits[1]("ann")).toBeNull();
  expect(await limits[0]("ann")).toBeGreaterThan(0);
  expect(await limits[1]("ann")).toBeGreaterThan(0);
  one.disconnect();
  other.disconnect();
});

test("requests at once are not counted less", async () => {
  const redis = await connected();
  const limit = createLimit("burst", 5, redis);
  const waits = await Promise.all(Array.from({ length: 20 }, () => limit("ann")));
  expect(waits.filter((wait) => wait === null)).toHaveLength(5);
  redis.disconnect();
});

test("limits of different names do not share their counts", async () => {
  const redis = await connected();
  const [address, user] = [createLimit("a", 1, redis), createLimit("b", 1, redis)];
  expect(await address("x")).toBeNull();
  expect(await user("x")).toBeNull();
  redis.disconnect();
});

test("while Redis is away, the process counts for itself: no limit is open", async () => {
  const redis = connect(`redis://127.0.0.1:${await freePort()}`);
  const limit = createLimit("away", 2, redis);
  expect([await limit("ann"), await limit("ann")]).toEqual([null, null]);
  expect(await limit("ann")).toBeGreaterThan(0);
  redis.disconnect();
});

test("while Redis hangs, no request waits for it long, and no limit is open", async () => {
  const redis = await connected();
  const limit = createLimit("hanging", 1, redis);
  await redis.call("CLIENT", "PAUSE", "60000"); // answers nobody any more, until it is stopped
  expect(await limit("ann")).toBeNull();
  expect(await limit("ann")).toBeGreaterThan(0);
  redis.disconnect();
});
