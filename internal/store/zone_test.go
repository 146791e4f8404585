package store_test

import (
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

// Drizzle and Prisma make columns without a time zone, in which they keep UTC
// whatever the zone of the session is. So does a statement that casts its
// parameter.
func TestTimesWithoutAZoneAreUTC(t *testing.T) {
	t.Parallel()
	o := store.Options{URL: pgtest.URL(t)}
	run(t, o.URL, `do $$ begin execute format('alter database %I set timezone = %L', current_database(), 'Pacific/Auckland'); end $$`)
	s := openWith(t, o)
	run(t, o.URL, `alter table jwks alter "expiresAt" type timestamp(3) using null; insert into jwks values ('k', 'public', 'private', now())`)

	if n, err := s.JWTExpireKey(t.Context(), db.JWTExpireKeyParams{At: noon, ID: "k"}); err != nil || n != 1 {
		t.Fatalf("%d keys, %v", n, err)
	}
	var stored time.Time
	if err := connect(t, o.URL).QueryRow(t.Context(), `select "expiresAt" from jwks`).Scan(&stored); err != nil {
		t.Fatal(err)
	}
	if want := noon.Truncate(time.Millisecond); !stored.Equal(want) {
		t.Errorf("stored %s, want %s", stored, want)
	}
}
