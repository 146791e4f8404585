import assert from "node:assert/strict";
import { callAPI, tokenOf } from "../../browser/api.mjs";
import { signUp, stranger } from "../../browser/person.mjs";
import { story } from "../../browser/story.mjs";
import { addTask } from "../../browser/tasks.mjs";

export default (stage) =>
  story(stage, "sallyport restarts under a page that is in use", async ({ setup, server, mails, visit }) => {
    const visitor = await visit("ann");
    await signUp(visitor, stranger(), mails);
    await addTask(visitor, "Before");
    const token = await tokenOf(visitor, setup);

    await server.stop();
    // The keys that the API has kept are enough, as long as a token lives.
    assert.equal((await callAPI(setup, "/tasks", token)).status, 200);
    visitor.expects(/dashboard: 500|React error #441|get-session/);
    await visitor.page.reload();
    await visitor.sees("Something went wrong");
    await visitor.shot("while-it-is-away");

    await server.start();
    await visitor.press("Try again");
    await visitor.arrives("/dashboard");
    await addTask(visitor, "After");
    await visitor.sees("Before");
    await visitor.sees("After");
    await visitor.shot("after");
  });
