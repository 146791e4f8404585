// The stock client with adminClient: users, roles, bans, lists, sessions, passwords, impersonation.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ok, refused, signIn, signUp } from "./clients.mjs";
import { administrator, stranger } from "./target.mjs";

test("listUsers searches, filters, sorts and pages", async () => {
  const { client } = await signIn(administrator);
  const { user } = await signUp();
  const found = ok(await client.admin.listUsers({ query: { searchValue: user.email, limit: 5 } }));
  assert.deepEqual([found.users.map((u) => u.id), found.total, found.limit], [[user.id], 1, 5]);
  assert.ok(found.users[0].createdAt instanceof Date);
  const query = { filterField: "id", filterOperator: "in", filterValue: [user.id, "nobody"] };
  assert.equal(ok(await client.admin.listUsers({ query })).total, 1);
  const page = ok(await client.admin.listUsers({ query: { sortBy: "createdAt", sortDirection: "desc", limit: 1, offset: 0 } }));
  assert.equal(page.users.length, 1);
  assert.ok(page.total > 1);
});

test("listUsers is refused to everybody else", async () => {
  const { client } = await signUp();
  refused(await client.admin.listUsers({ query: {} }), 403, "YOU_ARE_NOT_ALLOWED_TO_LIST_USERS");
});

test("sessions of a user are listed and revoked", async () => {
  const { client } = await signIn(administrator);
  const first = await signUp();
  const second = await signIn(first.person);
  const userId = first.user.id;
  const { sessions } = ok(await client.admin.listUserSessions({ userId }));
  assert.deepEqual(sessions.map((s) => s.token).sort(), [first.token, second.token].sort());
  assert.deepEqual(ok(await client.admin.revokeUserSession({ sessionToken: first.token })), { success: true });
  assert.equal(ok(await first.client.getSession()), null);
  assert.deepEqual(ok(await client.admin.revokeUserSessions({ userId })), { success: true });
  assert.equal(ok(await second.client.getSession()), null);
});

test("setUserPassword and removeUser", async () => {
  const { client } = await signIn(administrator);
  const { person, user } = await signUp();
  assert.deepEqual(ok(await client.admin.setUserPassword({ userId: user.id, newPassword: "battery staple" })), { status: true });
  const again = await signIn({ email: person.email, password: "battery staple" });
  assert.deepEqual(ok(await client.admin.removeUser({ userId: user.id })), { success: true });
  assert.equal(ok(await again.client.getSession()), null);
  refused(await client.admin.removeUser({ userId: user.id }), 404, "USER_NOT_FOUND");
});

test("impersonateUser and stopImpersonating", async () => {
  const { client } = await signIn(administrator);
  const { user } = await signUp();
  const entered = ok(await client.admin.impersonateUser({ userId: user.id }));
  const own = ok(await client.getSession());
  assert.deepEqual([entered.user.id, own.user.id], [user.id, user.id]);
  assert.equal(own.session.impersonatedBy, entered.session.impersonatedBy);
  const back = ok(await client.admin.stopImpersonating());
  assert.equal(back.user.email, administrator.email);
  assert.equal(ok(await client.getSession()).user.id, back.user.id);
});

test("createUser, getUser and updateUser", async () => {
  const { client } = await signIn(administrator);
  const person = stranger();
  const { user } = ok(await client.admin.createUser({ ...person, role: "user" }));
  assert.deepEqual([user.email, user.role, user.banned], [person.email.toLowerCase(), "user", false]);
  assert.equal(ok(await client.admin.getUser({ query: { id: user.id } })).id, user.id);
  assert.equal(ok(await client.admin.updateUser({ userId: user.id, data: { name: "Other" } })).name, "Other");
  const own = await signIn(person);
  assert.equal(ok(await own.client.getSession()).user.name, "Other");
  refused(await own.client.admin.getUser({ query: { id: user.id } }), 403, "YOU_ARE_NOT_ALLOWED_TO_GET_USER");
});

test("setRole and hasPermission", async () => {
  const { client } = await signIn(administrator);
  const { client: own, user } = await signUp();
  const permissions = { user: ["list"] };
  assert.equal(ok(await own.admin.hasPermission({ permissions })).success, false);
  assert.equal(ok(await client.admin.setRole({ userId: user.id, role: "admin" })).user.role, "admin");
  assert.equal((await own.getSession({ query: { disableCookieCache: true } })).data.user.role, "admin");
  assert.equal(ok(await own.admin.hasPermission({ permissions })).success, true);
});

test("banUser and unbanUser", async () => {
  const { client } = await signIn(administrator);
  const { client: own, person, user } = await signUp();
  const banned = ok(await client.admin.banUser({ userId: user.id, banReason: "spam", banExpiresIn: 3600 })).user;
  assert.deepEqual([banned.banned, banned.banReason], [true, "spam"]);
  assert.equal(ok(await own.getSession({ query: { disableCookieCache: true } })), null);
  refused(await own.signIn.email({ email: person.email, password: person.password }), 403, "BANNED_USER");
  assert.equal(ok(await client.admin.unbanUser({ userId: user.id })).user.banned, false);
  await signIn(person);
});
