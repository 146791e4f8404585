package main

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// What differs and stays so is told before the statements, in comments, and what
// hinders also where errors are.
func TestAPlanTellsWhatDiffers(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	o.run("migrate", "up").exits(0)
	o.execute(`drop index "session_userId_idx"; alter table "user" drop column image`)
	plan := o.run("migrate", "plan").exits(0)
	says(t, plan.stdout, "-- warning: column session.userId has no index", "-- add column user.image\nalter table")
	says(t, o.run("migrate", "up").exits(0).stdout, "add column user.image", "-- warning: column session.userId has no index")

	o.execute(`alter table "user" drop constraint user_email_key, drop column image`)
	plan = o.run("migrate", "plan").exits(exitFailed)
	says(t, plan.stdout, "-- warning: column session.userId", "-- refused: column user.email is not unique")
	if strings.Contains(plan.stdout, "alter table \"user\" add column") {
		t.Errorf("a plan that is refused has steps:\n%s", plan.stdout)
	}
	says(t, plan.complaint(), "this database cannot be used as it is: column user.email is not unique")
	if o.run("migrate", "up").exits(exitFailed); !strings.Contains(o.shape(), "public.user.email") || strings.Contains(o.shape(), "public.user.image") {
		t.Error("a refused migration has changed something")
	}
}

// Advice is a comment too: a plan goes on to be what up would run.
func TestAPlanAdvisesIndexesOfLargeTables(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	o.run("migrate", "up").exits(0)
	o.execute(`insert into verification (id, identifier, value, "expiresAt") select i, i, i, now() from generate_series(1, 100000) i; analyze verification`)
	const statement = "create index concurrently if not exists \"sallyport_verification_expiresAt_idx\""
	plan := o.run("migrate", "plan").exits(0)
	says(t, plan.stdout, "-- advice: table verification has about 100000 rows in ", statement, "-- nothing to do")
	if says(t, o.run("migrate", "plan", "--indexes").exits(0).stdout, "\n"+statement); strings.Contains(plan.stdout, "\ncreate") {
		t.Errorf("an advice is among the statements of the plan:\n%s", plan.stdout)
	}
	o.run("migrate", "up", "--indexes").exits(0)
	if again := o.run("migrate", "plan").exits(0).stdout; strings.Contains(again, "advice") {
		t.Errorf("advised again:\n%s", again)
	}
}

// execute runs statements on the operator's database.
func (o *operator) execute(sql string) {
	o.t.Helper()
	conn, err := pgx.Connect(o.t.Context(), o.env["DATABASE_URL"])
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(o.t.Context(), sql); err != nil {
		o.t.Fatalf("%s: %v", sql, err)
	}
}
