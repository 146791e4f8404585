package migrate_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/schema"

	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
)

// whats lists what steps do.
func whats(steps []migrate.Step) []string {
	var out []string
	for _, s := range steps {
		out = append(out, s.What)
	}
	return out
}

const (
	valueIndex        = "create index sallyport_verification_value_idx"
	accountIndex      = "create index sallyport_account_accountId_idx"
	sessionIndex      = "create index sallyport_session_expiresAt_idx"
	verificationIndex = "create index sallyport_verification_expiresAt_idx"
)

func TestExtraIndexesAreMadeOnRequest(t *testing.T) {
	t.Parallel()
	o := options(pgtest.URL(t))
	want := []string{valueIndex, accountIndex, sessionIndex, verificationIndex}
	for range 2 { // on an empty database, and on one that has the tables
		steps, err := migrate.PlanIndexes(t.Context(), o)
		if err != nil || !slices.Equal(whats(steps), want) {
			t.Errorf("planned %v, %v", whats(steps), err)
		}
		if err := migrate.Up(t.Context(), o); err != nil {
			t.Fatal(err)
		}
	}
	if steps, err := migrate.UpIndexes(t.Context(), o); err != nil || !slices.Equal(whats(steps), want) {
		t.Errorf("made %v, %v", whats(steps), err)
	}
	if steps, err := migrate.UpIndexes(t.Context(), o); err != nil || len(steps) != 0 {
		t.Errorf("made again %v, %v", whats(steps), err)
	}
	if err := migrate.Check(t.Context(), o); err != nil {
		t.Error(err)
	}
}

func TestAnIndexUnderAnotherNameIsEnough(t *testing.T) {
	t.Parallel()
	o := options(pgtest.URL(t))
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	run(t, o.URL, `create index mine on session ("expiresAt", id); create index half on verification ("expiresAt") where id > 'x';
		create unique index owner on account ("providerId", "accountId")`)
	steps, err := migrate.UpIndexes(t.Context(), o)
	if err != nil || !slices.Equal(whats(steps), []string{valueIndex, verificationIndex}) {
		t.Errorf("made %v, %v", whats(steps), err)
	}
}

// A sign-in with a provider finds its account by an index, however long its id is.
func TestAccountsOfAProvidersUsersAreFoundByAnIndex(t *testing.T) {
	t.Parallel()
	o := options(pgtest.URL(t))
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if _, err := migrate.UpIndexes(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	run(t, o.URL, `insert into "user" (id, name, email, "emailVerified") values ('u', 'Ann', 'a@b.test', true);
		insert into account (id, "userId", "providerId", "accountId", "updatedAt")
			select n, 'u', 'github', case n when 1 then repeat(md5('x'), 1000) else n::text end, now() from generate_series(1, 5000) n;
		analyze account`)
	conn, err := pgx.Connect(t.Context(), o.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	rows, _ := conn.Query(t.Context(), `explain select * from account where "providerId" = 'github' and "accountId" = '77' limit 2`)
	plan, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || !strings.Contains(strings.Join(plan, "\n"), "sallyport_account_accountId_idx") {
		t.Errorf("%v\n%s", err, strings.Join(plan, "\n"))
	}
}

// An index that was not finished is in the catalogue, and of no use.
func TestAHalfMadeIndexIsMadeAnew(t *testing.T) {
	t.Parallel()
	o := options(pgtest.URL(t))
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	run(t, o.URL, `create index "sallyport_session_expiresAt_idx" on session ("expiresAt")`)
	run(t, o.URL, `update pg_index set indisvalid = false where indexrelid = '"sallyport_session_expiresAt_idx"'::regclass`)
	steps, err := migrate.UpIndexes(t.Context(), o)
	if err != nil || !slices.Equal(whats(steps), []string{valueIndex, accountIndex, "drop half-made index sallyport_session_expiresAt_idx", sessionIndex, verificationIndex}) {
		t.Errorf("made %v, %v", whats(steps), err)
	}
	if steps, err := migrate.PlanIndexes(t.Context(), o); err != nil || len(steps) != 0 {
		t.Errorf("left %v, %v", whats(steps), err)
	}
}

func TestConcurrentIndexesWaitForEachOther(t *testing.T) {
	t.Parallel()
	o := options(pgtest.URL(t))
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	made := make(chan int, 3)
	for range 3 {
		wg.Go(func() {
			steps, err := migrate.UpIndexes(t.Context(), o)
			if err != nil {
				t.Error(err)
			}
			made <- len(steps)
		})
	}
	wg.Wait()
	if n := <-made + <-made + <-made; n != 4 {
		t.Errorf("%d indexes were made", n)
	}
}

// Uninstalling takes what is ours and nothing else, wherever it is.
func TestUninstallLeavesTheOthersTables(t *testing.T) {
	t.Parallel()
	for name, o := range map[string]migrate.Options{"default": {}, "named": {Schema: "Better Auth", OwnSchema: "guard"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o.URL, o.Set = pgtest.URL(t), schema.MustNewSet(schema.Core)
			if err := migrate.Up(t.Context(), o); err != nil {
				t.Fatal(err)
			}
			if _, err := migrate.UpIndexes(t.Context(), o); err != nil {
				t.Fatal(err)
			}
			steps, err := migrate.Uninstall(t.Context(), o)
			if err != nil || len(steps) != 5 {
				t.Errorf("removed %v, %v", whats(steps), err)
			}
			if steps, err = migrate.Uninstall(t.Context(), o); err != nil || len(steps) != 0 {
				t.Errorf("removed again %v, %v", whats(steps), err)
			}
			left, err := migrate.Plan(t.Context(), o)
			if err != nil || strings.Contains(strings.Join(whats(left), " "), "table") || len(left) == 0 {
				t.Errorf("lacks %v, %v", whats(left), err)
			}
		})
	}
}

// lookups are what a plugin looks for in users.
var lookups = []schema.Table{{
	Model: "user", Fields: []schema.Field{{Name: "role", Type: schema.String, Column: "the role"}},
	Lookups: []schema.Lookup{
		{Fields: []string{"createdAt", "id"}, For: "lists"},
		{Fields: []string{"role"}, For: "roles"},
		{Fields: []string{"email"}, Parts: true, For: "addresses by a part"},
		{Fields: []string{"name"}, Parts: true, For: "names by a part"},
	},
}}

func TestPluginsAskForIndexes(t *testing.T) {
	t.Parallel()
	o := options(pgtest.URL(t))
	o.Set = schema.MustNewSet(schema.Core, lookups)
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	plain := []string{"create index sallyport_user_createdAt_id_idx", "create index sallyport_user_the role_idx"}
	for _, step := range []struct {
		before string
		want   []string
	}{
		{"select 1", append(plain, "create index sallyport_user_email_prefix_idx")},
		{"create schema apart; create extension pg_trgm schema apart", []string{
			"create index sallyport_user_email_parts_idx", "create index sallyport_user_name_parts_idx",
		}},
		{"select 1", nil},
	} {
		run(t, o.URL, step.before)
		steps, err := migrate.UpIndexes(t.Context(), o)
		made := slices.DeleteFunc(whats(steps), func(what string) bool { return !strings.Contains(what, "user") })
		if err != nil || !slices.Equal(made, step.want) {
			t.Errorf("%s: made %q, %v", step.before, made, err)
		}
	}
}
