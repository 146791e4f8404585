package mail_test

import (
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// The tables of River are made by a migration of ours. A version of River that
// wants others needs a further one.
func TestTheTablesOfRiverAreItsOwn(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	s.Exec("create schema river")
	pool := s.Server.Auth.Store.Pool()
	migrator, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: "river"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := migrator.Migrate(t.Context(), rivermigrate.DirectionUp, nil); err != nil {
		t.Fatal(err)
	}
	want, got := catalogue(t, s, "river"), catalogue(t, s, "sallyport")
	if len(want) < 50 {
		t.Fatalf("River has made only %q", want)
	}
	for _, line := range want {
		if !slices.Contains(got, line) {
			t.Errorf("missing: %s", line)
		}
	}
	for _, line := range got {
		if !slices.Contains(want, line) {
			t.Errorf("too much: %s", line)
		}
	}
}

// catalogue describes what a schema holds of River.
func catalogue(t *testing.T, s *authtest.Server, schema string) []string {
	t.Helper()
	rows, err := s.Server.Auth.Store.Pool().Query(t.Context(), `
		select replace(line, $1 || '.', '') from (
			select concat_ws(' ', 'column', c.relname, c.relpersistence, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid))
			from pg_class c join pg_attribute a on a.attrelid = c.oid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
			where c.relnamespace = $1::regnamespace and c.relkind = 'r' and c.relname like 'river%' and a.attnum > 0 and not a.attisdropped
			union all select concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint where connamespace = $1::regnamespace and conname not like '%migration%' and conrelid::regclass::text like '%river%'
			union all select pg_get_indexdef(indexrelid) from pg_index join pg_class c on c.oid = indexrelid where c.relnamespace = $1::regnamespace and c.relname like 'river%' and c.relname not like '%migration%'
			union all select concat_ws(' ', 'state', enumlabel, row_number() over (order by enumsortorder)) from pg_enum join pg_type t on t.oid = enumtypid where t.typnamespace = $1::regnamespace
			union all select pg_get_functiondef(oid) from pg_proc where pronamespace = $1::regnamespace
			union all select concat_ws(' ', 'trigger', tgrelid::regclass, pg_get_triggerdef(g.oid)) from pg_trigger g join pg_class c on c.oid = tgrelid where c.relnamespace = $1::regnamespace
		) as described (line)`, schema)
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	versions, err := s.Server.Auth.Store.Pool().Query(t.Context(), `select 'version ' || line || version from `+schema+`.river_migration`)
	if err != nil {
		t.Fatal(err)
	}
	done, err := pgx.CollectRows(versions, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	return append(lines, done...)
}

type job struct {
	Message string `json:"message"`
}

// Kind is the kind under which the outbox writes jobs.
func (job) Kind() string { return "message" }

// The outbox writes jobs itself, in one statement with their messages.
func TestAJobIsWrittenAsRiverWritesIt(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	send(t, s, reset("ann@example.test"))
	client, err := river.NewClient(riverpgxv5.New(s.Server.Auth.Store.Pool()), &river.Config{Schema: "sallyport", PollOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	o := &river.InsertOpts{Queue: "messages", MaxAttempts: 5}
	if _, err := client.Insert(t.Context(), job{s.Messages()[0].ID}, o); err != nil {
		t.Fatal(err)
	}
	rows, kinds := s.Count(`select count(*) from sallyport.river_job`), s.Count(`select count(*) from (
		select distinct state, attempt, max_attempts, attempted_at, finalized_at, priority, args, attempted_by, errors,
			kind, metadata, queue, tags, unique_key, unique_states, abs(extract(epoch from scheduled_at - now())) < 60
		from sallyport.river_job) as kinds`)
	if rows != 2 || kinds != 1 {
		t.Errorf("%d jobs of %d kinds", rows, kinds)
	}
}
