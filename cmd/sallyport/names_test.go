package main

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Tables that seem to be Better Auth's under other names are told as what to write
// into the configuration; with that, or the flag, they are not.
func TestMigrateTellsNamesThatTheConfigurationLacks(t *testing.T) {
	t.Parallel()
	o := newProducer(t)
	conn, err := pgx.Connect(t.Context(), o.env["DATABASE_URL"])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	_, err = conn.Exec(t.Context(), `create table rows (id text primary key, key text not null unique, count int not null, last_request bigint not null)`)
	if err != nil {
		t.Fatal(err)
	}
	o.configure("rateLimit: {storage: database}\n")
	const names = "rateLimit:\n  modelName: rows\n  fields:\n    lastRequest: last_request\n"
	for _, command := range []string{"plan", "up"} {
		r := o.run("migrate", command).exits(exitFailed)
		says(t, r.stdout, "# to be put into the configuration", names)
		says(t, r.complaint(), "table rows seems to be the table rateLimit under another name", "--new-tables")
		says(t, o.run("migrate", command, "--new-tables").exits(0).stdout, "create table rateLimit\n")
		if command == "plan" {
			o.configure(strings.Replace(names, "rateLimit:", "rateLimit:\n  storage: database", 1))
			if text := o.run("migrate", "plan").exits(0).stdout; strings.Contains(text, "create table rateLimit") {
				t.Errorf("with the names it plans %s", text)
			}
			o.configure("rateLimit: {storage: database}\n")
		}
	}
}
