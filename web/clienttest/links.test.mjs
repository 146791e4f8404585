// Mailed links, opened in a real browser, lead back to the application's page. Needs SALLYPORT_MAILING_URL.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { createAuthClient } from "better-auth/client";
import { chromium } from "playwright-core";
import { createBrowser } from "./browser.mjs";
import { ok } from "./clients.mjs";
import { openInbox } from "./inbox.mjs";
import { bundle, servePage } from "./page.mjs";
import { chromiumPath, mailing, pageOrigin, stranger } from "./target.mjs";

const skip = mailing ? false : "there is no SALLYPORT_MAILING_URL";
const inbox = mailing && (await openInbox(mailing.inbox, mailing.secret));
after(() => inbox?.close());
const site = await servePage(pageOrigin, await bundle());
after(site.close);
const browser = await chromium.launch({
  executablePath: chromiumPath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
});
after(() => browser.close());

const callbackURL = `${pageOrigin}/?auth=${mailing?.url}`;

/** A page in a new browser that has followed the link. */
async function opened(t, url) {
  const context = await browser.newContext();
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(url);
  const shows = async (text) => {
    const found = await page.getByText(text).waitFor().then(() => true, () => false);
    assert.ok(found, `no "${text}" at ${page.url()}, which says:\n${await page.innerText("body")}`);
  };
  return { page, shows };
}

/** A client in Node whose person has signed up, and the link that was mailed. */
async function signUp() {
  const fetch = createBrowser(pageOrigin).fetch;
  const client = createAuthClient({ baseURL: mailing.url, fetchOptions: { customFetchImpl: fetch } });
  const person = stranger();
  ok(await client.signUp.email({ ...person, callbackURL }));
  const { url } = await inbox.next("sendVerificationEmail", person.email);
  return { client, person, url };
}

test("the link of a sign-up ends at the page, signed in", { skip }, async (t) => {
  const { person, url } = await signUp();
  const { page, shows } = await opened(t, url);
  await shows(`Signed in as ${person.email.toLowerCase()}`);
  assert.equal(new URL(page.url()).origin, pageOrigin);

  const again = await opened(t, url);
  await again.shows("Signed out");
});

test("the link of a reset ends at the page that sets the password", { skip }, async (t) => {
  const { client, person, url: proof } = await signUp();
  await opened(t, proof);
  ok(await client.requestPasswordReset({ email: person.email, redirectTo: callbackURL }));
  const { url } = await inbox.next("sendResetPassword", person.email);
  const password = `new-${person.password}`;

  const { page, shows } = await opened(t, url);
  await page.getByPlaceholder("New password").fill(password);
  await page.getByRole("button", { name: "Set password" }).click();
  await shows("The password is set");
  await page.getByPlaceholder("E-mail").fill(person.email);
  await page.getByPlaceholder("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await shows(`Signed in as ${person.email.toLowerCase()}`);

  const late = await opened(t, url);
  assert.equal(new URL(late.page.url()).searchParams.get("error"), "INVALID_TOKEN");
});
