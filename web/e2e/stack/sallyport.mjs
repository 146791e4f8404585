import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { environment, launch, ready } from "./child.mjs";
import { paths } from "./paths.mjs";

const run = promisify(execFile);

/**
 * The server of a set-up. In folder it keeps what it makes for itself, and its configuration: that of the
 * examples, and where mails go. extra is further YAML, plugins is that of further ones.
 */
export function sallyport(setup, { folder, mailPort, env = {}, extra = "", plugins = "", log }) {
  const mail = `messaging:\n  from: Tasks <no-reply@example.com>\n  smtp: {url: "smtp://127.0.0.1:${mailPort}"}\n`;
  const example = readFileSync(paths.configuration, "utf8").replace(/^plugins:\n/m, `$&${plugins}`);
  writeFileSync(join(folder, "sallyport.yaml"), [example, mail, extra].join("\n"));
  const port = new URL(setup.auth).port;
  const settings = { BASE_URL: setup.issuer, APP_ORIGIN: setup.app, HOST: "127.0.0.1", PORT: port, ...env };
  let program;

  return {
    async start() {
      program = launch("sallyport", [paths.sallyport, "serve", "--migrate"], { cwd: folder, env: settings, log });
      await ready(program, `${setup.auth}/readyz`);
      return program;
    },
    stop: () => program.stop(),
    /** Runs a command of the operator beside the server, such as `keys rotate`. */
    async operator(...args) {
      const { stdout } = await run(paths.sallyport, args, { cwd: folder, env: environment(settings) });
      return stdout;
    },
  };
}
