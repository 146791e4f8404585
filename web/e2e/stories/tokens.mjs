import assert from "node:assert/strict";
import { callAPI, claimsOf, until, watchTokens } from "../browser/api.mjs";
import { signUp, stranger } from "../browser/person.mjs";
import { story } from "../browser/story.mjs";
import { addTask } from "../browser/tasks.mjs";

export default (stage) =>
  story(stage, "A token lives for ten seconds, in memory alone, and the next one follows", async (stack) => {
    const { setup, mails, visit } = stack;
    const visitor = await visit("ann");
    const renewals = [];
    visitor.page.on("request", (request) => request.url().endsWith("/api/auth/token") && renewals.push(request.url()));
    const tokens = watchTokens(visitor, setup);
    await signUp(visitor, stranger(), mails);
    await addTask(visitor, "With the first token");
    const first = tokens.at(-1);
    assert.equal(claimsOf(first).exp - claimsOf(first).iat, 10);
    assert.deepEqual([claimsOf(first).iss, claimsOf(first).aud], [setup.issuer, setup.issuer]);

    await until(async () => (await callAPI(setup, "/tasks", first)).status === 401, "the first token ends");
    const before = renewals.length;
    await addTask(visitor, "With the second token");
    const second = tokens.at(-1);
    assert.notEqual(second, first);
    assert.ok(claimsOf(second).exp > claimsOf(first).exp, "the second token lives longer");
    assert.equal(renewals.length, before + 1, "and was asked for once");
    assert.equal(tokens.filter((token) => token === first).length + tokens.filter((token) => token === second).length, tokens.length);

    await visitor.shot("renewed");
    const kept = await whatTheBrowserKeeps(visitor);
    assert.deepEqual([kept.local, kept.session, kept.databases], [[], [], []], "the page keeps nothing");
    for (const token of [first, second]) assert.ok(!kept.cookies.includes(token), "no cookie holds a JWT");
  });

async function whatTheBrowserKeeps({ page, context }) {
  const kept = await page.evaluate(async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: await indexedDB.databases(),
  }));
  return { ...kept, cookies: JSON.stringify(await context.cookies()) };
}
