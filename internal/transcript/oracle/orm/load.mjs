// Loads the pinned Better Auth with the packages that it needs beside an ORM: names are looked up
// from this folder.
import pg from "pg";

/** Loads a module of Better Auth by the path that follows its name. */
export const load = (path) => import(`better-auth${path}`);

/**
 * Returns what the option "database" takes for an ORM and one of its schemas, such as drizzle/plural,
 * and the pool that it holds. The ORM's own migrator makes the tables, unless the database is to be
 * taken as it is.
 */
export async function database(orm, databaseURL, asIs) {
	const [tool, name] = orm.split("/");
	const { adapter, createTables } = await import(`./${tool}.mjs`);
	const pool = new pg.Pool({ connectionString: databaseURL, max: 4 });
	pool.on("error", () => {}); // as the pool of an original without an ORM
	if (!asIs) await createTables(name, pool);
	return { database: await adapter(name, pool), pool };
}
