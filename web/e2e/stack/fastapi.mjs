import { join } from "node:path";
import { launch, ready } from "./child.mjs";
import { paths } from "./paths.mjs";

/** Starts the tasks service, with its tables in that database. */
export async function startFastAPI(setup, database, log) {
  const env = {
    AUTH_URL: setup.auth,
    AUTH_ISSUER: setup.issuer,
    AUTH_AUDIENCE: setup.issuer,
    APP_ORIGINS: setup.app,
    DATABASE_URL: database.replace(/^postgres(ql)?:/, "postgresql+psycopg:"),
  };
  const python = join(paths.fastapi, ".venv/bin/python");
  const args = ["-m", "uvicorn", "app.main:app", "--no-proxy-headers", "--host", "127.0.0.1", "--port", new URL(setup.api).port];
  const program = launch("fastapi", [python, ...args], { cwd: paths.fastapi, env, log });
  await ready(program, `${setup.api}/health`);
  return program;
}
