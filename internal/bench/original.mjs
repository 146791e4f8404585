// The original as a deployment would run it: production, its own Node adapter,
// the default pool of pg (10 connections). Unlike the server of the
// conversations it migrates only when told to, so that a start is a start.
process.env.NODE_ENV = "production";
process.env.BETTER_AUTH_TELEMETRY = "0";

import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const { optionsFrom } = await import("./options.mjs");
const { betterAuth } = await import("better-auth");
const { default: pg } = await import("pg");

const config = JSON.parse(readFileSync(process.env.BENCH_CONFIG, "utf8"));
const { options, pool } = await optionsFrom(config, process.env.DATABASE_URL);
await pool.end();
options.database = new pg.Pool({ connectionString: process.env.DATABASE_URL });

if (process.env.BENCH_MIGRATE) {
	const { getMigrations } = await import("better-auth/db/migration");
	await (await getMigrations(options)).runMigrations();
	process.exit(0);
}
const { toNodeHandler } = await import("better-call/node");
createServer(toNodeHandler(betterAuth(options).handler)).listen(Number(process.env.PORT), "127.0.0.1");

// Never outlive who started it.
process.stdin.resume();
process.stdin.on("end", () => process.exit(0));
