// The original as a deployment would run it: production, its own Node adapter,
// the default pool of pg (10 connections). Unlike the server of the
// conversations it migrates only when told to, so that a start is a start.
process.env.NODE_ENV = "production";
process.env.BETTER_AUTH_TELEMETRY = "0";

import cluster from "node:cluster";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

/** Serves, and makes the tables before or, with "only", instead. */
async function serve(migrate) {
	const { optionsFrom } = await import("./options.mjs");
	const { betterAuth } = await import("better-auth");
	const { default: pg } = await import("pg");

	const config = JSON.parse(readFileSync(process.env.BENCH_CONFIG, "utf8"));
	const { options, pool } = await optionsFrom(config, process.env.DATABASE_URL);
	await pool.end();
	options.database = new pg.Pool({ connectionString: process.env.DATABASE_URL });
	if (migrate) {
		const { getMigrations } = await import("better-auth/db/migration");
		await (await getMigrations(options)).runMigrations();
		if (migrate === "only") process.exit(0);
	}
	const { toNodeHandler } = await import("better-call/node");
	createServer(toNodeHandler(betterAuth(options).handler)).listen(Number(process.env.PORT), "127.0.0.1");
}

const workers = Number(process.env.BENCH_WORKERS ?? 0);
if (workers > 0 && cluster.isPrimary && process.env.BENCH_MIGRATE !== "only") {
	// Workers run this text again; a name for it has to be there.
	cluster.setupPrimary({ exec: "worker", execArgv: [...process.execArgv] });
	for (let i = 0; i < workers; i++) cluster.fork({ BENCH_MIGRATE: i ? "" : process.env.BENCH_MIGRATE ?? "" });
} else {
	await serve(process.env.BENCH_MIGRATE);
}

// Never outlive who started it.
if (cluster.isPrimary) {
	process.stdin.resume();
	process.stdin.on("end", () => process.exit(0));
} else {
	process.on("disconnect", () => process.exit(0));
}
