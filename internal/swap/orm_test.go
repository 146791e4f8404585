package swap_test

import (
	"strings"
	"testing"
)

// Columns in snake_case, as schemas of Drizzle have them, by what has them.
const (
	snakeSession = `"fields": {"expiresAt": "expires_at", "createdAt": "created_at", "updatedAt": "updated_at",
		"ipAddress": "ip_address", "userAgent": "user_agent", "userId": "user_id"}`
	snakeAccount = `"fields": {"accountId": "account_id", "providerId": "provider_id", "userId": "user_id",
		"accessToken": "access_token", "refreshToken": "refresh_token", "idToken": "id_token",
		"accessTokenExpiresAt": "access_token_expires_at", "refreshTokenExpiresAt": "refresh_token_expires_at",
		"createdAt": "created_at", "updatedAt": "updated_at"}`
	snakeVerification = `"fields": {"expiresAt": "expires_at", "createdAt": "created_at", "updatedAt": "updated_at"}`
	snakeKeys         = `"fields": {"publicKey": "public_key", "privateKey": "private_key", "createdAt": "created_at", "expiresAt": "expires_at"}`
	snakeUsername     = `"schema": {"user": {"fields": {"displayUsername": "display_username"}}}`
	snakeTwoFactor    = `"fields": {"backupCodes": "backup_codes", "userId": "user_id",
		"failedVerificationCount": "failed_verification_count", "lockedUntil": "locked_until"}`
	snakeEnabled = `"user": {"fields": {"twoFactorEnabled": "two_factor_enabled"}}`
)

// renamed is a configuration with tables and columns of other names.
func renamed(options, user, session, account, verification, keys, twoFactor string) string {
	return `{
		"baseURL": "http://auth.test", "rateLimit": {"enabled": false},
		"emailAndPassword": {"enabled": true, "sendResetPassword": true},
		"emailVerification": {"sendVerificationEmail": true},
		"user": {` + user + `}, "session": {` + session + `}, "account": {` + account + `}, "verification": {` + verification + `},
		"plugins": {"jwt": {"schema": {"jwks": {` + keys + `}}}, "username": {` + snakeUsername + `},
			"twoFactor": {"issuer": "Acme", "schema": {` + snakeEnabled + `, "twoFactor": {` + twoFactor + `}}}}` + options + `
	}`
}

func model(name, fields string) string { return `"modelName": "` + name + `", ` + fields }

func uuidsIn(schema string) string { return uuids + `, "database": {"schemaName": "` + schema + `"}` }

const uuids = `, "advanced": {"database": {"generateId": "uuid"}}`

// Databases that the migrators of Drizzle and Prisma have made, under the original
// that runs on them.
func TestDatabasesOfORMs(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	host := newHost(t)
	for _, s := range []shape{
		{
			name: "Drizzle, plural tables", orm: "drizzle/plural", original: configured(""), configure: found(configured("")),
		},
		{
			name: "Drizzle, a schema of its own, uuid ids and an enum", orm: "drizzle/auth",
			original: configured(uuids + `, "user": {"modelName": "members", "fields": {"email": "mail"}, "additionalFields": {` + memberRole + `}}`),
			fields:   map[string]any{"role": "staff"},
			sallyport: renamed(uuidsIn("auth"), model("members", `"fields": {"email": "mail", "emailVerified": "is_verified", "image": "avatar_url",
					"createdAt": "created_at", "updatedAt": "updated_at"}, "additionalFields": {`+memberRole+`}`),
				model("login", strings.Replace(snakeSession, "ip_address", "ip", 1)), snakeAccount, snakeVerification, snakeKeys, model("two_factor", snakeTwoFactor)),
		},
		{name: "Prisma, as generated", orm: "prisma/default", original: configured("")},
		{
			name: "Prisma, uuid ids and an enum", orm: "prisma/mapped",
			original:  configured(uuids + `, "user": {"additionalFields": {` + memberRole + `}}`),
			configure: found(configured(`, "user": {"additionalFields": {` + memberRole + `}}`)),
			fields:    map[string]any{"role": "staff"},
		},
		{
			name: "Prisma, renamed in Better Auth", orm: "prisma/renamed",
			original:  configured(`, "user": {"modelName": "person", "fields": {"email": "mail"}}, "advanced": {"database": {"generateId": false}}`),
			sallyport: configured(`, "user": {"modelName": "people", "fields": {"email": "mail"}}`),
		},
	} {
		s.change = far
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.tell(t, host)
		})
	}
}

// far sets the clock of a database's sessions to a place far away, which must not
// move the times in columns without a zone.
func far(t *testing.T, database string) {
	execute(t, database, `do $$ begin execute format('alter database %I set timezone = %L', current_database(), 'Pacific/Auckland'); end $$`)
}

const memberRole = `"role": {"type": "string", "required": false, "defaultValue": "member"}`
