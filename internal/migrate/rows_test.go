package migrate_test

import (
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// Every start with --migrate runs Up: it walks through no table where nothing is to
// be changed, and refuses no rows then, with which serve alone starts, too.
func TestRowsAreLookedAtBeforeAChangeOnly(t *testing.T) {
	t.Parallel()
	o := migrated(t, `alter table verification alter "createdAt" drop not null;
		insert into verification (id, identifier, value, "expiresAt", "createdAt") values ('v', 'x', 'y', now(), null)`)
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Errorf("with nothing to do: %v", err)
	}
	o.Set = schema.MustNewSet(schema.Core, []schema.Table{{Model: "user", Fields: []schema.Field{{Name: "nick", Type: schema.String}}}})
	if err := migrate.Up(t.Context(), o); err == nil || !strings.Contains(err.Error(), "1 rows of table verification have no createdAt") {
		t.Errorf("before a change: %v", err)
	}
}

// A password counts as Better Auth's own with 32 digits, a colon and 128 digits.
func TestPasswordsOfAnotherFormAreCounted(t *testing.T) {
	t.Parallel()
	o := migrated(t, `insert into "user" (id, name, email, "emailVerified") values ('u', 'u', 'u@x.test', true);
		insert into account (id, "accountId", "providerId", "userId", "updatedAt") values ('a', 'u', 'credential', 'u', now())`)
	salt, hash := strings.Repeat("0a", 16), strings.Repeat("f9", 64)
	for password, other := range map[string]bool{
		salt + ":" + hash: false, salt + hash: true, salt + "0:" + hash[1:]: true, salt[1:] + ":0" + hash: true, salt + ":" + hash[1:]: true,
		salt + ":" + hash + "0": true, salt + ":" + hash[1:] + "\n": true, strings.ToUpper(salt) + ":" + hash: true,
		salt + ":" + hash[1:] + ":": true, salt + ":" + hash[1:] + "g": true, "$2b$10$": true,
	} {
		run(t, o.URL, "update account set password = '"+password+"'")
		report, err := migrate.Inspect(t.Context(), o)
		if counted := len(report.Remarks) > 0; err != nil || counted != other {
			t.Errorf("%q: %v, %v", password, report.Remarks, err)
		}
	}
}
