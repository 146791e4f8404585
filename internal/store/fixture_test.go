package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/plugin/jwt"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// noon is the time at which these tests happen, to the microsecond that a
// column keeps.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 123456000, time.UTC)

// open gives a store on a new database that has the tables of core, the jwt
// plugin and the further parts.
func open(t *testing.T, further ...[]schema.Table) *store.Store {
	t.Helper()
	return openWith(t, store.Options{}, further...)
}

// openWith is open with the schema names and bounds of o.
func openWith(t *testing.T, o store.Options, further ...[]schema.Table) *store.Store {
	t.Helper()
	fill(t, &o, further...)
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// fill makes a database for o and puts its URL and field set there.
func fill(t *testing.T, o *store.Options, further ...[]schema.Table) {
	t.Helper()
	fillIDs(t, o, schema.TextIDs, further...)
}

// fillIDs is fill with ids of another kind.
func fillIDs(t *testing.T, o *store.Options, ids schema.IDType, further ...[]schema.Table) {
	t.Helper()
	parts := append([][]schema.Table{schema.Core, jwt.Tables}, further...)
	o.Set = schema.MustNewSet(parts...)
	o.Set.IDs = ids
	if o.URL == "" {
		o.URL = pgtest.URL(t)
	}
	err := migrate.Up(t.Context(), migrate.Options{URL: o.URL, Schema: o.Schema, OwnSchema: o.OwnSchema, Set: o.Set})
	if err != nil {
		t.Fatal(err)
	}
}

// run executes SQL beside the store.
func run(t *testing.T, url, sql string) {
	t.Helper()
	conn := connect(t, url)
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

// connect opens a connection that ends with the test.
func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// addUser stores a user called by its id.
func addUser(t *testing.T, s *store.Store, id string) *store.User {
	t.Helper()
	u := &store.User{ID: id, Name: id, Email: id + "@example.test", CreatedAt: noon, UpdatedAt: noon}
	if err := s.CreateUser(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	return u
}

// addSession stores a session of a user that ends some time after noon; its
// token is its id.
func addSession(t *testing.T, s *store.Store, userID, id string, lasts time.Duration) *store.Session {
	t.Helper()
	row := &store.Session{
		ID: id, Token: id, UserID: userID, ExpiresAt: noon.Add(lasts), CreatedAt: noon, UpdatedAt: noon,
	}
	if err := s.CreateSession(t.Context(), row); err != nil {
		t.Fatal(err)
	}
	return row
}
