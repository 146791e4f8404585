// A schema as people edit it: a Postgres schema of its own, uuid ids, names of their own, bounded texts,
// an enum, unique indexes in the place of constraints, and times of milliseconds with and without a
// zone.
import { sql } from "drizzle-orm";
import { boolean, index, integer, pgSchema, text, timestamp, uniqueIndex, uuid, varchar } from "drizzle-orm/pg-core";

const time = (name) => timestamp(name, { precision: 3 });
const timeInZone = (name) => timestamp(name, { precision: 3, withTimezone: true });
const id = () => ({ id: uuid("id").default(sql`pg_catalog.gen_random_uuid()`).primaryKey() });
const times = () => ({ createdAt: time("created_at").defaultNow().notNull(), updatedAt: timeInZone("updated_at").defaultNow().notNull() });
const userId = () => ({ userId: uuid("user_id").notNull().references(() => members.id, { onDelete: "cascade" }) });

export const auth = pgSchema("auth");
export const role = auth.enum("role", ["member", "staff"]);

export const members = auth.table(
	"members",
	{
		...id(),
		...times(),
		name: varchar("name", { length: 255 }).notNull(),
		mail: varchar("mail", { length: 255 }).notNull(),
		emailVerified: boolean("is_verified").default(false).notNull(),
		image: text("avatar_url"),
		username: varchar("username", { length: 60 }),
		displayUsername: varchar("display_username", { length: 60 }),
		twoFactorEnabled: boolean("two_factor_enabled").default(false),
		role: role("role").default("member").notNull(),
	},
	(t) => [uniqueIndex("members_mail").on(t.mail), uniqueIndex("members_username").on(t.username)],
);

export const session = auth.table(
	"login",
	{
		...id(),
		...times(),
		...userId(),
		expiresAt: time("expires_at").notNull(),
		token: varchar("token", { length: 255 }).notNull(),
		ipAddress: varchar("ip", { length: 45 }),
		userAgent: text("user_agent"),
	},
	(t) => [uniqueIndex("login_token").on(t.token)],
);

export const account = auth.table("account", {
	...id(),
	...times(),
	...userId(),
	accountId: varchar("account_id", { length: 255 }).notNull(),
	providerId: varchar("provider_id", { length: 60 }).notNull(),
	accessToken: text("access_token"),
	refreshToken: text("refresh_token"),
	idToken: text("id_token"),
	accessTokenExpiresAt: time("access_token_expires_at"),
	refreshTokenExpiresAt: time("refresh_token_expires_at"),
	scope: text("scope"),
	password: varchar("password", { length: 255 }),
});

export const verification = auth.table(
	"verification",
	{ ...id(), ...times(), identifier: text("identifier").notNull(), value: text("value").notNull(), expiresAt: time("expires_at").notNull() },
	(t) => [index("verification_identifier").on(t.identifier)],
);

export const jwks = auth.table("jwks", {
	...id(),
	publicKey: text("public_key").notNull(),
	privateKey: text("private_key").notNull(),
	createdAt: time("created_at").notNull(),
	expiresAt: time("expires_at"),
	alg: varchar("alg", { length: 20 }),
	crv: varchar("crv", { length: 20 }),
});

export const twoFactor = auth.table("two_factor", {
	...id(),
	...userId(),
	secret: text("secret").notNull(),
	backupCodes: text("backup_codes").notNull(),
	verified: boolean("verified").default(true),
	failedVerificationCount: integer("failed_verification_count").default(0),
	lockedUntil: time("locked_until"),
});
