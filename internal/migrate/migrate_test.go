package migrate_test

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/db"
	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/plugin/jwt"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

func options(url string) migrate.Options {
	return migrate.Options{URL: url, Set: schema.MustNewSet(schema.Core, jwt.Tables)}
}

// migrations is how many there are of our own schema.
func migrations(t *testing.T) int {
	t.Helper()
	names, err := fs.Glob(db.Migrations(), "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	return len(names)
}

func run(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func TestUpMakesEverythingOnce(t *testing.T) {
	o := options(pgtest.URL(t))
	steps, err := migrate.Plan(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	// Five tables, three indexes, our schema and its migrations.
	if len(steps) != 9+migrations(t) {
		t.Errorf("%d steps: %v", len(steps), steps)
	}
	err = migrate.Check(t.Context(), o)
	if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("create table user and %d more; run `sallyport migrate up`", len(steps)-1)) {
		t.Errorf("check said %v", err)
	}
	for range 2 {
		if err := migrate.Up(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	if err := migrate.Check(t.Context(), o); err != nil {
		t.Error(err)
	}
}

func TestPlanTouchesNothing(t *testing.T) {
	o := options(pgtest.URL(t))
	for range 2 {
		if steps, err := migrate.Plan(t.Context(), o); err != nil || len(steps) != 9+migrations(t) {
			t.Errorf("%d steps, %v", len(steps), err)
		}
	}
}

func TestThePlanIsWhatUpRuns(t *testing.T) {
	o := options(pgtest.URL(t))
	o.OwnSchema = "guard"
	steps, err := migrate.Plan(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range steps {
		run(t, o.URL, s.SQL)
	}
	run(t, o.URL, `select id from jwks; select kid from guard.key_activation`)
}

func TestConcurrentUps(t *testing.T) {
	o := options(pgtest.URL(t))
	var wg sync.WaitGroup
	errs := make(chan error, 5)
	for range 5 {
		wg.Go(func() { errs <- migrate.Up(t.Context(), o) })
	}
	wg.Wait()
	close(errs)
	for err := range errs {
		if err != nil {
			t.Error(err)
		}
	}
	if err := migrate.Check(t.Context(), o); err != nil {
		t.Error(err)
	}
}

func TestAdoptionAddsWhatIsMissing(t *testing.T) {
	o := options(pgtest.URL(t))
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	run(t, o.URL, `
		alter table "user" drop column image;
		drop index "session_userId_idx"; -- the original does not bring it back either
		drop table jwks;
		insert into "user" (id, name, email, "emailVerified") values ('u', 'U', 'u@x.test', false)`)
	steps, err := migrate.Plan(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	var what []string
	for _, s := range steps {
		what = append(what, s.What)
	}
	if got, want := strings.Join(what, "; "), "add column user.image; create table jwks"; got != want {
		t.Errorf("plan is %s, want %s", got, want)
	}
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
}

func TestWhatDoesNotFitIsNamedBeforeAnythingChanges(t *testing.T) {
	o := options(pgtest.URL(t))
	run(t, o.URL, `
		create table "user" (id text primary key, name text not null, email integer not null unique, image text not null);
		insert into "user" values ('u', 'n', 1, 'i')`)
	err := migrate.Up(t.Context(), o)
	if err == nil {
		t.Fatal("accepted")
	}
	// emailVerified has a default and createdAt the time, so rows can get both.
	want := "this database cannot be used as it is: column user.email is integer, and must be text: " +
		`change its type (alter table "user" alter column "email" type text using ...); ` +
		`column user.image is NOT NULL, and must allow NULL: alter table "user" alter column "image" drop not null`
	if err.Error() != want {
		t.Errorf("got  %v\nwant %s", err, want)
	}
	run(t, o.URL, `do $$ begin if to_regclass('session') is not null then raise 'session was made'; end if; end $$`)
}

func TestRequiredColumnOnATableWithRows(t *testing.T) {
	o := options(pgtest.URL(t))
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	run(t, o.URL, `alter table jwks drop column "publicKey"`)
	if steps, err := migrate.Plan(t.Context(), o); err != nil || len(steps) != 1 {
		t.Errorf("on an empty table: %v, %v", steps, err)
	}
	run(t, o.URL, `insert into jwks (id, "privateKey", "createdAt") values ('k', 'p', now())`)
	if _, err := migrate.Plan(t.Context(), o); err == nil || !strings.Contains(err.Error(), `table jwks has rows, and its required column publicKey is missing`) {
		t.Errorf("on a table with rows: %v", err)
	}
}

func TestNamedSchemas(t *testing.T) {
	o := options(pgtest.URL(t))
	o.Schema, o.OwnSchema = "auth", "guard"
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if err := migrate.Check(t.Context(), o); err != nil {
		t.Error(err)
	}
	run(t, o.URL, `select id from auth."user"; select kid from guard.key_activation`)
	run(t, o.URL, `do $$ begin if to_regclass('public."user"') is not null then raise 'user is in public'; end if; end $$`)
}

func TestUnreachableDatabase(t *testing.T) {
	for _, url := range []string{
		"postgres://nobody:sesame@127.0.0.1:1/x", "not a url", "postgres://[::1",
	} {
		err := migrate.Check(t.Context(), options(url))
		if err == nil || strings.Contains(err.Error(), "sesame") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", url, err)
		}
	}
}

// "$user" leads the search_path, so a schema of ours that is called as the role
// hides the one of Better Auth's tables as soon as it is made.
func TestOurSchemaMayBeCalledAsTheRole(t *testing.T) {
	o := options(pgtest.URL(t))
	conn, err := pgx.Connect(t.Context(), o.URL)
	if err != nil {
		t.Fatal(err)
	}
	o.OwnSchema = conn.Config().User
	_ = conn.Close(t.Context())
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if err := migrate.Check(t.Context(), o); err != nil {
		t.Error(err)
	}
	run(t, o.URL, "drop table jwks")
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	run(t, o.URL, `select id from public."user"; select id from public.jwks`)
}

// Our own schema is made beside Better Auth's tables, but not where those cannot be.
func TestARoleThatMayMakeNoTablesLeavesNothing(t *testing.T) {
	o := options(pgtest.URL(t))
	run(t, o.URL, `do $$ begin execute format('grant create on database %I to pg_monitor', current_database()); end $$`)
	visitor := o
	visitor.URL = as(t, "pg_monitor", o.URL)
	if err := migrate.Up(t.Context(), visitor); err == nil || !strings.Contains(err.Error(), "permission denied for schema public") {
		t.Errorf("it may: %v", err)
	}
	run(t, o.URL, "create schema sallyport") // is not there
}

func TestOurSchemaNeedsANameOfItsOwn(t *testing.T) {
	url := pgtest.URL(t)
	for own, shared := range map[string]string{`odd "name"`: "", "user": "", "Upper": "", "pg_own": "", "auth": "auth"} {
		o := options(url)
		o.OwnSchema, o.Schema = own, shared
		if err := migrate.Up(t.Context(), o); err == nil || !strings.HasPrefix(err.Error(), "server.schema") {
			t.Errorf("%q: %v", own, err)
		}
	}
}
