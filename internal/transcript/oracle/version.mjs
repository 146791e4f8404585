// What runs an original, from the pinned version of Better Auth or an earlier one.

/**
 * Loads a version by its name in earlier/package.json; without one, the pinned version, which may be
 * the one that is installed beside an ORM.
 */
export async function original(version, orm) {
	const folder = version ? "earlier" : orm && "orm";
	const { load } = folder ? await import(`./${folder}/load.mjs`) : { load: (path) => import(`better-auth${path}`) };
	const [{ betterAuth }, { toNodeHandler }, plugins, { createAccessControl }] = await Promise.all(
		["", "/node", "/plugins", "/plugins/access"].map((path) => load(path, version)),
	);
	// 1.4 has no module of its own for migrations.
	const { getMigrations } = await load(version === "1.4" ? "/db" : "/db/migration", version);
	return { betterAuth, toNodeHandler, plugins, createAccessControl, getMigrations };
}
