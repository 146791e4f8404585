// Plays what it is told to the original's providers. Each line of standard input has a list of plays, of standard
// output two lines are of each: what came of it, and what was asked, with tabs in between. A play brings what the provider answers
// otherwise than is common to all.
import { createInterface } from "node:readline";

const [now] = process.argv.slice(2);
const modules = "../../../transcript/oracle/node_modules/";
for (const name of ["log", "info", "warn", "error", "debug"]) console[name] = () => {};

const RealDate = Date;
globalThis.Date = class extends RealDate {
	constructor(...parts) {
		super(...(parts.length ? parts : [Number(now)]));
	}
	static now = () => Number(now);
};

let current; // plays come one after the other

/** Writes a request as stage_test.go does, without headers that the library adds and that tell nothing. */
function question(method, address, headers, body) {
	const said = Object.entries(headers).filter(([name, value]) => !(name === "accept" && value === "*/*") && !(name === "user-agent" && value.startsWith("jose/")));
	// GraphQL does not tell one space from many.
	const text = body.startsWith('{"query":') ? body.replace(/(\\[nt]| )+/g, " ").replaceAll('" ', '"').replaceAll(' "', '"') : body;
	return [method, address, ...said.map(([name, value]) => `{${name}: ${value}}`).sort(), text].join(" ");
}

// The original makes one for every request, and never uses it: this one takes less time.
globalThis.AbortController = class {
	abort() {}
};

// A Request would do the same as these lines, and takes half of the time of all.
const bodyTypes = { string: "text/plain;charset=UTF-8", object: "application/x-www-form-urlencoded;charset=UTF-8" };

globalThis.fetch = async (address, init = {}) => {
	const url = new URL(address);
	const at = url.origin + url.pathname;
	const headers = Object.fromEntries(new Headers(init.headers));
	if (init.body && !(typeof init.body === "string" || init.body instanceof URLSearchParams)) throw new Error("a body of another type");
	if (init.body) headers["content-type"] ??= bodyTypes[typeof init.body];
	current.asked.push(question((init.method ?? "get").toUpperCase(), at + url.search, headers, String(init.body ?? "")));
	const answers = { ...current.common, ...current.answers };
	const { status, kind, body } = answers[at + url.search] ?? answers[at] ?? current.grant;
	return new Response(body, { status: headers.authorization === "Bearer undefined" ? 401 : status, headers: { "content-type": kind } });
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

async function play({ provider, options, act, answers, grant, ...input }, common) {
	current = { common: common.answers, answers, grant: grant ?? common.grant, asked: [] };
	if (options.mapProfileToUser) options.mapProfileToUser = mapper(options.mapProfileToUser);
	let made;
	try {
		made = socialProviders[provider](options);
	} catch {
		return { outcome: { failed: "options" }, asked: [] };
	}
	return { outcome: await acts[act](made, input), asked: current.asked };
}

for await (const line of createInterface({ input: process.stdin })) {
	const { plays, common } = JSON.parse(line);
	let text = "";
	for (const one of plays) {
		const { outcome, asked } = await play(one, common);
		text += `${JSON.stringify(outcome)}\n${asked.join("\t")}\n`;
	}
	process.stdout.write(text);
}
