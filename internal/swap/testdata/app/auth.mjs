// The auth.ts of an application, with the options that the tests of this folder give the original as `everything`.
import { betterAuth } from "better-auth";
import { jwt, twoFactor, username } from "better-auth/plugins";
import pg from "pg";

export const auth = betterAuth({
	database: new pg.Pool({ connectionString: process.env.DATABASE_URL }),
	emailAndPassword: { enabled: true, sendResetPassword: async () => {} },
	emailVerification: { sendVerificationEmail: async () => {} },
	rateLimit: { enabled: false },
	plugins: [jwt(), username(), twoFactor({ issuer: "Acme" })],
});
