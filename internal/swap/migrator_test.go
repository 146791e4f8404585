package swap_test

import (
	"fmt"
	"strings"
	"testing"
)

// everything is a configuration under which a person can have all there is; %s
// are further options.
const everything = `{
	"baseURL": "http://auth.test", "rateLimit": {"enabled": false},
	"emailAndPassword": {"enabled": true, "sendResetPassword": true},
	"emailVerification": {"sendVerificationEmail": true},
	"plugins": ` + plugins + `%s
}`

const plugins = `{"jwt": {}, "username": {}, "twoFactor": {"issuer": "Acme"}}`

func configured(options string) string { return fmt.Sprintf(everything, options) }

func ids(kind string) string { return `, "advanced": {"database": {"generateId": "` + kind + `"}}` }

// withoutZones takes the zone away from every time, in a database that has one in
// which no clock shows UTC.
func withoutZones(t *testing.T, database string) {
	t.Helper()
	execute(t, database, `do $$ declare c record; begin
		execute format('alter database %I set timezone = ''America/New_York''', current_database());
		for c in select table_name, column_name from information_schema.columns where table_schema = 'public' and data_type = 'timestamp with time zone'
		loop
			execute format('alter table %I alter %I type timestamp using %I at time zone ''UTC''', c.table_name, c.column_name, c.column_name);
		end loop;
	end $$`)
}

// Databases that Better Auth's own migrator has made.
func TestDatabasesOfTheMigrator(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	host := newHost(t)
	for _, s := range []shape{
		{
			name: "1.7.25, further fields", original: configured(`, "user": {"additionalFields": {
				"nick": {"type": "string", "required": false}, "level": {"type": "number"}, "member": {"type": "boolean", "required": false},
				"born": {"type": "date", "required": false}, "tags": {"type": "string[]", "required": false}}}`),
			fields: map[string]any{
				"nick": "Ännchen", "level": 7, "member": true, "born": "2001-02-03T04:05:06.000Z", "tags": []string{"x", "ü"},
			},
			remarks: []string{},
		},
		{
			name: "1.7.25, plugins here only", bare: true, original: strings.Replace(configured(""), plugins, "{}", 1),
			sallyport: configured(""), remarks: []string{},
			plan: []string{
				"add column user.username", "add column user.displayUsername", "add column user.twoFactorEnabled",
				"create table jwks", "create table twoFactor", "create index user_username_uidx",
				"create index twoFactor_secret_idx", "create index twoFactor_userId_idx",
			},
		},
		{
			name: "1.7.1", version: "1.7.1", original: configured(""), remarks: []string{}, rebuilt: true,
			plan: []string{"give account.issuer the default local:credential", "drop index account_issuer_accountId_uidx"},
		},
		{
			name: "1.6, uuids, times without a zone", version: "1.6", original: configured(ids("uuid")), change: withoutZones,
			plan: []string{"add column jwks.alg", "add column jwks.crv"},
			remarks: []string{"user.createdAt, user.updatedAt, session.expiresAt, session.createdAt, session.updatedAt, " +
				"account.accessTokenExpiresAt, account.refreshTokenExpiresAt, account.createdAt, account.updatedAt, verification.expiresAt, " +
				"verification.createdAt, verification.updatedAt, jwks.createdAt, jwks.expiresAt, twoFactor.lockedUntil: timestamp without time zone."},
		},
		{
			name: "1.4, numbers", version: "1.4", original: configured(ids("serial")), remarks: []string{},
			plan: []string{
				"add column jwks.alg", "add column jwks.crv", "add column twoFactor.verified",
				"add column twoFactor.failedVerificationCount", "add column twoFactor.lockedUntil",
			},
		},
	} {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			s.tell(t, host)
		})
	}
}
