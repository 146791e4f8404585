import assert from "node:assert/strict";
import { callAPI, tokenOf, until } from "../../browser/api.mjs";
import { signUp, stranger } from "../../browser/person.mjs";
import { story } from "../../browser/story.mjs";
import { addTask } from "../../browser/tasks.mjs";

const keyOf = (token) => JSON.parse(Buffer.from(token.split(".")[0], "base64url")).kid;

export default (stage) =>
  story(stage, "Keys are rotated under a page that is in use", async ({ setup, server, mails, visit }) => {
    const visitor = await visit("ann");
    await signUp(visitor, stranger(), mails);
    await addTask(visitor, "Before");
    const before = await tokenOf(visitor, setup);

    await server.operator("keys", "rotate"); // published, and not signing yet
    assert.equal(keyOf(await tokenOf(visitor, setup)), keyOf(before));
    await addTask(visitor, "Between");

    await server.operator("keys", "rotate", "--now");
    let after;
    const isNew = async () => keyOf((after = await tokenOf(visitor, setup))) !== keyOf(before);
    await until(isNew, "the server signs with the new key");
    await visitor.page.reload(); // which forgets the token
    await addTask(visitor, "After");
    for (const token of [before, after]) assert.equal((await callAPI(setup, "/tasks", token)).status, 200);
    await visitor.shot("after");
  });
