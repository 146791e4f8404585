// Better Auth on Prisma, with the schemas of the folder prisma.
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { promisify } from "node:util";

import { PrismaPg } from "@prisma/adapter-pg";
import { prismaAdapter } from "better-auth/adapters/prisma";

const require = createRequire(import.meta.url);
const here = import.meta.dirname;
const schemaOf = (name) => `${here}/prisma/${name}.prisma`;
const generated = (name) => `${here}/generated/${name}`;

/** Runs Prisma's command line on a schema and returns what it prints. */
async function prisma(name, databaseURL, ...words) {
	const env = { ...process.env, SCHEMA: schemaOf(name), DATABASE_URL: databaseURL, CHECKPOINT_DISABLE: "1" };
	const command = `${here}/node_modules/prisma/build/index.js`;
	const { stdout } = await promisify(execFile)(process.execPath, [command, ...words], { cwd: here, env });
	return stdout;
}

/**
 * Has Prisma make the client of a schema and the SQL for an empty database, which takes seconds, unless
 * they have been made from this very schema.
 */
async function generate(name, databaseURL) {
	const schema = await readFile(schemaOf(name), "utf8");
	const mark = `${generated(name)}/made-from`;
	if ((await readFile(mark, "utf8").catch(() => "")) === schema) return;
	await prisma(name, databaseURL, "generate");
	const sql = await prisma(name, databaseURL, "migrate", "diff", "--from-empty", "--to-schema-datamodel", schemaOf(name), "--script");
	await writeFile(`${generated(name)}/tables.sql`, sql);
	await writeFile(mark, schema);
}

/** Runs what Prisma makes of a schema for an empty database. */
export async function createTables(name, pool) {
	await generate(name, pool.options.connectionString);
	await pool.query(await readFile(`${generated(name)}/tables.sql`, "utf8"));
}

/** Returns what the option "database" takes. */
export async function adapter(name, pool) {
	const { PrismaClient } = require(generated(name));
	return prismaAdapter(new PrismaClient({ adapter: new PrismaPg(pool) }), { provider: "postgresql" });
}
