import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const running = new Map(); // in the order of their start
let ending = false;

// A group is ended whole: npm, Next and uvicorn have children of their own.
function signal(child, name) {
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    if (error.code !== "ESRCH") throw error; // it has ended already
  }
}

process.on("exit", () => running.forEach((_, child) => signal(child, "SIGKILL")));

/** Ends all programs, the last one first, and lets no further one start. */
export async function endAll() {
  ending = true;
  for (const program of [...running.values()].reverse()) await program.stop();
}

/** What the children see of our environment. Settings of the shell that are meant for other servers do not reach them. */
export function environment(settings) {
  const foreign = /^(API|APP|AUTH|NEXT|BETTER_AUTH|SALLYPORT|DATABASE|REDIS|LOG|OTEL|OPS|TRUSTED)_|^(BASE_URL|JWT_LIFETIME|PORT|HOST|NODE_ENV|NODE_TEST_CONTEXT)$/;
  const ours = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(ours), ...settings };
}

/** Starts a program in a process group of its own, with its output in a file. */
export function launch(name, [file, ...args], { cwd, env, log }) {
  if (ending) throw new Error(`${name} is not started any more`);
  mkdirSync(dirname(log), { recursive: true });
  const output = openSync(log, "a"); // a restart goes on in the same file
  const child = spawn(file, args, { cwd, env: environment(env), detached: true, stdio: ["ignore", output, output] });
  closeSync(output);
  const ended = new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("exit", (code, signalled) => resolve(`ended with ${signalled ?? code}`));
  });
  ended.then(() => running.delete(child));

  const program = { name, log, ended, stop: () => stop(child, ended) };
  running.set(child, program);
  return program;
}

async function stop(child, ended) {
  if (running.has(child)) signal(child, "SIGTERM");
  const patience = setTimeout(() => signal(child, "SIGKILL"), 20_000);
  await ended;
  clearTimeout(patience);
}

/** Waits until the program answers at url. One that ends first is an error with the end of its output. */
export async function ready(program, url) {
  const deadline = Date.now() + 60_000;
  let gone;
  program.ended.then((how) => (gone = how));
  while (!(await answers(url))) {
    if (gone) throw failure(program, gone);
    if (Date.now() > deadline) throw failure(program, `does not answer at ${url}`);
    await pause(50);
  }
}

/** Waits for a program that has to end by itself. */
export async function finish(program) {
  const how = await program.ended;
  if (how !== "ended with 0") throw failure(program, how);
}

async function answers(url) {
  return fetch(url, { redirect: "manual" }).then((response) => response.status < 500, () => false);
}

/** An error that shows what a program printed last. */
export function failure({ name, log }, what) {
  const lines = readFileSync(log, "utf8").trimEnd().split("\n").slice(-30);
  return new Error(`${name} ${what}. The end of ${log}:\n${lines.join("\n")}`);
}
