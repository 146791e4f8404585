package migrate_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// advised lists tables with what looks for rows in them, sorted.
func advised(t *testing.T, o migrate.Options) (all []string, advice []migrate.Advice) {
	t.Helper()
	advice, err := migrate.Advise(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range advice {
		all = append(all, a.Table+": "+a.For)
	}
	slices.Sort(all)
	return all, advice
}

// crowd makes a database of so many users, each with as many rows of the others.
func crowd(t *testing.T, rows int) migrate.Options {
	t.Helper()
	o := options(pgtest.URL(t))
	o.Set = schema.MustNewSet(schema.Core, lookups)
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	for _, insert := range []string{
		`"user" (id, name, email, "emailVerified", "the role") select i, 'Name of ' || i, i || '@example.test', true, 'user'`,
		`session (id, token, "userId", "expiresAt", "updatedAt") select i, i, i, now() + i * interval '1 s', now()`,
		`account (id, "accountId", "providerId", "userId", "updatedAt") select i, md5(i::text), 'github', i, now()`,
		`verification (id, identifier, value, "expiresAt") select i, i, md5(i::text), now() + i * interval '1 s'`,
	} {
		run(t, o.URL, fmt.Sprintf("set session_replication_role = replica; insert into %s from generate_series(1, %d) i", insert, rows))
	}
	run(t, o.URL, "analyze")
	return o
}

// Each index that a large table lacks is advised, with who looks by it, and what is
// advised of its size is near to what it comes to.
func TestLargeTablesGetAdvice(t *testing.T) {
	t.Parallel()
	o := crowd(t, 100_000)
	lists := []string{"user: addresses by a part", "user: lists", "user: names by a part", "user: roles"}
	got, advice := advised(t, o)
	want := append([]string{
		"account: sign-in with a provider", "session: the deletion of what has expired", "verification: the deletion of what has expired",
		"verification: the end of links that a user was sent",
	}, lists...)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("advised %q", got)
	}
	for _, a := range advice {
		text := a.String()
		if a.Rows != 100_000 || !strings.Contains(text, "has about 100000 rows in ") || a.For == "names by a part" != strings.Contains(text, "create extension pg_trgm") {
			t.Errorf("%s", text)
		}
	}
	run(t, o.URL, "create extension pg_trgm")
	_, advice = advised(t, o)
	conn, err := pgx.Connect(t.Context(), o.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	for _, a := range advice {
		run(t, o.URL, a.Steps[0].SQL)
		var size int64
		name := pgx.Identifier{strings.TrimPrefix(a.Steps[0].What, "create index ")}.Sanitize()
		if err := conn.QueryRow(t.Context(), "select pg_relation_size($1::text::regclass)", name).Scan(&size); err != nil {
			t.Fatal(err)
		}
		if a.Size < size/2 || a.Size > size*2 {
			t.Errorf("%s: the index has %d bytes, and not %d", a.Steps[0].SQL, size, a.Size)
		}
	}
	if got, _ = advised(t, o); len(got) != 0 {
		t.Errorf("advised with every index there: %q", got)
	}
}

func TestSmallTablesGetNoAdvice(t *testing.T) {
	t.Parallel()
	if got, _ := advised(t, options(pgtest.URL(t))); len(got) != 0 {
		t.Errorf("advised without tables: %q", got)
	}
	if got, _ := advised(t, crowd(t, 1000)); len(got) != 0 {
		t.Errorf("advised: %q", got)
	}
}

// Nobody has counted the rows of a dump that was just restored.
func TestRestoredTablesGetAdvice(t *testing.T) {
	t.Parallel()
	o := options(pgtest.URL(t))
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	run(t, o.URL, `alter table verification set (autovacuum_enabled = false);
		insert into verification (id, identifier, value, "expiresAt") select i, repeat('x', 200), i, now() from generate_series(1, 100000) i`)
	if got, _ := advised(t, o); len(got) != 2 || !strings.HasPrefix(got[0], "verification: ") {
		t.Errorf("advised %q", got)
	}
}

// An index that is there twice is named, and one that does more than the other is not.
func TestIndexesThatAreThereTwiceAreNamed(t *testing.T) {
	t.Parallel()
	o := options(pgtest.URL(t))
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	run(t, o.URL, `create index twice on verification (identifier); create index less on verification (identifier) where id > 'x';
		create index other on verification (identifier text_pattern_ops); create index more on verification (identifier, id);
		create index lower on verification (lower(identifier)); create index hashed on verification using hash (identifier);
		create unique index apart on verification (id);
		insert into verification (id, identifier, value, "expiresAt") select i, i, i, now() from generate_series(1, 100000) i; analyze verification`)
	found, err := migrate.Duplicates(t.Context(), o)
	if err != nil || len(found) != 1 || !strings.HasPrefix(found[0].String(), "index twice of table verification takes ") {
		t.Fatalf("found %v, %v", found, err)
	}
	run(t, o.URL, found[0].SQL)
	if found, err = migrate.Duplicates(t.Context(), o); err != nil || len(found) != 0 {
		t.Errorf("left %v, %v", found, err)
	}
}
