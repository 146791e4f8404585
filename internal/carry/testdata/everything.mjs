// An app that sets every option of Better Auth that takes a function or an object of its own, and a few
// others beside.
import { betterAuth } from "../../transcript/oracle/node_modules/better-auth/dist/index.mjs";
import { createAccessControl } from "../../transcript/oracle/node_modules/better-auth/dist/plugins/access/index.mjs";
import * as plugins from "../../transcript/oracle/node_modules/better-auth/dist/plugins/index.mjs";
import pg from "../../transcript/oracle/node_modules/pg/esm/index.mjs";
import { z } from "../../transcript/oracle/node_modules/zod/index.js";

const anything = async () => undefined;
const hooks = { before: anything, after: anything };
const writes = { create: hooks, update: hooks, delete: hooks };
const ac = createAccessControl({ user: ["list", "ban"], project: ["create"] });

const app = { clientId: "id", clientSecret: "written-out-secret" };

class Storage {
	async get() {}
	async set() {}
	async delete() {}
}

const circle = { type: "string" };
circle.validator = { input: z.string(), circle };

export const auth = betterAuth({
	appName: "Everything",
	baseURL: "https://auth.example.com",
	trustedOrigins: async () => ["https://app.example.com"],
	database: new pg.Pool({ host: "127.0.0.1", database: "auth", password: "written-out-password", options: "-c search_path=logins" }),
	secondaryStorage: new Storage(),
	logger: { level: "debug", log: anything },
	emailVerification: { sendVerificationEmail: anything, beforeEmailVerification: anything, afterEmailVerification: anything },
	emailAndPassword: {
		enabled: true,
		sendResetPassword: anything,
		onPasswordReset: anything,
		onExistingUserSignUp: anything,
		customSyntheticUser: (params) => params,
		password: { hash: anything, verify: anything },
	},
	socialProviders: {
		github: { ...app, mapProfileToUser: anything, getUserInfo: anything, verifyIdToken: anything, refreshAccessToken: anything, later: anything },
		microsoft: { clientId: "id", clientAssertion: anything },
		vercel: { clientId: "id", tokenEndpointAuth: { method: "private_key_jwt", getClientAssertion: anything } },
		cloudflare: { clientId: "id", tokenEndpointAuth: { method: "custom", customizeRequest: anything } },
		discord: async () => app,
	},
	user: {
		validateUserInfo: anything,
		changeEmail: { enabled: true, sendChangeEmailConfirmation: anything },
		deleteUser: { enabled: true, sendDeleteAccountVerification: anything, beforeDelete: anything, afterDelete: anything },
		additionalFields: {
			nick: { type: "string", required: false, defaultValue: () => "nobody", onUpdate: () => "x", transform: { input: anything, output: anything } },
			circle,
			born: { type: "date", required: false, defaultValue: new Date(0) },
		},
	},
	session: { expiresIn: 60 * 60, cookieCache: { enabled: true, version: anything, refreshCache: true } },
	account: { accountLinking: { trustedProviders: anything } },
	verification: { storeIdentifier: { default: { hash: anything }, overrides: { "reset-password": { hash: anything } } } },
	rateLimit: {
		customStorage: { consume: anything },
		customRules: { "/sign-in/*": { window: 10, max: 3 }, "/sign-up/email": anything, "/ok": false },
	},
	advanced: {
		database: { generateId: ({ model }) => `${model}-${Math.random()}` },
		backgroundTasks: { handler: anything },
		cookies: { session_token: { name: "s", attributes: { expires: new Date(0), path: "/" } } },
		ipAddress: { ipAddressHeaders: ["x-real-ip"], trustedProxies: ["not an address"] },
	},
	databaseHooks: { user: writes, session: writes, account: writes, verification: writes },
	hooks,
	onAPIError: { onError: anything, errorURL: "https://app.example.com/error" },
	notAnOption: 10n,
	plugins: [
		plugins.bearer(),
		plugins.jwt({
			jwt: { definePayload: anything, getSubject: anything, sign: anything },
			jwks: { remoteUrl: "https://keys.example.com", keyPairConfig: { alg: "EdDSA" } },
			adapter: { getJwks: anything, createJwk: anything },
		}),
		plugins.username({
			usernameValidator: anything,
			displayUsernameValidator: anything,
			usernameNormalization: anything,
			displayUsernameNormalization: anything,
			minUsernameLength: 4,
		}),
		plugins.admin({ ac, bannedUserMessage: anything, roles: { admin: ac.newRole({ user: ["list", "ban"], project: ["create"] }), user: ac.newRole({ user: [] }) } }),
		plugins.twoFactor({
			otpOptions: { sendOTP: anything, storeOTP: { hash: anything } },
			backupCodeOptions: { customBackupCodesGenerate: anything, storeBackupCodes: { encrypt: anything, decrypt: anything } },
		}),
		plugins.genericOAuth({
			config: [
				{
					providerId: "acme",
					...app,
					authorizationUrl: "https://idp.example.com/authorize",
					tokenUrl: "https://idp.example.com/token",
					authorizationHeaders: { "X-Api-Key": "written-out-key", "X-Region": "eu" },
					accountSubject: anything,
					getToken: anything,
					getUserInfo: anything,
					mapProfileToUser: anything,
					refreshTokenParams: anything,
				},
				{
					providerId: "signed",
					clientId: "id",
					authorizationUrl: "https://idp.example.com/authorize",
					tokenUrl: "https://idp.example.com/token",
					tokenEndpointAuth: { method: "private_key_jwt", getClientAssertion: anything },
				},
				{ providerId: "bare", ...app, authorizationUrl: "https://idp.example.com/authorize", getToken: anything },
				// What an app has changed is no helper's any more.
				{ ...plugins.gumroad(app), tokenUrl: "https://gumroad.example.com/token" },
			],
		}),
		plugins.oneTap({ clientId: "tap", disableSignup: true }),
		plugins.oAuthProxy({ productionURL: "https://app.example.com", secret: "written-out-proxy-secret" }),
		plugins.oauthPopup(),
		plugins.magicLink({ sendMagicLink: anything, expiresIn: 60 }),
		plugins.customSession(anything),
		{ id: "my-own" },
	],
});

