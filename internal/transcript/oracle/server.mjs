// Runs the pinned Better Auth on Postgres from the configuration file that
// sallyport takes, the way a deployment of it would: NODE_ENV=production behind
// its own Node adapter, on the loopback interface.
//
//   node server.mjs CONFIG.json
//
// Environment: DATABASE_URL, BETTER_AUTH_SECRET or BETTER_AUTH_SECRETS, PORT
// (0 or unset picks a free one). Prints "ready PORT" when it listens and ends
// when its standard input closes, so that it never outlives who started it.
process.env.NODE_ENV = "production";
process.env.BETTER_AUTH_TELEMETRY = "0";

import { readFileSync } from "node:fs";
import { createServer } from "node:http";

// Loaded late, because Better Auth reads the environment while it loads.
const { optionsFrom } = await import("./options.mjs");
const { betterAuth } = await import("better-auth");
const { getMigrations } = await import("better-auth/db/migration");
const { toNodeHandler } = await import("better-call/node");

const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
const options = await optionsFrom(config, process.env.DATABASE_URL);
const { runMigrations } = await getMigrations(options);
await runMigrations();

const handle = toNodeHandler(betterAuth(options).handler);
const server = createServer((request, response) => {
	handle(request, response).catch((error) => {
		// What a framework around the handler does with an exception.
		console.error(error);
		if (!response.headersSent) response.writeHead(500);
		response.end();
	});
});
server.listen(Number(process.env.PORT || 0), "127.0.0.1", () => {
	console.log(`ready ${server.address().port}`);
});

process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
