import { parseProviders } from "./social-providers";

// What the Next.js server reads from its environment. Browsers get the NEXT_PUBLIC_ variables alone, at build time.

/** Where this server reaches sallyport. */
export const authURL = process.env.AUTH_URL || "http://localhost:8080";

/** Where browsers reach it, which is what tokens name as their issuer: its own origin, or this application's. */
const browsersAuthURL = process.env.NEXT_PUBLIC_AUTH_URL || process.env.APP_ORIGIN || "http://localhost:3000";

/** What a token must say, and how it must be signed. */
export const tokenRules = {
  issuer: process.env.AUTH_ISSUER || browsersAuthURL,
  audience: process.env.AUTH_AUDIENCE || browsersAuthURL,
  algorithms: list(process.env.AUTH_ALGORITHMS || "EdDSA"),
};

/** Requests to /api in a minute. The address counts for everybody; the user, in addition, for whoever has signed in. */
export const apiLimits = {
  perAddress: positive("API_LIMIT_PER_ADDRESS", 600),
  perUser: positive("API_LIMIT_PER_USER", 300),
};

/** Whom one can sign in with beside an address and a password; those of SOCIAL_POPUPS in a window of their own. */
export const socialProviders = parseProviders(process.env.SOCIAL_PROVIDERS ?? "", process.env.SOCIAL_POPUPS ?? "");

/** Where requests are counted; in the memory of this process when it is unset. */
export const redisURL = process.env.REDIS_URL;

/** Proxies whose X-Forwarded-For is believed. Unset means those of this machine and of private networks. */
export const trustedProxies = list(
  process.env.TRUSTED_PROXIES ?? "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7",
);

/** A limit that is no number would be none at all. */
function positive(name: string, fallback: number): number {
  const value = Number(process.env[name] || fallback);
  if (!Number.isSafeInteger(value) || value < 1) throw new Error(`${name} must be a whole number above 0.`);
  return value;
}

function list(text: string): string[] {
  return text
    .split(",")
    .map((item) => item.trim())
    .filter(Boolean);
}
