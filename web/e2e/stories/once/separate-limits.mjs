import assert from "node:assert/strict";
import { answered } from "../../browser/api.mjs";
import { stranger, trySignIn } from "../../browser/person.mjs";
import { story } from "../../browser/story.mjs";

export default (stage) => {
  story(stage, "Two browsers behind Next have a limit each at sallyport", async ({ visit }) => {
    const [ann, bob] = [await visit("ann"), await visit("bob")];
    const signIn = (visitor) => answered(visitor, "/sign-in/email", () => trySignIn(visitor, stranger()));
    ann.expects(/sign-in\/email: 401/, /sign-in\/email: 429/);
    bob.expects(/sign-in\/email: 401/);
    for (const status of [401, 401, 401, 429]) assert.equal(await signIn(ann), status);
    await ann.context.setExtraHTTPHeaders({ "X-Forwarded-For": "203.0.113.9" });
    assert.equal(await signIn(ann), 429, "an address that the browser makes up does not count");
    await ann.shot("is-stopped");
    assert.equal(await signIn(bob), 401);
    await bob.shot("is-not");
  });

  story(stage, "Two browsers behind Next have a limit each at its own routes", async ({ visit }) => {
    const [ann, bob] = [await visit("ann"), await visit("bob")];
    ann.expects(/users\/1: 401/, /users\/1: 429/);
    bob.expects(/users\/1: 401/);
    for (const visitor of [ann, bob]) await visitor.goto("/");
    const statuses = await callTheRoute(ann, 110);
    assert.deepEqual([...new Set(statuses)], [401, 429], "after a while there were too many");
    await ann.context.setExtraHTTPHeaders({ "X-Forwarded-For": "203.0.113.9" });
    assert.deepEqual(await callTheRoute(ann, 1), [429], "an address that the browser makes up does not count");
    assert.deepEqual(await callTheRoute(bob, 1), [401]);
  });
};

/** The statuses of so many calls, one after the other. */
function callTheRoute({ page }, times) {
  return page.evaluate(async (times) => {
    const statuses = [];
    for (let i = 0; i < times; i++) statuses.push((await fetch("/api/users/1")).status);
    return statuses;
  }, times);
}
