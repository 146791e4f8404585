// What runs an original, from the pinned version of Better Auth or an earlier one.

/** Loads a version by its name in earlier/package.json; without one, the pinned version. */
export async function original(version) {
	const earlier = version && (await import("./earlier/load.mjs"));
	const load = (path) => (earlier ? earlier.load(version, path) : import(`better-auth${path}`));
	const [{ betterAuth }, { toNodeHandler }, plugins, { createAccessControl }] = await Promise.all(
		["", "/node", "/plugins", "/plugins/access"].map(load),
	);
	// 1.4 has no module of its own for migrations.
	const { getMigrations } = await load(version === "1.4" ? "/db" : "/db/migration");
	return { betterAuth, toNodeHandler, plugins, createAccessControl, getMigrations };
}
