package oracle_test

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

// Each version is its own, on the database that it has made, and takes that as it
// is when it comes back.
func TestAHostRunsEarlierVersions(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	host, err := oracle.NewHost(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	for _, version := range []string{"1.4", "1.6", "1.7.1"} {
		o := oracle.Options{Config: config, DatabaseURL: pgtest.URL(t), Version: version, AsIs: true}
		if _, _, err := host.Start(o); err == nil || !strings.Contains(err.Error(), `create table "user"`) {
			t.Errorf("%s takes an empty database as it is: %v", version, err)
		}
		o.AsIs = false
		_, stop, err := host.Start(o)
		if err != nil {
			t.Fatalf("%s: %v", version, err)
		}
		stop()
		if has := hasIssuer(t, o.DatabaseURL); has != (version == "1.7.1") {
			t.Errorf("%s: accounts have an issuer: %v", version, has)
		}
		o.AsIs = true
		url, stop, err := host.Start(o)
		if err != nil {
			t.Fatalf("%s on its own database: %v", version, err)
		}
		if status, body := ask(t, url+"/api/auth/ok"); status != 200 || body != `{"ok":true}` {
			t.Errorf("%s: /ok is %d %s", version, status, body)
		}
		stop()
	}
}

// hasIssuer looks for a column that the versions 1.7.0 to 1.7.2 have and no other.
func hasIssuer(t *testing.T, database string) (has bool) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	err = conn.QueryRow(t.Context(), `select exists (select from pg_attribute where attrelid = 'account'::regclass and attname = 'issuer')`).Scan(&has)
	if err != nil {
		t.Fatal(err)
	}
	return has
}
