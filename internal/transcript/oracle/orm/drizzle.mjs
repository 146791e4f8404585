// Better Auth on Drizzle, with the schemas of the folder drizzle.
import { drizzleAdapter } from "better-auth/adapters/drizzle";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import { drizzle } from "drizzle-orm/node-postgres";

/** The options of the adapter that a schema needs. */
const settings = { plural: { usePlural: true } };

const load = (name) => import(`./drizzle/${name}.mjs`);

/** Runs what drizzle-kit makes of a schema for an empty database. */
export async function createTables(name, pool) {
	const statements = await generateMigration(generateDrizzleJson({}), generateDrizzleJson(await load(name)));
	for (const statement of statements) await pool.query(statement);
}

/** Returns what the option "database" takes. */
export async function adapter(name, pool) {
	const schema = await load(name);
	return drizzleAdapter(drizzle(pool, { schema }), { provider: "pg", schema, ...settings[name] });
}
