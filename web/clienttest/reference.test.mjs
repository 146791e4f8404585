// The page that describes the API, in a real browser.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { chromium } from "playwright-core";
import { authURL, chromiumPath } from "./target.mjs";

const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
});
after(() => browser.close());

/** The page, opened at a fragment, with what it asked for and complained of. */
async function open(t, fragment = "", options = {}) {
  const context = await browser.newContext(options);
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const requests = [];
  const complaints = [];
  page.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  const url = `${authURL}/api/auth/reference`;
  await page.goto(url + fragment);
  return { page, url, requests, complaints };
}

test("the page lists every endpoint and asks for nothing else", async (t) => {
  const { page, url, requests, complaints } = await open(t);
  const document = await (await fetch(`${authURL}/api/auth/open-api/generate-schema`)).json();
  const operations = Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()}${path}`));
  const listed = await page.locator("nav section li a[href^='#']:not([href^='#model-'])").allTextContents();
  assert.deepEqual(listed.toSorted(), operations.toSorted());
  assert.deepEqual(requests, [url]);
  assert.deepEqual(complaints, []);
});

test("the filter finds endpoints, and a link opens one", async (t) => {
  const { page } = await open(t, "#signInEmail");
  await page.locator("#signInEmail table").first().waitFor({ state: "visible" });
  assert.match(await page.locator("#signInEmail").innerText(), /rememberMe/);

  await page.getByRole("searchbox").fill("revoke other");
  const links = page.locator("nav li:visible");
  assert.deepEqual(await links.allTextContents(), ["POST/revoke-other-sessions"]);
  await links.first().getByRole("link").click();
  await page.locator("#revokeOtherSessions pre").waitFor({ state: "visible" });
});

test("the page can be read without scripts and on a telephone", async (t) => {
  const { page, complaints } = await open(t, "", { javaScriptEnabled: false, viewport: { width: 360, height: 640 } });
  await page.locator("#getSession summary").click();
  await page.locator("#getSession pre").waitFor({ state: "visible" });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth).catch(() => 0);
  assert.ok(wide <= 360, `the page is ${wide} wide`);
  assert.deepEqual(complaints, []);
});
