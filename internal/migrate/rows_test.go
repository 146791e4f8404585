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
