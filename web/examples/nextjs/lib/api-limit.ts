import { createHash } from "node:crypto";
import { getSessionCookie } from "better-auth/cookies";
import { bearerToken, verifyToken } from "./bearer";
import { clientAddress, clientNetwork, proxyList } from "./client-address";
import { connect, createLimit } from "./rate-limit";
import { apiLimits, redisURL, trustedProxies } from "./settings";

const redis = redisURL ? connect(redisURL) : null;
const byAddress = createLimit("address", apiLimits.perAddress, redis);
const byUser = createLimit("user", apiLimits.perUser, redis);
const proxies = proxyList(trustedProxies);

/**
 * Counts a request to /api, and gives the answer for one that was too many. Every request counts for its address:
 * a cookie that somebody made up gets around the limit for users, but not around that one.
 */
export async function limitAPI(headers: Headers): Promise<Response | null> {
  const address = clientAddress(headers.get("x-forwarded-for"), proxies);
  const wait = (await byAddress(address ? clientNetwork(address) : "unknown")) ?? (await waitOfUser(headers));
  return wait === null ? null : tooMany(wait);
}

async function waitOfUser(headers: Headers): Promise<number | null> {
  const user = await userKey(headers);
  return user === null ? null : byUser(user);
}

/** The user of a token that verifies; else the session of the cookie, which nobody has checked yet. */
async function userKey(headers: Headers): Promise<string | null> {
  const token = bearerToken(headers);
  const user = token && (await verifyToken(token).catch(() => null));
  if (user) return `user:${user.id}`;
  const cookie = getSessionCookie(headers);
  return cookie === null ? null : `session:${createHash("sha256").update(cookie).digest("base64url")}`;
}

/** As FastAPI words it (`detail`) and as sallyport does (`message`): clients of both read it. */
function tooMany(seconds: number): Response {
  const text = `Too many requests. Try again in ${seconds} seconds.`;
  return Response.json({ detail: text, message: text }, { status: 429, headers: { "Retry-After": String(seconds) } });
}
