// Runs the real Better Auth on databases and tells what its own migrator finds to
// do there. The argument is the folder that holds node_modules. Each line of input
// is a JSON list: the connection URL, and what to do: "plan", "up" (run its
// migrations first), or "use" (sign somebody up, which fails unless its schema
// check passes). Three more may follow: a plugin as JSON, the value of generateId,
// and options as JSON, in which plugins is an object as in a file of sallyport's.
// Each is answered by a line of JSON.
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [folder] = process.argv.slice(2);
const resolve = createRequire(join(folder, "package.json")).resolve;
const load = (name) => import(pathToFileURL(resolve(name)));

const { betterAuth } = await load("better-auth");
const { getMigrations } = await load("better-auth/db/migration");
const known = await load("better-auth/plugins");
const { default: pg } = await load("pg");

/** What plugins cannot be made without. */
const needed = { genericOAuth: { config: [] } };

/** Does one task and returns what was found. */
async function answerTo([connectionString, task, extra, generateId, further]) {
	const { plugins: named, ...rest } = further ? JSON.parse(further) : {};
	const plugins = Object.entries(named ?? { jwt: {} }).map(([name, settings]) => known[name]({ ...needed[name], ...settings }));
	const pool = new pg.Pool({ connectionString });
	// A database that is dropped after a failed task must not end the process.
	pool.on("error", () => {});
	const options = {
		database: pool,
		secret: "a secret that is used in this test only, 1234567890",
		baseURL: "http://localhost:3000",
		emailAndPassword: { enabled: true },
		plugins: [...plugins, ...(extra ? [{ id: "extra", ...JSON.parse(extra) }] : [])],
		advanced: generateId ? { database: { generateId } } : {},
		telemetry: { enabled: false },
		logger: { level: "error" },
		...rest,
	};

	if (task === "up") await (await getMigrations(options)).runMigrations();
	const found = await getMigrations(options, { throwOnUnsafe: false });
	const answer = {
		sql: await found.compileMigrations(),
		changes: found.toBeCreated.length + found.toBeAdded.length + found.toBeAddedIndexes.length,
		problems: [...found.unsafeChanges, ...found.schemaProblems],
	};
	if (task === "use") {
		const auth = betterAuth(options);
		const body = { name: "N", email: "n@example.test", password: "long enough 1" };
		answer.user = (await auth.api.signUpEmail({ body })).user.email;
		if (auth.api.getJwks) answer.keys = (await auth.api.getJwks()).keys.length;
	}
	await pool.end();
	return answer;
}

for await (const line of createInterface({ input: process.stdin })) {
	const answer = await answerTo(JSON.parse(line)).catch((error) => ({ error: String(error.stack ?? error) }));
	console.log(JSON.stringify(answer));
}