const one = { ...app, authorizationUrl: "https://idp.example.com/authorize", tokenUrl: "https://idp.example.com/token" };

/** What a file has a form for, though it is a function here. */
export const readable = betterAuth({
	advanced: { database: { generateId: () => crypto.randomUUID() } },
	user: { additionalFields: { nick: { type: "string", required: false } } },
	socialProviders: {
		github: {
			clientId: "id",
			clientSecret: "written-out-secret",
			mapProfileToUser: (profile) => ({ nick: profile.plan?.name, "name": profile.login }),
		},
	},
	plugins: [
		plugins.genericOAuth({
			config: [
				{ ...one, providerId: "one", accountSubject: ({ profile }) => profile.sub ?? "", mapProfileToUser: (profile) => ({ nick: profile.info.nick }) },
				{ ...one, providerId: "two", accountSubject: (context) => String(context.profile.user?.id) },
				{ ...one, providerId: "three", accountSubject: ({ profile }) => (typeof profile.uid === "string" ? profile.uid : "") },
				plugins.microsoftEntraId({ ...app, tenantId: "11111111-2222-3333-4444-555555555555" }),
				{ ...plugins.slack(app), providerId: "workspace" },
			],
		}),
		plugins.jwt({
			jwt: {
				definePayload: ({ user, session }) => ({ id: user.id, "mail": user.email, since: session.createdAt }),
				getSubject: (session) => session.user.email,
			},
		}),
		plugins.username({
			usernameValidator: (name) => /^[a-z${}/\d]+$/i.test(name),
			displayUsernameValidator: (name) => /^\p{L}+$/u.test(name),
			usernameNormalization: (name) => name.trim(),
			displayUsernameNormalization: (name) => name.toLowerCase(),
		}),
	],
});
