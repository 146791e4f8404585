package migrate_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// An ORM's own ids may be shorter than those that are inserted from now on, and
// then every sign-up would fail.
func TestColumnsTooShortForIDsAreRefused(t *testing.T) {
	for _, c := range []struct {
		ids      schema.IDType
		kind     string
		accepted bool
	}{
		{schema.TextIDs, "varchar(25)", false},
		{schema.TextIDs, "varchar(32)", true},
		{schema.TextIDs, "varchar", true},
		{schema.UUIDs, "varchar(32)", false},
		{schema.UUIDs, "varchar(36)", true},
	} {
		o := options(pgtest.URL(t))
		o.Set.IDs = c.ids
		run(t, o.URL, fmt.Sprintf(`create table verification (id %s primary key default '')`, c.kind))
		_, err := migrate.Plan(t.Context(), o)
		refused := err != nil && strings.Contains(err.Error(), "column verification.id is character varying(")
		if refused == c.accepted || c.accepted && err != nil {
			t.Errorf("ids %q in %s: %v", c.ids, c.kind, err)
		}
	}
}
