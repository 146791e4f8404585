// The whole way in a real browser: a page of another origin, the identity
// server, and the API that trusts the server's tokens.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { chromium } from "playwright-core";
import { startAPI } from "./api.mjs";
import { newClient, refused } from "./clients.mjs";
import { bundle, servePage } from "./page.mjs";
import { apiDatabase, authURL, chromiumPath, pageOrigin, stranger } from "./target.mjs";

const script = await bundle();
const site = await servePage(pageOrigin, script);
after(site.close);
const api = await startAPI({ AUTH_URL: authURL, APP_ORIGINS: pageOrigin, DATABASE_URL: apiDatabase });
after(api.close);
const browser = await chromium.launch({
  executablePath: chromiumPath,
  // A test browser that talks to nobody but the test.
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
});
after(() => browser.close());

/** The page of that origin, opened in a browser profile that knows nothing yet. */
async function open(t, origin) {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const go = (origin) => page.goto(`${origin}/?auth=${authURL}&api=${api.url}`);
  await go(origin);
  return {
    page,
    context,
    go,
    press: (name) => page.getByRole("button", { name, exact: true }).click(),
    async shows(text) {
      const found = await page.getByText(text).waitFor().then(() => true, () => false);
      assert.ok(found, `no "${text}" in the page, which says:\n${await page.innerText("body")}`);
    },
    text: (id) => page.locator(id).textContent(),
    async fill(person) {
      await page.getByPlaceholder("Name").fill(person.name);
      await page.getByPlaceholder("E-mail").fill(person.email);
      await page.getByPlaceholder("Password").fill(person.password);
    },
  };
}

test("a page of a trusted origin signs up, gets a token and is known to the API", async (t) => {
  const person = stranger();
  const email = person.email.toLowerCase();
  const { page, context, press, shows, text, fill } = await open(t, site.origin);
  await shows("Signed out");

  await fill(person);
  await press("Sign up");
  await shows(`Signed in as ${email}`);
  assert.match(await text("#notice"), /^header: \w{32}\.\S{44}$/, "the page may read set-auth-token");

  await press("Ask the API");
  await shows("200 ");
  const { id, email: known } = JSON.parse((await text("#answer")).slice("200 ".length));
  assert.equal(known, email);
  assert.match(id, /^\w{32}$/);

  const [cookie] = await context.cookies(authURL);
  assert.deepEqual([cookie.name, cookie.httpOnly, cookie.sameSite], ["better-auth.session_token", true, "Lax"]);

  await page.reload();
  await shows(`Signed in as ${email}`);
  await press("Sign out");
  await shows("Signed out");
  await press("Ask the API");
  await shows("no token: 401");
  assert.deepEqual(await context.cookies(authURL), []);
});

test("the page may read errors, preflight included", async (t) => {
  const { press, shows, fill } = await open(t, site.origin);
  await shows("Signed out");
  await fill(stranger());
  await press("Sign in");
  await shows("refused: INVALID_EMAIL_OR_PASSWORD");
});

test("a page of an untrusted origin gets nothing, even where the browser is signed in", async (t) => {
  const evil = await servePage(`http://${new URL(pageOrigin).hostname}:0`, script); // the same site, another origin
  t.after(evil.close);
  const person = stranger();
  const { page, go, press, shows, fill } = await open(t, site.origin);
  await shows("Signed out");
  await fill(person);
  await press("Sign up");
  await shows("Signed in as");

  const complaints = [];
  page.on("console", (message) => complaints.push(message.text()));
  await go(evil.origin);
  await shows("Signed out");
  const newcomer = stranger();
  await fill(newcomer);
  await press("Sign up");
  await shows("refused: no answer");
  await press("Sign out");
  assert.ok(
    complaints.some((text) => text.includes("blocked by CORS policy")),
    complaints.join("\n"),
  );
  refused(await newClient().client.signIn.email(newcomer), 401, "INVALID_EMAIL_OR_PASSWORD");

  await go(site.origin);
  await shows(`Signed in as ${person.email.toLowerCase()}`);
});
