// Turns a sallyport configuration into Better Auth's options. Names are the
// same on both sides, so only six things are translated: the database, the
// secondary storage, the plugins, what sends messages, how profiles are mapped, and
// what belongs to sallyport alone.
import pg from "pg";

import { genericOAuth } from "./generic.mjs";
import { withSenders } from "./messages.mjs";
import { secondaryStorage } from "./secondary.mjs";
import { original } from "./version.mjs";

/** Keys that configure the sallyport process and mean nothing here. */
const ours = ["server", "messaging", "plugins", "database", "secondaryStorage"];

/** The value at a path of names and numbers, such as data.user.0.name. */
const at = (value, path) => path.split(".").reduce((inner, name) => inner?.[name], value);

/** A provider's settings, with a function for a map of fields to places in the profile. */
export function withProfileMap(settings) {
	const map = settings?.mapProfileToUser;
	if (!map) return settings;
	const mapProfileToUser = (profile) => Object.fromEntries(Object.entries(map).map(([field, path]) => [field, at(profile, path)]));
	return { ...settings, mapProfileToUser };
}

/** Functions for the options of a plugin that a file gives in another form. */
const forms = {
	// Roles as data are lists of actions by resource.
	admin(settings, { createAccessControl }) {
		if (!settings.roles) return settings;
		const listed = (of) => of.statements ?? of;
		const ac = createAccessControl(listed(settings.ac ?? {}));
		const roles = Object.entries(settings.roles).map(([name, allowed]) => [name, ac.newRole(listed(allowed))]);
		return { ...settings, ac, roles: Object.fromEntries(roles) };
	},
	genericOAuth: (settings, { plugins }) => genericOAuth(settings, plugins),
	username(settings) {
		const test = (pattern) => pattern && ((name) => new RegExp(pattern, "u").test(name));
		const normal = { lowercase: (name) => name.toLowerCase(), trim: (name) => name.trim() };
		return {
			...settings,
			usernameValidator: test(settings.usernameValidator),
			displayUsernameValidator: test(settings.displayUsernameValidator),
			usernameNormalization: normal[settings.usernameNormalization] ?? settings.usernameNormalization,
			displayUsernameNormalization: normal[settings.displayUsernameNormalization] ?? settings.displayUsernameNormalization,
		};
	},
};

/** Builds the plugins in the order of the object's keys. */
function pluginsFrom(config, version) {
	return Object.entries(config ?? {}).map(([name, settings]) => {
		const build = version.plugins[name];
		if (!build) throw new Error(`plugins.${name}: the oracle does not know this plugin`);
		const form = forms[name] ?? ((same) => same);
		return build(form(settings ?? {}, version));
	});
}

/**
 * Returns the options for betterAuth of a version, the pool they hold, and a
 * function that waits until the receiver of messages, if there is one, has them all.
 */
export async function optionsFrom(given, databaseURL, receiver, version, orm) {
	const { config, settled } = withSenders(given, receiver);
	const same = Object.fromEntries(Object.entries(config).filter(([key]) => !ours.includes(key)));
	if (same.socialProviders) {
		const providers = Object.entries(same.socialProviders).map(([id, settings]) => [id, withProfileMap(settings)]);
		same.socialProviders = Object.fromEntries(providers);
	}
	const pool = new pg.Pool({ connectionString: databaseURL, max: 4 });
	// A dropped database must not end the process; a query on it fails by itself.
	pool.on("error", () => {});
	if (config.secondaryStorage) {
		same.secondaryStorage = secondaryStorage();
		// Rows are where sallyport has them.
		same.session = { ...same.session, storeSessionInDatabase: true };
		same.verification = { ...same.verification, storeInDatabase: true };
	}
	return { options: { ...same, database: pool, plugins: pluginsFrom(config.plugins, await original(version, orm)) }, pool, settled };
}
