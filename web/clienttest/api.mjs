import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { createInterface } from "node:readline";

const folder = fileURLToPath(new URL("../examples/fastapi", import.meta.url));
const python = fileURLToPath(new URL("../examples/fastapi/.venv/bin/python", import.meta.url));

/**
 * Starts the FastAPI service of the examples on a free port, with these
 * environment variables. Ends with close(), and with this process.
 */
export async function startAPI(env) {
  const args = ["-m", "uvicorn", "app.main:app", "--host", "127.0.0.1", "--port", "0", "--no-access-log"];
  const child = spawn(python, args, {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const exited = once(child, "exit").catch(() => {}); // a failed start is told by addressOf

  return {
    url: await addressOf(child),
    async close() {
      process.off("exit", kill);
      child.kill();
      await exited;
    },
  };
}

/** Reads uvicorn's log until it names its address; a service that ends first is an error with that log. */
async function addressOf(child) {
  const log = [];
  const lines = createInterface({ input: child.stderr });
  child.on("error", (error) => {
    log.push(error.message);
    lines.close();
  });
  for await (const line of lines) {
    log.push(line);
    const found = line.match(/running on (http:\S+)/);
    if (found) {
      child.stderr.resume(); // a full pipe would stop the service
      return found[1];
    }
  }
  throw new Error(`the FastAPI service did not start:\n${log.join("\n")}`);
}
