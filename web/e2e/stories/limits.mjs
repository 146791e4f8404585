import assert from "node:assert/strict";
import { answered } from "../browser/api.mjs";
import { signUp, stranger, trySignIn } from "../browser/person.mjs";
import { story } from "../browser/story.mjs";

export default (stage) => {
  story(stage, "The API takes five messages a minute, and the page says so", async ({ mails, visit }) => {
    const visitor = await visit("ann");
    await signUp(visitor, stranger(), mails);
    const messages = visitor.section("Messages");
    visitor.expects(/\/messages: 429/);
    for (const status of [202, 202, 202, 202, 202, 429]) {
      await messages.fill("Message", "Hello");
      assert.equal(await answered(visitor, "/messages", () => messages.press("Send message")), status);
    }
    await messages.sees(/Too many requests. Try again in \d+ seconds/);
    await visitor.shot("too-many-messages");
  });

  story(stage, "The fourth sign-in within ten seconds is refused, and the page says so", async ({ visit }) => {
    const visitor = await visit("ann");
    const nobody = stranger();
    visitor.expects(/sign-in\/email: 401/, /sign-in\/email: 429/);
    for (const status of [401, 401, 401, 429]) {
      assert.equal(await answered(visitor, "/sign-in/email", () => trySignIn(visitor, nobody)), status);
    }
    await visitor.sees(/Too many requests. Try again in \d+ second/);
    await visitor.shot("too-many-sign-ins");
  });
};
