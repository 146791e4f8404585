// The second factor with the stock client. Needs SALLYPORT_MAILING_URL.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, test } from "node:test";
import { createAuthClient } from "better-auth/client";
import { twoFactorClient } from "better-auth/client/plugins";
import { createBrowser } from "./browser.mjs";
import { ok, refused } from "./clients.mjs";
import { openInbox } from "./inbox.mjs";
import { mailing, pageOrigin, stranger } from "./target.mjs";

const skip = mailing ? false : "there is no SALLYPORT_MAILING_URL";
const inbox = mailing && (await openInbox(mailing.inbox, mailing.secret));
after(() => inbox?.close());

/** A client in a new browser, and the ways that it was told to ask for a code. */
function newClient() {
  const browser = createBrowser(pageOrigin);
  const asked = [];
  const client = createAuthClient({
    baseURL: mailing.url,
    plugins: [twoFactorClient({ onTwoFactorRedirect: ({ twoFactorMethods }) => void asked.push(twoFactorMethods) })],
    fetchOptions: { customFetchImpl: browser.fetch },
  });
  return { client, browser, asked };
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code that an authenticator app shows, so many steps from now (RFC 6238). */
function codeOf(totpURI, steps) {
  const query = new URL(totpURI).searchParams;
  const bits = [...query.get("secret")].map((c) => alphabet.indexOf(c).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / Number(query.get("period"))) + steps));
  const sum = createHmac("sha1", key).update(counter).digest();
  const number = sum.readUInt32BE(sum.at(-1) & 15) & 0x7fffffff;
  return String(number % 10 ** Number(query.get("digits"))).padStart(Number(query.get("digits")), "0");
}

test("a second factor is set up and asked for", { skip }, async (t) => {
  const person = stranger();
  const { email, password } = person;
  const { client, browser, asked } = newClient();
  ok(await client.signUp.email({ ...person, callbackURL: pageOrigin }));
  const { url } = await inbox.next("sendVerificationEmail", email);
  await browser.fetch(url, { redirect: "manual" });

  const { totpURI, backupCodes } = ok(await client.twoFactor.enable({ password }));
  assert.equal(backupCodes.length, 10);
  ok(await client.twoFactor.verifyTotp({ code: codeOf(totpURI, -1) }));
  assert.equal(ok(await client.getSession()).user.twoFactorEnabled, true);

  const begin = async (it) => {
    const data = ok(await it.client.signIn.email({ email, password }));
    assert.equal(data.twoFactorRedirect, true);
    assert.equal(ok(await it.client.getSession()), null);
    return data;
  };

  await t.test("by an app", async () => {
    ok(await client.signOut());
    await begin({ client });
    assert.deepEqual(asked.at(-1), ["totp", "otp"]);
    refused(await client.twoFactor.verifyTotp({ code: "no code" }), 401, "INVALID_CODE");
    const { user } = ok(await client.twoFactor.verifyTotp({ code: codeOf(totpURI, 1) }));
    assert.equal(user.email, email.toLowerCase());
    assert.equal(ok(await client.getSession()).user.id, user.id);
  });

  await t.test("by a code that is sent", async () => {
    const it = newClient();
    await begin(it);
    ok(await it.client.twoFactor.sendOtp());
    const { otp, user } = await inbox.next("sendOTP", email);
    assert.equal(user.email, email.toLowerCase());
    ok(await it.client.twoFactor.verifyOtp({ code: otp }));
    assert.ok(ok(await it.client.getSession()));
  });

  await t.test("by a backup code, in a browser that is trusted from then on", async () => {
    const it = newClient();
    await begin(it);
    ok(await it.client.twoFactor.verifyBackupCode({ code: backupCodes[0], trustDevice: true }));
    ok(await it.client.signOut());
    const data = ok(await it.client.signIn.email({ email, password }));
    assert.ok(data.token);
    assert.equal(it.asked.length, 1);
    assert.ok(ok(await it.client.getSession()));

    const other = newClient();
    await begin(other);
    refused(await other.client.twoFactor.verifyBackupCode({ code: backupCodes[0] }), 401, "INVALID_BACKUP_CODE");
  });

  await t.test("and given up", async () => {
    ok(await client.twoFactor.disable({ password }));
    const it = newClient();
    assert.ok(ok(await it.client.signIn.email({ email, password })).token);
    assert.equal(it.asked.length, 0);
  });
});
