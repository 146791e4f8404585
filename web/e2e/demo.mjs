// `make demo`: sallyport, the tasks service and the Next.js application on their usual ports, until Ctrl-C.
import { mkdirSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { endAll, failure } from "./stack/child.mjs";
import { privateDatabase } from "./stack/databases.mjs";
import { startFastAPI } from "./stack/fastapi.mjs";
import { receiveMails } from "./stack/mails.mjs";
import { buildNext, startNext } from "./stack/next.mjs";
import { paths } from "./stack/paths.mjs";
import { takenPorts } from "./stack/ports.mjs";
import { sallyport } from "./stack/sallyport.mjs";
import { setups } from "./stack/setups.mjs";

const setup = { ...setups["one-origin"]({ next: 3000, fastapi: 8000, sallyport: 8080 }), name: "demo" };
const folder = relative(process.cwd(), paths.demo);
const logs = join(paths.demo, "logs");
const logOf = (name) => join(logs, `${name}.log`);
const say = (text) => console.log(text);

async function main() {
  const taken = await takenPorts([3000, 8000, 8080]);
  if (taken.length) throw new Error(`another program listens on port ${taken.join(", ")}: end it first`);
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true });

  say("Building the Next.js application, which takes half a minute the first time.");
  await buildNext(setup, logOf("next-build"));
  say("Starting sallyport, FastAPI and Next.js.");
  const mails = await receiveMails(({ to, subject, link }) => say(`mail to ${to}: ${subject}: ${link}`));
  const server = sallyport(setup, { folder: paths.demo, mailPort: mails.port, log: logOf("sallyport") });
  const programs = [
    await server.start(),
    await startFastAPI(setup, await privateDatabase("tasks", paths.demo), logOf("fastapi")),
    await startNext(setup, logOf("next")),
  ];
  say(welcome());
  await Promise.race(programs.map(async (program) => Promise.reject(failure(program, await program.ended))));
}

function welcome() {
  return `
  The application  ${setup.app}
  The API          ${setup.api}/docs
  sallyport        ${setup.auth}/api/auth/ok

Sign up at ${setup.app}/sign-up with any address: mails arrive here, one line each, with their links.
To raise somebody's limit of reports, in another terminal; the page knows once it is loaded anew:

  cd ${folder} && ../bin/sallyport user set-role --user you@example.com --role premium

What the programs print is in ${join(folder, "logs")}. Ctrl-C ends all; accounts and tasks are kept in ${folder}.
`;
}

let ended; // by Ctrl-C, during the start too, which then fails as it must
for (const name of ["SIGINT", "SIGTERM"]) process.on(name, () => (ended ??= endAll().then(() => process.exit(0))));

try {
  await main();
} catch (error) {
  await ended;
  console.error(`demo: ${error.message}`);
  await endAll();
  process.exit(1);
}
