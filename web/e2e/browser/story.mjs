import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openVisitor } from "./visitor.mjs";

const seats = 4; // as many stories of all set-ups keep two cores busy
const waiting = [];
let taken = 0;

/** Waits for a seat, and gives what leaves it again. */
async function takeSeat() {
  if (taken < seats) taken++;
  else await new Promise((resolve) => waiting.push(resolve)); // whoever leaves hands the seat on
  return () => (waiting.length ? waiting.shift()() : taken--);
}

/**
 * A test with browsers. play gets the stack, and visit(name), which opens one. A story that fails leaves the pages as
 * they were in its folder.
 */
export function story(stage, title, play) {
  test(title, async () => {
    const leave = await takeSeat();
    const { stack, browser } = stage;
    const folder = join(stack.folder, title.replaceAll(/\W+/g, "-"));
    mkdirSync(folder, { recursive: true });
    const cast = [];
    const visit = async (name, options) => {
      const visitor = await openVisitor(browser, { name, origin: stack.setup.app, folder, options });
      cast.push(visitor);
      return visitor;
    };

    try {
      await play({ ...stack, visit });
      cast.forEach((visitor) => visitor.assertQuiet());
    } catch (error) {
      await Promise.allSettled(cast.map((visitor) => visitor.keepEvidence()));
      error.message += `\nPages and consoles: ${folder}\nLogs: ${stack.folder}/*.log`;
      throw error;
    } finally {
      await Promise.all(cast.map((visitor) => visitor.close())).finally(leave);
    }
  });
}
