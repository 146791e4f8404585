// Runs the pinned Better Auth on Postgres from the configuration file that
// sallyport takes, the way a deployment of it would: NODE_ENV=production behind
// its own Node adapter, on the loopback interface.
//
//   node server.mjs CONFIG.json    one server
//   node server.mjs                as many as are asked for on standard input
//
// Environment: BETTER_AUTH_SECRET or BETTER_AUTH_SECRETS and, for one server,
// DATABASE_URL, RECEIVER_URL, PROVIDER_URL and PORT (0 or unset picks a free one). Prints "ready PORT" when
// a server listens and ends when its standard input closes, so that it never
// outlives who started it.
//
// A line of input is {"config": {...}, "databaseURL": "...", "receiver": "...", "provider": "...",
// "version": "1.4", "orm": "drizzle/plural", "asIs": true,
// "hashCost": {"N": 256, "r": 16}}, answered by "ready PORT" or "failed REASON", or
// {"stop": PORT}, answered by "stopped". An original that takes a database as it is
// does not start where its own migrator would change anything. Servers of one
// process share what Better Auth keeps in its modules: the counters of the memory
// rate limit.
//
// Messages are posted to the receiver, if there is one, before the request that
// caused them is answered. Whatever else an original asks of other hosts, it asks of
// the provider, if there is one: see outbound.mjs.
process.env.NODE_ENV = "production";
process.env.BETTER_AUTH_TELEMETRY = "0";

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createInterface } from "node:readline";

// Loaded late, because Better Auth reads the environment while it loads.
const { hashesOf } = await import("./hashes.mjs");
const { optionsFrom } = await import("./options.mjs");
const { through } = await import("./outbound.mjs");
const { original } = await import("./version.mjs");

const running = new Map();

/** Brings a database to what the options need, or refuses one that is not. */
async function migrate(getMigrations, options, asIs) {
	const { runMigrations, compileMigrations } = await getMigrations(options);
	if (!asIs) return await runMigrations();
	const changes = await compileMigrations();
	if (/\w/.test(changes)) throw new Error(`the database lacks ${changes}`);
}

/** Starts one server and returns its port. */
const start = (order, port = 0) => through(order.provider, () => begin(order, port));

async function begin({ config, databaseURL, receiver, provider, version, orm, asIs, hashCost }, port) {
	const { betterAuth, getMigrations, toNodeHandler } = await original(version, orm);
	const { options, pool, settled } = await optionsFrom(config, databaseURL, receiver, version, orm);
	if (hashCost) options.emailAndPassword = { ...options.emailAndPassword, password: hashesOf(hashCost) };
	const pools = [pool];
	if (orm) {
		const onORM = await (await import("./orm/load.mjs")).database(orm, databaseURL, asIs);
		options.database = onORM.database;
		pools.push(onORM.pool);
	} else {
		await migrate(getMigrations, options, asIs);
	}
	const { handler, $context } = betterAuth(options);
	// What it asks while it starts, it asks now.
	if (provider) await $context;
	const handle = toNodeHandler(async (request) => {
		const answer = await through(provider, () => handler(request));
		await settled();
		return answer;
	});
	const server = createServer((request, response) => {
		handle(request, response).catch((error) => {
			// What a framework around the handler does with an exception.
			console.error(error);
			if (!response.headersSent) response.writeHead(500);
			response.end();
		});
	});
	await new Promise((listening) => server.listen(port, "127.0.0.1", listening));
	running.set(server.address().port, { server, pools });
	return server.address().port;
}

/** Stops a server and gives up its connections. */
async function stop(port) {
	const { server, pools } = running.get(port);
	running.delete(port);
	server.close();
	await Promise.all(pools.map((pool) => pool.end()));
}

/** Does what a line of input asks for and returns the line to answer. */
async function obey(line) {
	try {
		const order = JSON.parse(line);
		if (order.stop) {
			await stop(order.stop);
			return "stopped";
		}
		return `ready ${await start(order)}`;
	} catch (error) {
		return `failed ${String(error).replaceAll("\n", " ")}`;
	}
}

if (process.argv[2]) {
	const config = JSON.parse(readFileSync(process.argv[2], "utf8"));
	const { DATABASE_URL: databaseURL, RECEIVER_URL: receiver, PROVIDER_URL: provider, PORT } = process.env;
	console.log(`ready ${await start({ config, databaseURL, receiver, provider }, Number(PORT || 0))}`);
	process.stdin.resume();
} else {
	let answered = Promise.resolve();
	createInterface({ input: process.stdin }).on("line", (line) => {
		// Answers keep the order of the orders.
		const answer = obey(line);
		answered = answered.then(async () => console.log(await answer));
	});
}
process.stdin.on("end", () => process.exit(0));
