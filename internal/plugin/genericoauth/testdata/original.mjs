// Plays cases.mjs to the original's plugin and prints what it did, with every
// request that it made:
//
//	node internal/plugin/genericoauth/testdata/original.mjs > internal/plugin/genericoauth/testdata/original.json
import { genericOAuth as form } from "../../../transcript/oracle/generic.mjs";
import * as plugins from "../../../transcript/oracle/node_modules/better-auth/dist/plugins/index.mjs";
import { verifyProviderIdToken, supportsIdTokenSignIn } from "../../../transcript/oracle/node_modules/@better-auth/core/dist/oauth2/index.mjs";
import { SignJWT, exportJWK, exportPKCS8, generateKeyPair } from "../../../transcript/oracle/node_modules/jose/dist/webapi/index.js";
import cases from "./cases.mjs";

const keys = {};
for (const name of ["right", "wrong"]) keys[name] = await generateKeyPair("ES256", { extractable: true });
const jwks = { keys: [{ ...(await exportJWK(keys.right.publicKey)), kid: "right", alg: "ES256", use: "sig" }] };

/** A claim set becomes a token that lives until 2100. */
async function sign({ key = "right", ...claims }) {
	const all = { iat: 1700000000, exp: 4102444800, ...claims };
	return new SignJWT(all).setProtectedHeader({ alg: "ES256", kid: "right" }).sign(keys[key].privateKey);
}

const pem = await exportPKCS8(keys.right.privateKey);
const jwk = JSON.stringify({ ...(await exportJWK(keys.right.privateKey)), kid: "own", alg: "ES256" });

/** Replaces {"$token": claims} and "$jwks" wherever they stand. */
async function filled(value) {
	if (value === "$jwks") return jwks;
	if (value === "$pem") return pem;
	if (value === "$jwk") return jwk;
	if (Array.isArray(value)) return Promise.all(value.map(filled));
	if (value === null || typeof value !== "object") return value;
	if (value.$token) return sign(value.$token);
	return Object.fromEntries(await Promise.all(Object.entries(value).map(async ([k, v]) => [k, await filled(v)])));
}

let answers, asked;
globalThis.fetch = async (url, init = {}) => {
	const request = new Request(url, init);
	const headers = Object.fromEntries([...request.headers].filter(([name]) => name !== "user-agent"));
	asked.push({ method: request.method, url: request.url, headers, body: await request.text() });
	// Nobody has a token of that name, and sallyport does not ask without one.
	if (headers.authorization?.endsWith(" undefined")) return void asked.pop() ?? new Response("", { status: 401 });
	const answer = answers[request.url];
	if (!answer) return new Response("", { status: 404 });
	return new Response(JSON.stringify(answer.body), { status: answer.status ?? 200, headers: { "content-type": "application/json" } });
};

const seconds = (date) => date && Math.round((date - Date.now()) / 1000);
const plain = (tokens) => ({
	access: tokens.accessToken ?? "",
	refresh: tokens.refreshToken ?? "",
	id: tokens.idToken ?? "",
	scopes: tokens.scopes ?? [],
	expires: seconds(tokens.accessTokenExpiresAt) ?? 0,
});
// Whoever reads a subject refuses one that is none.
const subjectOf = async (provider, tokens, profile) => String((await provider.accountSubject({ tokens, profile })) ?? "");
const told = async (provider, tokens, info) =>
	info && { user: info.user, data: info.data, subject: await subjectOf(provider, tokens, info.data) };

/** What each step does. */
const steps = {
	authorize: (p, given) => p.createAuthorizationURL(given).then(String),
	exchange: async (p, given) => plain(await p.validateAuthorizationCode(given)),
	refresh: async (p, given) => plain(await p.refreshAccessToken(given)),
	user: async (p, given) => told(p, given, await p.getUserInfo(given)),
	idToken: async (p, given) =>
		!supportsIdTokenSignIn(p)
			? "unsupported"
			: (await verifyProviderIdToken(p, given.token, given.nonce))
				? told(p, { idToken: given.token }, await p.getUserInfoFromIdToken(given.token))
				: "refused",
	logout: async (p, given) => (await p.createEndSessionURL(given))?.toString() ?? "",
	traits: async (p) => ({
		id: p.id,
		name: p.name,
		issuer: p.issuer ?? "",
		nonce: p.requiresIdTokenNonce,
		idpInitiated: p.allowIdpInitiated ?? false,
		disableImplicitSignUp: p.disableImplicitSignUp ?? false,
		disableSignUp: p.options.disableSignUp ?? false,
		override: p.options.overrideUserInfoOnSignIn ?? false,
		requireVerified: p.options.requireEmailVerification ?? false,
	}),
};

const logger = { error() {}, warn() {}, info() {}, debug() {} };
const out = [];
for (const one of await filled(cases)) {
	answers = one.answers ?? {};
	asked = [];
	const made = { name: one.name, config: one.config, answers, steps: [] };
	out.push(made);
	let provider;
	try {
		const plugin = plugins.genericOAuth(form({ config: [one.config] }, plugins));
		const { context } = await plugin.init({ logger, socialProviders: [], baseURL: "https://us.test/api/auth" });
		provider = context.socialProviders[0];
	} catch {
		made.refused = true;
		continue;
	}
	made.discovery = asked;
	made.missing = !provider;
	for (const [step, given] of provider ? one.steps : []) {
		asked = [];
		let gives;
		try {
			gives = await steps[step](provider, given ?? {});
		} catch (e) {
			gives = "failed";
		}
		made.steps.push({ step, given, gives: gives ?? null, asked: asked.filter(({ url }) => !url.endsWith("/jwks")) });
	}
}
console.log(`[\n${out.map((one) => JSON.stringify(one)).join(",\n")}\n]`);
