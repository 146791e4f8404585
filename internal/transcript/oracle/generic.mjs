// The options of genericOAuth as a file gives them, with what is data there
// made into the original's functions.
import { createPrivateKeyJwtClientAssertionGetter } from "@better-auth/core/oauth2";

/** The value at a path of names and numbers. */
const at = (path) => (from) => path.split(".").reduce((value, name) => value?.[name], from);

/** Fields by path, as mapProfileToUser has them. */
const mapped = (fields) => (profile) =>
	Object.fromEntries(Object.keys(fields).sort().map((name) => [name, at(fields[name])(profile)]));

const assertion = ({ method, privateKeyJwk, privateKeyPem, kid, algorithm, expiresIn }) => ({
	method,
	getClientAssertion: createPrivateKeyJwtClientAssertionGetter({
		privateKeyJwk: privateKeyJwk && JSON.parse(privateKeyJwk),
		privateKeyPem,
		kid,
		algorithm,
		expiresIn,
	}),
});

/** What a preset takes by itself; the rest is set over what its helper gives. */
const own = ["domain", "issuer", "tenantId"];

function provider({ preset, ...given }, helpers) {
	const options = { ...given };
	if (given.mapProfileToUser) options.mapProfileToUser = mapped(given.mapProfileToUser);
	if (given.accountSubject) options.accountSubject = ({ profile }) => at(given.accountSubject)(profile);
	if (given.tokenEndpointAuth?.method === "private_key_jwt") options.tokenEndpointAuth = assertion(given.tokenEndpointAuth);
	if (!preset) return options;
	const rest = Object.fromEntries(Object.entries(options).filter(([name]) => !own.includes(name)));
	return { ...helpers[preset](options), ...rest };
}

/** The form of plugins.genericOAuth. */
export const genericOAuth = (settings, helpers) => ({
	...settings,
	config: (settings.config ?? []).map((one) => provider(one, helpers)),
});
