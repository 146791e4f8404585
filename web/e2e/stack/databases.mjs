import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

async function pgdev(args, { cwd, env }) {
  const { stdout } = await run("go", ["run", "github.com/sallyport-auth/sallyport/internal/postgres/pgdev", ...args], { cwd, env });
  return stdout.trim();
}

/** The URL of a database on the server that tests were given, new and empty. */
export function makeDatabase(name, cwd) {
  return pgdev(["database", name], { cwd, env: process.env });
}

export function dropDatabase(name, cwd) {
  return pgdev(["drop", name], { cwd, env: process.env });
}

/** The URL of a database on the private Postgres of the sallyport that runs in that folder. */
export function privateDatabase(name, cwd) {
  const { SALLYPORT_TEST_DATABASE_URL: _, SALLYPORT_DATA: __, ...env } = process.env;
  return pgdev(["database", name], { cwd, env });
}
