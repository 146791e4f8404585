// An app with an adapter in the shape of Drizzle's, whose tables and columns have names of their own.
import { betterAuth } from "../../transcript/oracle/node_modules/better-auth/dist/index.mjs";
import { admin, jwt, organization } from "../../transcript/oracle/node_modules/better-auth/dist/plugins/index.mjs";

/** A table as drizzle-orm makes one. */
function table(name, columns) {
	const named = Object.entries(columns).map(([field, column]) => [field, { name: column }]);
	return { [Symbol.for("drizzle:Name")]: name, [Symbol.for("drizzle:Schema")]: "app", [Symbol.for("drizzle:Columns")]: Object.fromEntries(named) };
}

const schema = {
	users: table("people", {
		id: "id", name: "name", emailAddress: "email_address", emailVerified: "email_verified", createdAt: "created_at",
		nick: "nick_name", role: "user_role", banReason: "ban_reason",
	}),
	sessions: table("sessions", { id: "id", userId: "user_id", token: "token", impersonatedBy: "impersonated_by" }),
	jwkss: table("keys", { id: "id", publicKey: "public_key", privateKey: "privateKey" }),
	organizations: table("organizations", { id: "id" }),
	posts: table("posts", { id: "id" }),
};

// What better-auth's drizzleAdapter returns: a function that makes the adapter, which holds its own settings.
const database = () => ({ id: "drizzle", options: { provider: "pg", usePlural: true, schema } });

export const auth = betterAuth({
	database,
	user: { fields: { email: "emailAddress" }, additionalFields: { nick: { type: "string", required: false } } },
	plugins: [admin(), jwt(), organization()],
});
