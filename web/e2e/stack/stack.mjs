import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { dropDatabase, makeDatabase } from "./databases.mjs";
import { startFastAPI } from "./fastapi.mjs";
import { receiveMails } from "./mails.mjs";
import { buildNext, startNext } from "./next.mjs";
import { paths } from "./paths.mjs";
import { freePorts } from "./ports.mjs";
import { providerButtons, providerOptions, startProvider } from "./provider.mjs";
import { sallyport } from "./sallyport.mjs";
import { setups } from "./setups.mjs";

// Everything here has a loopback address, which by default is taken for a proxy's, and not asked for anything. Only Next
// is a proxy.
const serverOptions = `
advanced: {ipAddress: {trustedProxies: [127.0.0.1]}}
server: {timeouts: {drain: 0s}, outbound: {allow: [127.0.0.0/8]}}
`;
const nextOptions = { TRUSTED_PROXIES: "127.0.0.1", API_LIMIT_PER_ADDRESS: "100", ...providerButtons };

/** What a set-up is, and how the application is built for it. */
export async function prepare(name) {
  const folder = join(paths.artifacts, name);
  mkdirSync(folder, { recursive: true });
  const ports = await freePorts(["next", "fastapi", "sallyport", "provider"], join(paths.e2e, `.ports-${name}.json`));
  const setup = setups[name](ports);
  Object.assign(setup.next, nextOptions);
  return { setup, folder, build: () => buildNext(setup, join(folder, "next-build.log")) };
}

/**
 * Starts the three programs of a set-up as in production, on two new databases, what receives their mails, and another
 * site to sign in with.
 */
export async function startStack({ setup, folder }, built) {
  const databases = ["auth", "tasks"].map((name) => `e2e_${name}_${randomBytes(6).toString("hex")}`);
  const [authDatabase, taskDatabase] = await Promise.all(databases.map(makeDatabase));
  const mails = await receiveMails();
  const env = {
    DATABASE_URL: authDatabase,
    BETTER_AUTH_SECRET: randomBytes(32).toString("base64"),
    JWT_LIFETIME: "10s",
  };
  const log = (name) => join(folder, `${name}.log`);
  const { options, plugins } = providerOptions(setup);
  const extra = serverOptions + options;
  const server = sallyport(setup, { folder, mailPort: mails.port, env, extra, plugins, log: log("sallyport") });
  const others = await Promise.all([
    server.start(),
    startFastAPI(setup, taskDatabase, log("fastapi")),
    startProvider(setup, log("provider")),
    built.then(() => startNext(setup, log("next"))),
  ]);

  return {
    setup,
    folder,
    server,
    mails,
    async stop() {
      await Promise.all([server, ...others.slice(1)].map((program) => program.stop()));
      await Promise.all([mails.close(), ...databases.map(dropDatabase)]);
    },
  };
}
