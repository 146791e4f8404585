// Plays the stories in both set-ups. SETUP and STORY choose some of them, HEADED=1 shows the browser.
import { readdirSync, rmSync } from "node:fs";
import { after, before, describe } from "node:test";
import { launchBrowser } from "./browser/launch.mjs";
import { endAll } from "./stack/child.mjs";
import { paths } from "./stack/paths.mjs";
import { setups } from "./stack/setups.mjs";
import { prepare, startStack } from "./stack/stack.mjs";

const { SETUP = "", STORY = "" } = process.env;
const stories = { together: filesIn("stories"), alone: filesIn("stories/alone"), once: filesIn("stories/once") };
const chosen = Object.keys(setups).filter((name) => name.includes(SETUP));
if (!chosen.length || !Object.values(stories).flat().length) throw new Error(`there is no ${SETUP} ${STORY}`);

rmSync(paths.artifacts, { recursive: true, force: true });
console.log(`Pictures and logs: ${paths.artifacts}`);
const browser = await launchBrowser();
after(() => Promise.all([browser.close(), endAll()])); // a set-up that did not start whole has left programs
const stages = chosen.map((name) => ({ name, browser }));
for (const name of ["SIGINT", "SIGTERM"]) process.once(name, giveUp);

let building = Promise.resolve(); // one after the other, the second during the stories of the first
for (const stage of stages) {
  const prepared = prepare(stage.name);
  stage.built = Promise.all([prepared, building]).then(([{ build }]) => build());
  building = stage.built.catch(() => {}); // told by the suite that waits for it
  stage.prepared = prepared;
}

// Side by side, since a story waits as much as it works. How many are played at a time is told by story.mjs.
describe("the examples", { concurrency: true }, () => {
  for (const stage of stages) {
    describe(stage.name, { concurrency: 1 }, () => {
      before(async () => {
        stage.stack = await startStack(await stage.prepared, stage.built);
      });
      after(() => stage.stack?.stop());

      describe("side by side", { concurrency: 3 }, () => play(stage, stories.together));
      describe("one after the other", () => play(stage, stories.alone));
      if (stage.name === "one-origin") describe("once", { concurrency: 3 }, () => play(stage, stories.once));
    });
  }
});

function filesIn(folder) {
  const names = readdirSync(new URL(folder, import.meta.url)).filter((name) => name.endsWith(".mjs") && name.includes(STORY));
  return names.map((name) => `./${folder}/${name}`);
}

async function play(stage, files) {
  for (const file of files) (await import(file)).default(stage);
}

async function giveUp() {
  await Promise.allSettled(stages.map(({ stack }) => stack?.stop()));
  await endAll();
  process.exit(1);
}
