package migrate_test

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// snakeUsers is a table as Drizzle's schemas have it.
const snakeUsers = `create table users (id uuid primary key, name text not null, email text not null unique,
	email_verified boolean not null, image text, created_at timestamp not null, updated_at timestamp not null)`

func TestTablesOfOtherNamesAreNotMadeAnew(t *testing.T) {
	o := options(pgtest.URL(t))
	run(t, o.URL, snakeUsers)
	// The name counts more than the order, and a table that lacks a required
	// column is something else.
	run(t, o.URL, `create table a_backup as table users; create table userlike (id int, name text, email text, created_at timestamp, updated_at timestamp)`)
	for name, do := range map[string]func() error{
		"plan":  func() error { _, err := migrate.Plan(t.Context(), o); return err },
		"up":    func() error { return migrate.Up(t.Context(), o) },
		"check": func() error { return migrate.Check(t.Context(), o) },
	} {
		found := new(migrate.OtherNames)
		if err := do(); !errors.As(err, &found) || !strings.Contains(err.Error(), "table users seems to be the table user under another name") {
			t.Errorf("%s: %v", name, err)
			continue
		}
		want := []schema.Table{schema.Renamed("user", "users", map[string]string{
			"emailVerified": "email_verified", "createdAt": "created_at", "updatedAt": "updated_at",
		})}
		if !reflect.DeepEqual(found.Tables, want) || found.IDs != schema.UUIDs {
			t.Errorf("%s: found %+v and ids %q, want %+v", name, found.Tables, found.IDs, want)
		}
	}
	if tables := count(t, o.URL, `select count(*) from pg_tables where schemaname in ('public', 'sallyport')`); tables != 3 {
		t.Errorf("%d tables are there after the refusals, want 3", tables)
	}

	o.NewTables = true
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	// Once the new table is there, it is the one.
	o.NewTables = false
	if err := migrate.Check(t.Context(), o); err != nil {
		t.Error(err)
	}
}

func TestColumnsOfOtherNamesAreNotMadeAnew(t *testing.T) {
	o := options(pgtest.URL(t))
	o.Set = schema.MustNewSet(schema.Core, []schema.Table{{Model: "user", Name: "users"}})
	o.Set.IDs = schema.UUIDs
	run(t, o.URL, snakeUsers)
	found := new(migrate.OtherNames)
	if err := migrate.Up(t.Context(), o); !errors.As(err, &found) || !strings.Contains(err.Error(), "column users.updated_at seems to be the column updatedAt under another name") {
		t.Fatal(err)
	}
	if found.Tables[0].Name != "" || len(found.Tables[0].Fields) != 3 {
		t.Errorf("found %+v, want three columns", found.Tables)
	}
}

// An application's own table of users is no reason to refuse anything.
func TestAnApplicationsOwnUsersAreNotBetterAuths(t *testing.T) {
	o := options(pgtest.URL(t))
	run(t, o.URL, `create table users (id bigint primary key, name text, email text, password text, created_at timestamptz, updated_at timestamptz)`)
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Error(err)
	}
}

func count(t *testing.T, url, sql string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if err := conn.QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
