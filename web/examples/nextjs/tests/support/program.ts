import { spawn } from "node:child_process";
import { once } from "node:events";

/** A program that was started, with what it has said so far. */
export type Program = { stop: () => Promise<void> };

/** Starts a program and waits until it says that it is ready. */
export async function start(command: string, args: string[], env: Record<string, string | undefined>, ready: string): Promise<Program> {
  const child = spawn(command, args, { env: env as NodeJS.ProcessEnv, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  await new Promise<void>((resolve, reject) => {
    const listen = (part: Buffer) => {
      said += part;
      if (said.includes(ready)) resolve();
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${command} ended with ${code}:\n${said}`)));
  });
  return {
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}
