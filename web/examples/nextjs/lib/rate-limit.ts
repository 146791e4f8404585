import { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from "rate-limiter-flexible";

/** Counts a request under a key. It gives the seconds to wait when that was one too many, else null. */
export type Limit = (key: string) => Promise<number | null>;

/** So many requests in a minute for each key, counted in a Redis that several servers share, or in this process. */
export function createLimit(name: string, points: number, redis: Redis | null): Limit {
  const options = { keyPrefix: `limit:${name}`, points, duration: 60 };
  const memory = new RateLimiterMemory(options);
  return limitOf(redis ? sharedLimiter(redis, options, memory) : memory);
}

/** A connection for limits. Requests do not wait for it: while it is down, each process counts for itself. */
export function connect(url: string): Redis {
  const redis = new Redis(url, { enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 500 });
  redis.on("error", (error) => console.warn(`Redis cannot be used, limits are counted in this process: ${error.message}`));
  return redis;
}

function sharedLimiter(redis: Redis, options: { points: number; duration: number }, memory: RateLimiterMemory): RateLimiterRedis {
  return new RateLimiterRedis({
    ...options,
    storeClient: redis,
    rejectIfRedisNotReady: true,
    insuranceLimiter: memory,
    inMemoryBlockOnConsumed: options.points + 1, // who is over the limit costs Redis nothing more
  });
}

function limitOf(limiter: RateLimiterAbstract): Limit {
  return async (key) => {
    try {
      await limiter.consume(key);
      return null;
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal;
      return Math.max(1, Math.ceil(refusal.msBeforeNext / 1000));
    }
  };
}
