import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openVisitor } from "./visitor.mjs";

/**
 * A test with browsers. play gets the stack, and visit(name), which opens one. A story that fails leaves the pages as
 * they were in its folder.
 */
export function story(stage, title, play) {
  test(title, async () => {
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
      await Promise.all(cast.map((visitor) => visitor.close()));
    }
  });
}
