// An app with secrets: some from the environment, some written out.
import { betterAuth } from "../../transcript/oracle/node_modules/better-auth/dist/index.mjs";
import { captcha } from "../../transcript/oracle/node_modules/better-auth/dist/plugins/index.mjs";
import pg from "../../transcript/oracle/node_modules/pg/esm/index.mjs";

const { env } = process;

export const login = betterAuth({
	baseURL: env.PUBLIC_ADDRESS,
	secret: env.AUTH_KEY,
	secrets: [
		{ version: 2, value: env.AUTH_KEY },
		{ version: 1, value: "written-out-secret-of-the-app-0123456789" },
	],
	database: new pg.Pool({ connectionString: env.POSTGRES_URL }),
	socialProviders: {
		github: { clientId: "written-out-id", clientSecret: env.GITHUB_SECRET },
		google: { clientId: "google-id", clientSecret: "written-out-google-secret" },
	},
	account: { fields: { password: "pass_word" } },
	plugins: [captcha({ provider: "hcaptcha", secretKey: "written-out-captcha-secret", siteKey: "site" })],
});
