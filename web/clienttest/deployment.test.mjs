// The deployments of docs/deployment.md in a real browser, under their own names: what works, and what breaks.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { chromium } from "playwright-core";
import { startFront } from "./front.mjs";
import { chromiumPath, stranger } from "./target.mjs";

// {name: {app, auth, server}} with the certificate of the fronts. Without the variable there are none, and no tests.
const { deployments = {}, cert, key } = JSON.parse(process.env.SALLYPORT_DEPLOYMENTS ?? "{}");

const works = { signUp: 200, session: true, token: true };
const signedOut = { signUp: 200, session: false, token: false };

// Each with what the page of the application gets, and whether the application's own server sees the cookie.
const expected = {
  "one domain": { ...works, seen: true },
  "one domain, another base URL": { signUp: 403, session: false, token: false, seen: false },
  "sub-domains": { ...works, seen: true },
  "sub-domains, nothing shared": { ...works, seen: false },
  "sub-domains, a public suffix shared": { ...signedOut, seen: false },
  "unrelated domains": { ...works, seen: false },
  "unrelated domains, not partitioned": { ...works, seen: false },
  "unrelated domains, Lax": { ...signedOut, seen: false },
  "a page on http": { ...signedOut, seen: false },
  "a page on https, the server on http": { signUp: "no answer", session: false, token: false, seen: false },
  "Secure cookies on http": { ...signedOut, seen: false },
  "not trusted": { signUp: "no answer", session: false, token: false, seen: false },
};

// What else a browser does that lets no other site have cookies, as Safari and Firefox do by themselves.
const blocking = {
  "one domain": { ...works, seen: true },
  "sub-domains": { ...works, seen: true },
  "unrelated domains": { ...works, seen: false },
  "unrelated domains, not partitioned": { ...signedOut, seen: false },
};

// Whether the application's page sees a session that began in a page of the server itself, as with a mailed link.
const begunElsewhere = {
  "one domain": true,
  "sub-domains": true,
  "unrelated domains": false,
  "unrelated domains, not partitioned": true,
};

if (cert) {
  const certificate = { cert: await readFile(cert), key: await readFile(key) };
  for (const [name, blocks, table] of [
    ["a browser", false, expected],
    ["a browser without third-party cookies", true, blocking],
  ]) {
    const open = await browser(blocks);
    const play = (what, deployment, visit, want) =>
      test(`${name}, ${what}: ${deployment}`, async (t) => {
        const front = await startFront(deployments[deployment], certificate);
        t.after(front.close);
        assert.deepEqual(await visit(await open(), deployments[deployment]), want);
      });
    for (const [deployment, want] of Object.entries(table)) play("sign-up", deployment, visit, want);
    if (blocks) continue;
    for (const [deployment, want] of Object.entries(begunElsewhere)) play("mailed link", deployment, follow, want);
  }
}

/** Starts a browser for which every name is this machine. Gives what opens a page in it, without any cookies. */
async function browser(blocksThirdParties) {
  const profile = await mkdtemp(join(tmpdir(), "deployment-"));
  await mkdir(join(profile, "Default"));
  const preferences = { profile: { cookie_controls_mode: blocksThirdParties ? 1 : 0 } };
  await writeFile(join(profile, "Default", "Preferences"), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    ignoreHTTPSErrors: true,
    args: [
      ...["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
      "--host-resolver-rules=MAP * 127.0.0.1",
    ],
  });
  after(async () => {
    await context.close();
    await rm(profile, { recursive: true });
  });
  return async () => {
    await context.clearCookies(); // the deployments have the same names
    return context.newPage();
  };
}

/** Signs somebody up from the application's page, and tells what the page and the application's server then know. */
async function visit(page, { app, auth }) {
  page.setDefaultTimeout(20_000);
  await page.goto(app);
  const result = await page.evaluate(signUp, { auth, person: stranger() });
  await page.reload();
  const names = await page.evaluate(() => fetch("/seen").then((answer) => answer.json()));
  await page.close();
  return { ...result, seen: names.some((name) => name.endsWith("better-auth.session_token")) };
}

/** Begins a session in a page of the server, goes on to the application, and tells whether its page has the session. */
async function follow(page, { app, auth }) {
  page.setDefaultTimeout(20_000);
  // The server's own pages may run no scripts.
  await page.route(`${auth}/blank`, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
  await page.goto(`${auth}/blank`);
  assert.equal((await page.evaluate(signUp, { auth, person: stranger() })).session, true);
  await page.goto(app);
  const session = await page.evaluate(
    (auth) => fetch(`${auth}/api/auth/get-session`, { credentials: "include" }).then((answer) => answer.json()),
    auth,
  );
  await page.close();
  return session !== null;
}

/** Runs in the page. */
async function signUp({ auth, person }) {
  const ask = (path, more) => fetch(`${auth}/api/auth${path}`, { credentials: "include", ...more });
  const headers = { "content-type": "application/json" };
  const status = await ask("/sign-up/email", { method: "POST", headers, body: JSON.stringify(person) }).then(
    (answer) => answer.status,
    () => "no answer",
  );
  const session = await ask("/get-session").then((answer) => answer.json(), () => null);
  const token = await ask("/token").then((answer) => answer.ok, () => false);
  return { signUp: status, session: session?.user.email === person.email.toLowerCase(), token };
}
