package migrate_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// pendingColumn gives a database in which a table of users lacks a column, and a
// session that reads that table and does not end.
func pendingColumn(t *testing.T) (o migrate.Options, reader pgx.Tx) {
	t.Helper()
	o = migrated(t, "")
	o.Set = schema.MustNewSet(schema.Core, []schema.Table{{Model: "user", Fields: []schema.Field{{Name: "nick", Type: schema.String}}}})
	return o, reading(t, o.URL, `"user"`)
}

// reading gives a session that reads a table and does not end.
func reading(t *testing.T, url, table string) pgx.Tx {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	reader, err := conn.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := reader.Exec(t.Context(), `set local application_name = 'a long report'; select from `+table); err != nil {
		t.Fatal(err)
	}
	return reader
}

// A table that is in use is changed when it no longer is, and meanwhile nobody who
// comes waits long.
func TestATableInUseIsChangedLater(t *testing.T) {
	t.Parallel()
	o, reader := pendingColumn(t)
	done := make(chan error, 1)
	go func() { done <- migrate.Up(context.Background(), o) }()
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); {
		began := time.Now()
		run(t, o.URL, `set lock_timeout = '5s'; insert into "user" (id, name, email, "emailVerified") values (gen_random_uuid(), '', gen_random_uuid(), true)`)
		if waited := time.Since(began); waited > 4*time.Second {
			t.Errorf("somebody who signs up waits for %s", waited)
		}
	}
	select {
	case err := <-done:
		t.Fatalf("it did not wait for the reader: %v", err)
	default:
	}
	if err := reader.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Error(err)
	}
	if err := migrate.Check(t.Context(), o); err != nil {
		t.Error(err)
	}
}

// When its patience is over, it tells who uses the table, and has changed nothing.
func TestATableInUseForLongIsLeftAsItIs(t *testing.T) {
	t.Parallel()
	o, _ := pendingColumn(t)
	o.Patience = time.Millisecond
	err := migrate.Up(t.Context(), o)
	if err == nil || !strings.Contains(err.Error(), "a long report") || !strings.Contains(err.Error(), "nothing was changed") {
		t.Fatalf("it ends with %v", err)
	}
	if steps, err := migrate.Plan(t.Context(), o); err != nil || len(steps) != 1 {
		t.Errorf("pending are %v, %v", steps, err)
	}
}

// The indexes that go with the rest are on tables that the application uses.
func TestATableInUseKeepsItsIndexesForNow(t *testing.T) {
	t.Parallel()
	o := migrated(t, "")
	if _, err := migrate.UpIndexes(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	reader := reading(t, o.URL, "session")
	o.Patience = time.Millisecond
	if _, err := migrate.Uninstall(t.Context(), o); err == nil || !strings.Contains(err.Error(), "a long report") {
		t.Fatalf("it ends with %v", err)
	}
	if err := migrate.Check(t.Context(), o); err != nil {
		t.Errorf("something is gone: %v", err)
	}
	if err := reader.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	if steps, err := migrate.Uninstall(t.Context(), o); err != nil || len(steps) != 5 {
		t.Errorf("it has done %v, %v", steps, err)
	}
}
