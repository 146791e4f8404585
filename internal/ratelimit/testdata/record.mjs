// Plays sequences of requests, on a clock of its own, through better-auth's
// rate limiter (memory storage) and records its decisions.
// Usage: node record.mjs NODE_MODULES > answers.json
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

process.env.NODE_ENV = "production";
const modules = process.argv[2];
const load = (path) => import(pathToFileURL(`${modules}/${path}`));
const { onRequestRateLimit } = await load("better-auth/dist/api/rate-limiter/index.mjs");
const { version } = JSON.parse(readFileSync(`${modules}/better-auth/package.json`));

let now = 1_700_000_000_000;
Date.now = () => now;

// Plugin rules of the recording: prefix -> window, max; in this order, one list per plugin.
const plugins = [
  { id: "a", rateLimit: [{ pathMatcher: (p) => p.startsWith("/sign-in/magic-link"), window: 60, max: 5 }, { pathMatcher: (p) => p.startsWith("/two"), window: 10, max: 3 }] },
  { id: "b", rateLimit: [{ pathMatcher: (p) => p.startsWith("/two-factor/"), window: 60, max: 1 }, { pathMatcher: (p) => p.startsWith("/once"), window: 1, max: 1 }] },
];

let clients = 0;
/** Plays one sequence of [milliseconds to wait, path] from an address of its own. */
async function play(name, settings, steps, anonymous) {
  const n = ++clients;
  const address = anonymous ? "" : `203.0.${n >> 8}.${n & 255}`;
  const headers = new Headers(anonymous ? {} : { "x-forwarded-for": address });
  const ctx = {
    baseURL: "http://localhost:3000/api/auth",
    rateLimit: { enabled: true, storage: "memory", ...settings, window: settings.window || 10, max: settings.max || 100 },
    options: { plugins, rateLimit: settings, advanced: {} },
    logger: { warn() {} },
  };
  const answers = [];
  for (const [wait, path, address2] of steps) {
    now += wait;
    if (address2) headers.set("x-forwarded-for", address2);
    const response = await onRequestRateLimit(new Request(`http://localhost:3000/api/auth${path}`, { headers }), ctx);
    answers.push([wait, path, address2 ?? address, response ? Number(response.headers.get("x-retry-after")) : -1]);
    if (response && (response.status !== 429 || (await response.text()) !== '{"message":"Too many requests. Please try again later."}')) throw new Error("unexpected refusal");
  }
  now += 10_000_000;
  return { name, ...settings, steps: answers };
}

const times = (n, wait, path) => Array.from({ length: n }, () => [wait, path]);
let seed = 42;
const random = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
const paths = ["/sign-in/email", "/sign-up/email", "/change-password", "/change-email", "/request-password-reset", "/send-verification-email", "/forget-password", "/forget-password/email-otp",
  "/email-otp/send-verification-otp", "/email-otp/request-password-reset", "/sign-in/magic-link", "/two-factor/enable", "/two", "/once", "/get-session", "/ok", "/", "/unknown", "/sign-ins", "/sign-out", "/request-password-reset/x"];

const sequences = [];
for (const path of paths) sequences.push(await play(`default rule of ${path}`, {}, times(102, 1, path)));
sequences.push(await play("the window restarts on every allowed request", {}, times(6, 9_000, "/sign-in/email")));
sequences.push(await play("a refusal does not extend the block", {}, [...times(3, 0, "/sign-in/email"), ...times(12, 1_000, "/sign-in/email")]));
sequences.push(await play("the edge of the window", {}, [...times(3, 0, "/sign-in/email"), [9_999, "/sign-in/email"], [1, "/sign-in/email"], [0, "/sign-in/email"]]));
sequences.push(await play("seconds are rounded up", {}, [...times(3, 0, "/sign-in/email"), [1, "/sign-in/email"], [998, "/sign-in/email"], [1, "/sign-in/email"], [1, "/sign-in/email"], [8_998, "/sign-in/email"]]));
sequences.push(await play("paths and addresses are counted apart", { max: 1 }, [[0, "/a"], [0, "/a"], [0, "/b"], [0, "/a", "198.51.100.1"], [0, "/a", "198.51.100.1"]]));
sequences.push(await play("own window and maximum", { window: 3, max: 2 }, [...times(4, 500, "/get-session"), [2_000, "/get-session"], [500, "/get-session"], ...times(3, 100, "/sign-in/email")]));
sequences.push(await play("zero means the default", { window: 0, max: 0 }, times(102, 5, "/get-session")));
sequences.push(await play("no address", { max: 2 }, times(4, 10, "/get-session"), true));
for (let i = 0; i < 20; i++) {
  const steps = Array.from({ length: 60 }, () => [[0, 1, 400, 999, 1_000, 3_000, 9_999, 10_000, 15_000][random(9)], paths[random(4) * 5]]);
  sequences.push(await play(`chance ${i}`, i % 2 ? { window: 5, max: 3 } : {}, steps));
}
console.log(`{"version":${JSON.stringify(version)},\n"sequences":[\n${sequences.map((s) => JSON.stringify(s)).join(",\n")}\n]}`);
