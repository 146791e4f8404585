import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "./http";
import { start } from "./program";

const program = process.env.SALLYPORT ?? fileURLToPath(new URL("../../../../../bin/sallyport", import.meta.url));

/** A sallyport with a database of its own, whose tokens live for ten seconds. Ends with stop(). */
export async function startSallyport() {
  const folder = await mkdtemp(join(tmpdir(), "sallyport-example-"));
  await chmod(folder, 0o755); // started by root, Postgres runs under an account of its own
  const port = await freePort();
  const url = `http://localhost:${port}`;
  await writeFile(
    join(folder, "sallyport.yaml"),
    `baseURL: ${url}
emailAndPassword: {enabled: true}
plugins: {jwt: {jwt: {expirationTime: 10s}}, admin: {}}
rateLimit:
  enabled: true
  customRules: {/token: {window: 60, max: 100, by: user}, "/sign-*/*": false}
`,
  );
  const env = { PATH: process.env.PATH, PORT: String(port), SALLYPORT_DATA: join(folder, "data") };
  const args = ["serve", "--config", join(folder, "sallyport.yaml")];
  const server = await start(program, args, env, "msg=listening");
  const stop = async () => {
    await server.stop();
    await rm(folder, { recursive: true });
  };
  return { url, stop };
}
