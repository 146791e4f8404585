import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { paths } from "./paths.mjs";

const run = promisify(execFile);

/** The URL of a new database on the server that SALLYPORT_TEST_DATABASE_URL names. */
export const makeDatabase = (name) => pgdev(["database", name], { cwd: paths.top, env: process.env });

export const dropDatabase = (name) => pgdev(["drop", name], { cwd: paths.top, env: process.env });

/** The URL of a database on the private Postgres of the sallyport that runs in a folder. */
export function privateDatabase(name, folder) {
  const { SALLYPORT_TEST_DATABASE_URL: _, SALLYPORT_DATA: __, ...env } = process.env;
  return pgdev(["database", name], { cwd: folder, env });
}

async function pgdev(args, options) {
  const { stdout } = await run("go", ["run", "github.com/sallyport-auth/sallyport/internal/postgres/pgdev", ...args], options);
  return stdout.trim();
}
