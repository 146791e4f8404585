import assert from "node:assert/strict";
import { claimsOf, tokenOf } from "../browser/api.mjs";
import { signUp, stranger } from "../browser/person.mjs";
import { story } from "../browser/story.mjs";

export default (stage) =>
  story(stage, "A premium user may ask for more reports, with the next token", async ({ setup, server, mails, visit }) => {
    const ann = stranger();
    const visitor = await visit("ann");
    await signUp(visitor, ann, mails);
    const reports = visitor.section("Report");
    assert.deepEqual(await askTenTimes(visitor, setup), Array(10).fill(200));
    visitor.expects(/\/reports: 429/);
    await reports.press("Load report");
    await reports.sees("Too many requests");
    await visitor.shot("limit-of-a-user");

    await server.operator("user", "set-role", "--user", ann.email, "--role", "premium");
    await visitor.page.reload(); // which forgets the token of the old role
    await reports.sees("premium");
    await reports.press("Load report");
    await reports.sees("The report is up to date.");
    await visitor.shot("limit-of-premium");
    assert.equal(claimsOf(await tokenOf(visitor, setup)).role, "premium");
  });

/** From the browser, because the limit counts a user at an address. */
async function askTenTimes(visitor, setup) {
  const headers = { Authorization: `Bearer ${await tokenOf(visitor, setup)}` };
  return visitor.page.evaluate(
    ({ url, headers }) => Promise.all(Array.from({ length: 10 }, async () => (await fetch(url, { headers })).status)),
    { url: `${setup.api}/reports`, headers },
  );
}
