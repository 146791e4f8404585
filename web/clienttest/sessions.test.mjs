// One person in several browsers: listing and revoking sessions.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ok, signIn, signUp } from "./clients.mjs";

/** A new person signed in three times: tokens and clients in the order of sign-in. */
async function threeBrowsers() {
  const first = await signUp();
  const all = [first, await signIn(first.person), await signIn(first.person)];
  return { all, tokens: all.map((b) => b.token) };
}

/** The tokens of the sessions that a client sees, sorted. */
async function listed({ client }) {
  return ok(await client.listSessions())
    .map((session) => session.token)
    .sort();
}

async function signedIn({ client }) {
  return ok(await client.getSession()) !== null;
}

test("listSessions shows every session of the person and nobody else's", async () => {
  const { all, tokens } = await threeBrowsers();
  await signUp();
  const sessions = ok(await all[1].client.listSessions());
  assert.deepEqual(sessions.map((s) => s.token).sort(), tokens.toSorted());
  assert.ok(sessions.every((s) => s.userId === all[0].user.id && s.expiresAt > new Date()));
});

test("revokeSession ends that one session", async () => {
  const { all, tokens } = await threeBrowsers();
  assert.deepEqual(ok(await all[0].client.revokeSession({ token: tokens[1] })), { status: true });
  assert.deepEqual(await Promise.all(all.map(signedIn)), [true, false, true]);
  assert.deepEqual(await listed(all[0]), [tokens[0], tokens[2]].sort());
});

test("revokeSession of a stranger's session changes nothing", async () => {
  const victim = await signUp();
  const thief = await signUp();
  assert.deepEqual(ok(await thief.client.revokeSession({ token: victim.token })), { status: true });
  assert.equal(await signedIn(victim), true);
});

test("revokeOtherSessions leaves the one that asked", async () => {
  const { all, tokens } = await threeBrowsers();
  assert.deepEqual(ok(await all[2].client.revokeOtherSessions()), { status: true });
  assert.deepEqual(await Promise.all(all.map(signedIn)), [false, false, true]);
  assert.deepEqual(await listed(all[2]), [tokens[2]]);
});

test("revokeSessions ends all and removes the cookie", async () => {
  const { all } = await threeBrowsers();
  assert.deepEqual(ok(await all[1].client.revokeSessions()), { status: true });
  assert.equal(await all[1].sessionCookie(), undefined);
  assert.deepEqual(await Promise.all(all.map(signedIn)), [false, false, false]);
});
