// Plays what it is told to the original's providers. Each line of standard input is a list of plays, each line
// of standard output the list of what came of them. Requests to any host go to the server that the first argument
// names, with headers that say which host and which play they are of.
import { AsyncLocalStorage } from "node:async_hooks";
import { createInterface } from "node:readline";

const [server, now] = process.argv.slice(2);
const modules = "../../../transcript/oracle/node_modules/";
for (const name of ["log", "info", "warn", "error", "debug"]) console[name] = () => {};

const RealDate = Date;
globalThis.Date = class extends RealDate {
	constructor(...parts) {
		super(...(parts.length ? parts : [Number(now)]));
	}
	static now = () => Number(now);
};

const current = new AsyncLocalStorage();
const realFetch = globalThis.fetch;
globalThis.fetch = (address, init = {}) => {
	const url = new URL(String(address));
	const headers = new Headers(init.headers);
	headers.set("x-asked", url.origin);
	headers.set("x-play", `original ${current.getStore()}`);
	return realFetch(server + url.pathname + url.search, { ...init, headers });
};

const { socialProviders } = await import(`${modules}@better-auth/core/dist/social-providers/index.mjs`);
const { supportsIdTokenSignIn, verifyProviderIdToken } = await import(`${modules}@better-auth/core/dist/oauth2/verify-id-token.mjs`);
const { resolveOAuthAccountKey } = await import(`${modules}better-auth/dist/oauth2/account-key.mjs`);

/** The function that the file's form of mapProfileToUser stands for. */
const mapper = (paths) => (profile) =>
	Object.fromEntries(Object.entries(paths).map(([field, path]) => [field, path.split(".").reduce((in_, name) => in_?.[name], profile)]));

const text = (value) => (typeof value === "string" && value !== "" ? value : null);
const time = (date) => date?.getTime() || null;
const told = (tokens) => ({
	type: text(tokens.tokenType), access: text(tokens.accessToken), refresh: text(tokens.refreshToken), id: text(tokens.idToken),
	accessExpiresAt: time(tokens.accessTokenExpiresAt), refreshExpiresAt: time(tokens.refreshTokenExpiresAt),
	scopes: tokens.scopes ?? [],
});

async function whoIs(provider, tokens) {
	try {
		const { user, data } = await provider.getUserInfo(tokens);
		const subject = provider.accountSubject({ tokens, profile: data });
		// What is neither is a failure of the provider, however it would be written.
		if (!["string", "number"].includes(typeof subject)) return { failed: "user" };
		// Nor does any sign-in go on with an address that is no text.
		if (user.email && typeof user.email !== "string") return { failed: "user" };
		const { accountId } = await resolveOAuthAccountKey(provider, tokens, data);
		return { user, profile: data, subject: accountId };
	} catch {
		return { failed: "user" };
	}
}

const acts = {
	async authorize(provider, { authorization }) {
		try {
			return { url: String(await provider.createAuthorizationURL(authorization)) };
		} catch {
			return { failed: "authorization" };
		}
	},
	async callback(provider, { code }) {
		let tokens;
		try {
			tokens = await provider.validateAuthorizationCode(code);
			if (!tokens) return { failed: "code" };
		} catch {
			return { failed: "code" };
		}
		const who = await whoIs(provider, { ...tokens, expectedIdTokenNonce: code.nonce, user: code.user });
		return who.failed ? who : { tokens: told(tokens), ...who };
	},
	async refresh(provider) {
		if (!provider.refreshAccessToken) return { failed: "no refresh" };
		try {
			return { tokens: told(await provider.refreshAccessToken("the-refresh-token")) };
		} catch {
			return { failed: "refresh" };
		}
	},
	async idToken(provider, { token }) {
		if (!supportsIdTokenSignIn(provider)) return { failed: "no ID tokens" };
		if (!(await verifyProviderIdToken(provider, token.id, token.nonce))) return { failed: "ID token" };
		return whoIs(provider, { idToken: token.id, accessToken: token.access });
	},
};

async function play({ id, provider, options, act, ...input }) {
	if (options.mapProfileToUser) options.mapProfileToUser = mapper(options.mapProfileToUser);
	let made;
	try {
		made = socialProviders[provider](options);
	} catch {
		return { failed: "options" };
	}
	return current.run(id, () => acts[act](made, input));
}

for await (const line of createInterface({ input: process.stdin })) {
	const plays = JSON.parse(line);
	const outcomes = [];
	while (plays.length) outcomes.push(...(await Promise.all(plays.splice(0, 16).map(play))));
	process.stdout.write(JSON.stringify(outcomes) + "\n");
}
