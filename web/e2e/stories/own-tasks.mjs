import assert from "node:assert/strict";
import { callAPI, claimsOf, tokenOf } from "../browser/api.mjs";
import { signUp, stranger } from "../browser/person.mjs";
import { story } from "../browser/story.mjs";
import { addTask } from "../browser/tasks.mjs";

export default (stage) =>
  story(stage, "Nobody sees the tasks of somebody else", async ({ setup, mails, visit }) => {
    const [ann, bob] = [await visit("ann"), await visit("bob")];
    await Promise.all([signUp(ann, stranger(), mails), signUp(bob, stranger("Bob"), mails)]);
    await addTask(ann, "A secret of Ann");
    await bob.page.reload();
    await bob.sees("Nothing to do");
    await bob.shot("sees-nothing");

    const [hers, his] = [await tokenOf(ann, setup), await tokenOf(bob, setup)];
    const { tasks } = (await callAPI(setup, "/tasks", hers)).body;
    assert.deepEqual(tasks.map(({ title }) => title), ["A secret of Ann"]);
    const path = `/tasks/${tasks[0].id}`;
    const change = { method: "PUT", body: { title: "Bob was here", done: true } };
    for (const options of [{}, change, { method: "DELETE" }]) {
      assert.equal((await callAPI(setup, path, his, options)).status, 404, `${options.method ?? "GET"} of another's task`);
    }
    assert.equal((await callAPI(setup, path, hers)).body.title, "A secret of Ann");
    assert.deepEqual((await callAPI(setup, "/tasks", his)).body, { tasks: [] });

    const route = { ...setup, api: setup.app }; // a route handler of the application, which verifies tokens too
    const own = `/api/users/${claimsOf(hers).sub}`;
    assert.equal((await callAPI(route, own, hers)).body.id, claimsOf(hers).sub);
    assert.equal((await callAPI(route, own, his)).status, 403);
    assert.equal((await callAPI(route, own, `${hers.slice(0, -4)}AAAA`)).status, 401);
  });
