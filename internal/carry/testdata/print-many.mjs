// Prints the options of many originals as the script of docs/migrate does, one a line: those that the oracle
// makes of what it reads, one a line, as {"config": {...}, "version": "1.4", "orm": "drizzle/plural"}.
import { createInterface } from "node:readline";

import { printable } from "../../../docs/migrate/print-options.mjs";
import { optionsFrom } from "../../transcript/oracle/options.mjs";

const write = process.stderr.write.bind(process.stderr);
const url = "postgres://127.0.0.1/auth";

/** What the option "database" is on an ORM. */
async function onORM(orm) {
	const { database } = await import("../../transcript/oracle/orm/load.mjs");
	return database(orm, url, true);
}

for await (const line of createInterface({ input: process.stdin })) {
	const { config, version, orm } = JSON.parse(line);
	const { options } = await optionsFrom(config, url, "http://127.0.0.1:9", version, orm);
	const made = orm ? { ...options, database: (await onORM(orm)).database } : options;
	write(`${JSON.stringify(printable(made, { withSecrets: true }))}\n`);
}
