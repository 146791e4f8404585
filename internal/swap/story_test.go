package swap_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/server"
	"github.com/sallyport-auth/sallyport/internal/transcript"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

// shape is a database of Better Auth's, by how it came to be.
type shape struct {
	name string
	// version is that of the original, as oracle.Options has it.
	version string
	// orm is what the original runs on, as oracle.Options has it.
	orm string
	// original is the original's configuration, and sallyport's unless that has
	// one of its own. Both are JSON.
	original, sallyport string
	// tables makes the tables; nil leaves that to the original's own migrator.
	tables func(t *testing.T, database string)
	// change does something to the database once there are people in it.
	change func(t *testing.T, database string)
	// configure finds sallyport's configuration once the tables are there; nil
	// where that is given.
	configure func(t *testing.T, database string) string
	// fields are further fields of users.
	fields map[string]any
	// plan are parts of what migrate must find to do, beside our own schema;
	// nothing else may it find.
	plan []string
	// remarks are beginnings of what it must say of the rest, which is nothing but
	// that. Nil takes whatever it says.
	remarks []string
	// rebuilt says that the original's own migrator is let put back what sallyport
	// has taken away, before it goes on.
	rebuilt bool
	// bare says that the original has no plugins, which only sallyport has on.
	bare bool
}

// newHost gives a process of originals that ends with t.
func newHost(t *testing.T) *oracle.Host {
	t.Helper()
	host, err := oracle.NewHost(t.Context(), authtest.Secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(host.Close)
	return host
}

// story is the swap there and back on one database.
type story struct {
	shape
	host     *oracle.Host
	database string
	// old arrived at the original before the swap, fresh at sallyport.
	old, fresh []*person
}

// tell plays the whole story of a shape.
func (s shape) tell(t *testing.T, host *oracle.Host) {
	t.Helper()
	if s.sallyport == "" {
		s.sallyport = s.original
	}
	y := &story{shape: s, host: host, database: pgtest.URL(t)}
	for _, part := range []struct {
		name string
		play func(*testing.T)
	}{
		{"before", y.before}, {"adopted", y.adopted}, {"served", y.served}, {"handed back", y.handedBack},
	} {
		if !t.Run(part.name, part.play) {
			return
		}
	}
}

// before lets people arrive at the original.
func (y *story) before(t *testing.T) {
	if y.tables != nil {
		y.tables(t, y.database)
	}
	at := y.begin(t, y.tables != nil)
	y.old = []*person{arrive(at, "old", y.fields), arrive(at, "old-with-app", y.fields).withApp(at)}
}

// begin starts the original until t ends; asIs, on what it finds.
func (y *story) begin(t *testing.T, asIs bool) *place {
	t.Helper()
	mailbox, err := transcript.NewMailbox()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(mailbox.Close)
	url, stop, err := y.host.Start(oracle.Options{
		Config: y.original, DatabaseURL: y.database, Receiver: mailbox.Address(), Version: y.version, ORM: y.orm, AsIs: asIs,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	at := original(t, url, mailbox)
	at.bare = y.bare
	return at
}

// adopted runs the migration, which finds nothing to do but what the shape says.
func (y *story) adopted(t *testing.T) {
	if y.change != nil {
		y.change(t, y.database)
	}
	if y.configure != nil {
		y.sallyport = y.configure(t, y.database)
	}
	o := y.options(t)
	report, err := migrate.Inspect(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	y.says(t, report.Remarks)
	var found []string
	for _, step := range report.Steps {
		if !strings.Contains(step.SQL, "sallyport") {
			found = append(found, step.What)
		}
	}
	if got, want := strings.Join(found, "; "), strings.Join(y.plan, "; "); got != want {
		t.Errorf("of Better Auth's tables it would change\n%s, want\n%s", got, want)
	}
	if err := migrate.Up(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if err := migrate.Check(t.Context(), o); err != nil {
		t.Error(err)
	}
}

// says compares remarks with those of the shape.
func (y *story) says(t *testing.T, remarks []migrate.Remark) {
	t.Helper()
	for i := 0; y.remarks != nil && i < max(len(remarks), len(y.remarks)); i++ {
		if i >= len(remarks) || i >= len(y.remarks) || !strings.HasPrefix(remarks[i].String(), y.remarks[i]) {
			t.Fatalf("it says %q, want %q", remarks, y.remarks)
		}
	}
}

// options are those of the migration under the configuration of the shape.
func (y *story) options(t *testing.T) migrate.Options {
	t.Helper()
	cfg := authtest.Config(t, y.sallyport)
	cfg.Database.URL = config.NewSecret(y.database)
	set, err := server.Schema(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return server.MigrateOptions(cfg, set, slog.New(slog.DiscardHandler))
}

// served lets the old people use what they have, and new ones arrive.
func (y *story) served(t *testing.T) {
	at := sallyport(t, authtest.New(t, y.sallyport, authtest.Beside(&authtest.Server{Database: y.database}), authtest.RealHashes()))
	for _, p := range y.old {
		p.returns(at)
	}
	y.old[0].wrongly(at)
	y.fresh = []*person{arrive(at, "fresh", y.fields), arrive(at, "fresh-with-app", y.fields).withApp(at)}
}

// handedBack starts the original on what sallyport has left, and takes sallyport's
// own schema away beneath it: everybody is at home as before, and whoever comes.
func (y *story) handedBack(t *testing.T) {
	at := y.begin(t, !y.rebuilt)
	everybody := slices.Concat(y.old, y.fresh)
	last := everybody[len(everybody)-1]
	for _, p := range everybody[:len(everybody)-1] {
		p.returns(at)
	}
	execute(t, y.database, "drop schema sallyport cascade")
	last.returns(at)
	arrive(at, "afterwards", y.fields).isKnown(at)
}

// execute runs statements on a database.
func execute(t *testing.T, database, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
