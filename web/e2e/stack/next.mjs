import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { finish, launch, ready } from "./child.mjs";
import { paths } from "./paths.mjs";

const next = ["node", join(paths.next, "node_modules/next/dist/bin/next")];

function environmentOf(setup) {
  return {
    AUTH_URL: setup.auth,
    AUTH_ISSUER: setup.issuer,
    AUTH_AUDIENCE: setup.issuer,
    APP_ORIGIN: setup.app,
    NEXT_PUBLIC_API_URL: setup.api,
    NEXT_DIST_DIR: buildFolder(setup),
    NEXT_TELEMETRY_DISABLED: "1",
    ...setup.next,
  };
}

const buildFolder = (setup) => `.next-${setup.name}`;

/** Builds the application for a set-up, unless its folder holds that very build. */
export async function buildNext(setup, log) {
  const env = environmentOf(setup);
  const note = join(paths.next, buildFolder(setup), "built-from");
  const wanted = fingerprint(env);
  if (existsSync(note) && readFileSync(note, "utf8") === wanted) return;
  await untouched(join(paths.next, "tsconfig.json"), () =>
    finish(launch("next build", [...next, "build"], { cwd: paths.next, env, log })),
  );
  writeFileSync(note, wanted);
}

/** Next writes the name of its build folder into that file, which for these folders is not meant to last. */
async function untouched(file, work) {
  const content = readFileSync(file);
  try {
    await work();
  } finally {
    writeFileSync(file, content);
  }
}

/** Starts a build. */
export async function startNext(setup, log) {
  const args = ["start", "--hostname", "127.0.0.1", "--port", new URL(setup.app).port];
  const program = launch("next", [...next, ...args], { cwd: paths.next, env: environmentOf(setup), log });
  await ready(program, setup.app);
  return program;
}

/** Everything that a build is made from: the sources and what the build writes into its output. */
function fingerprint(env) {
  const hash = createHash("sha256").update(JSON.stringify(env));
  for (const file of sources(paths.next)) hash.update(file).update(readFileSync(file));
  return hash.digest("hex");
}

function sources(folder) {
  const own = (name) => !name.startsWith(".") && !["node_modules", "next-env.d.ts"].includes(name);
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => own(entry.name) && !entry.name.endsWith(".tsbuildinfo"))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? sources(join(folder, entry.name)) : [join(folder, entry.name)]));
}
