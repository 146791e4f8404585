package main

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
)

const (
	// withoutPlugins and withPlugins are one application before and after it turns
	// plugins on: columns, tables and indexes are pending between them.
	withoutPlugins = "emailAndPassword: {enabled: true}\n"
	withPlugins    = withoutPlugins + "plugins: {jwt: {}, username: {}, admin: {}, twoFactor: {}}\n"
	// inhabitants makes a database in use, as Better Auth leaves one.
	inhabitants = `drop schema sallyport cascade;
		insert into "user" (id, name, email, "emailVerified") select 'u' || n, 'User ' || n, 'u' || n || '@example.com', n % 2 = 0 from generate_series(1, 20000) n;
		insert into account (id, "userId", "accountId", "providerId", password, "updatedAt")
			select 'a' || id, id, id, 'credential', repeat(md5(id), 1) || ':' || repeat(md5(id), 4), now() from "user";
		insert into session (id, "userId", token, "expiresAt", "updatedAt") select 's' || id, id, md5(id), now() + interval '1 day', now() from "user"`
)

// moment is how far a migration has come, as another session sees it, which may
// hold something for it to come there.
type moment struct{ name, seen, held string }

var moments = []moment{
	{"while it changes tables of Better Auth's", `select exists (select from pg_locks where locktype = 'relation' and granted and mode = 'AccessExclusiveLock'
		and database = (select oid from pg_database where datname = current_database()))`, ""},
	{"with the first tables of its own", `select exists (select from pg_tables where schemaname = 'sallyport' and tablename <> 'migrations')`, ""},
	{"with half of its own tables", `select count(*) > 8 from pg_tables where schemaname = 'sallyport'`, ""},
	{"while it makes an index", `select exists (select from pg_index where not indisvalid)`, "lock table verification in row exclusive mode"},
}

// However far a migration has come when it is killed, no row is lost, and the next
// run completes what it has begun.
func TestAKilledMigrationIsCompletedByTheNext(t *testing.T) {
	t.Parallel()
	whole := inhabited(t)
	before := whole.rows()
	whole.run("migrate", "up", "--indexes").exits(0)
	want := whole.shape()
	for _, moment := range moments {
		o, half := killedAt(t, moment)
		o.run("migrate", "up", "--indexes").exits(0)
		o.run("migrate", "status").exits(0)
		if got := o.rows(); got != before {
			t.Errorf("killed %s: rows are %s, were %s", moment.name, got, before)
		}
		if got := o.shape(); got != want {
			t.Errorf("killed %s: the database is\n%s\nnot\n%s", moment.name, got, want)
		}
		t.Logf("killed %s, with %d of %d columns and indexes", moment.name, half, strings.Count(want, "\n"))
	}
}

// killedAt kills a migration at a moment, and tells how many columns and indexes
// there are then. One that was too quick to be caught is followed by another.
func killedAt(t *testing.T, m moment) (o *operator, half int) {
	t.Helper()
	for range 5 {
		o = inhabited(t)
		if o.isKilledAt(m) {
			return o, strings.Count(o.shape(), "\n")
		}
	}
	t.Fatalf("no migration could be killed %s", m.name)
	return nil, 0
}

func (o *operator) isKilledAt(m moment) bool {
	o.t.Helper()
	watch, err := pgx.Connect(o.t.Context(), o.env["DATABASE_URL"])
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = watch.Close(context.Background()) }()
	if _, err := watch.Exec(o.t.Context(), "begin; "+m.held); err != nil {
		o.t.Fatal(err)
	}
	cmd := o.command(o.t.Context(), "migrate", "up", "--indexes")
	if err := cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for seen := false; !seen; {
		if err := watch.QueryRow(o.t.Context(), m.seen).Scan(&seen); err != nil {
			o.t.Fatal(err)
		}
		select {
		case <-ended:
			return false
		default:
		}
	}
	_ = cmd.Process.Kill()
	return <-ended != nil
}

// inhabited gives an operator of a database in use, for which changes are pending.
func inhabited(t *testing.T) *operator {
	t.Helper()
	o := newProducer(t)
	o.env["DATABASE_URL"] = pgtest.Clone(t, func(ctx context.Context, url string) error {
		first := o.with(t, "DATABASE_URL="+url)
		first.configure(withoutPlugins)
		first.run("migrate", "up").exits(0)
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		defer func() { _ = conn.Close(ctx) }()
		_, err = conn.Exec(ctx, inhabitants)
		return err
	}, "inhabited")
	o.configure(withPlugins)
	return o
}

// rows is a digest of everything that was there before the migration.
func (o *operator) rows() string {
	o.t.Helper()
	return o.text(`select concat_ws(' ',
		(select count(*) || md5(string_agg(concat_ws(',', id, name, email, "emailVerified", image, "createdAt"), ';' order by id)) from "user"),
		(select count(*) || md5(string_agg(concat_ws(',', id, "userId", "accountId", "providerId", password), ';' order by id)) from account),
		(select count(*) || md5(string_agg(concat_ws(',', id, "userId", token, "expiresAt"), ';' order by id)) from session))`)
}

// shape is every column and every usable index of the database.
func (o *operator) shape() string {
	o.t.Helper()
	return o.text(`select coalesce(string_agg(line || E'\n', '' order by line), '') from (
		select format('%s.%s.%s %s %s', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull) as line
		from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
		where n.nspname in ('public', 'sallyport') and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped
		union all
		select pg_get_indexdef(x.indexrelid) || ' ' || x.indisvalid from pg_index x join pg_class c on c.oid = x.indrelid
		join pg_namespace n on n.oid = c.relnamespace where n.nspname in ('public', 'sallyport')) s`)
}

// text gives the text that a query for one gives.
func (o *operator) text(sql string) string {
	o.t.Helper()
	conn, err := pgx.Connect(o.t.Context(), o.env["DATABASE_URL"])
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	var text string
	if err := conn.QueryRow(o.t.Context(), sql).Scan(&text); err != nil {
		o.t.Fatal(fmt.Errorf("%s: %w", sql, err))
	}
	return text
}
