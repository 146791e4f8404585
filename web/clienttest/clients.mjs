import assert from "node:assert/strict";
import { createAuthClient } from "better-auth/client";
import { adminClient, jwtClient } from "better-auth/client/plugins";
import { createBrowser } from "./browser.mjs";
import { authURL, pageOrigin, stranger } from "./target.mjs";

/** The stock client in a new browser of its own. */
export function newClient() {
  const browser = createBrowser(pageOrigin);
  const client = createAuthClient({
    baseURL: authURL,
    plugins: [jwtClient(), adminClient()],
    fetchOptions: { customFetchImpl: browser.fetch },
  });
  const sessionCookie = () => browser.cookie("better-auth.session_token", `${authURL}/api/auth`);
  return { client, browser, sessionCookie };
}

/** A new client whose user has just signed up. */
export async function signUp(person = stranger()) {
  const it = newClient();
  const { user, token } = ok(await it.client.signUp.email(person));
  return { ...it, person, user, token };
}

/** One more client of the same person. */
export async function signIn({ email, password }) {
  const it = newClient();
  const { token } = ok(await it.client.signIn.email({ email, password }));
  return { ...it, token };
}

/** The data of an answer; an error in it fails the test. */
export function ok({ data, error }) {
  assert.equal(error, null, JSON.stringify(error));
  return data;
}

/** Asserts that an answer is the error with this status and code. */
export function refused({ data, error }, status, code) {
  assert.equal(data, null);
  assert.deepEqual([error.status, error.code], [status, code]);
  return error;
}
