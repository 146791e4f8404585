package migrate_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/migrate"
)

// as gives the URL of a database for another role.
func as(t *testing.T, role, database string) string {
	t.Helper()
	u, err := url.Parse(database)
	if err != nil {
		t.Fatal(err)
	}
	query := u.Query()
	query.Set("role", role)
	u.RawQuery = query.Encode()
	return u.String()
}

// Row security is in the way where it hides something, and not where a policy gives
// this role every row.
func TestRowSecurityMayHideNothing(t *testing.T) {
	t.Parallel()
	o := migrated(t, `alter table account enable row level security; create policy mine on account using ("userId" = 'me')`)
	visitor := o
	visitor.URL = as(t, "pg_read_all_data", o.URL) // which reads every table, and no hidden row
	for _, c := range []struct {
		policies string
		hidden   bool
	}{
		{`select`, true},
		{`create policy every on account using (true)`, false},
		{`drop policy every on account; create policy every on account to pg_read_all_data using (true) with check (true)`, false},
		{`create policy none on account as restrictive using (false)`, true},
		{`drop policy none on account; drop policy every on account; create policy every on account for select using (true)`, true},
		{`drop policy every on account; create policy every on account to pg_monitor using (true)`, true},
	} {
		run(t, o.URL, c.policies)
		_, err := migrate.Plan(t.Context(), visitor)
		if hidden := err != nil && strings.Contains(err.Error(), "row security hides rows of table account"); hidden != c.hidden || err != nil && !hidden {
			t.Errorf("%s: %v", c.policies, err)
		}
		if err := migrate.Check(t.Context(), o); err != nil {
			t.Errorf("%s: the owner sees all: %v", c.policies, err)
		}
	}
}
