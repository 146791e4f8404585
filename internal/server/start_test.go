package server_test

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// startable is a complete configuration with every plugin, and the URL of its
// migrated database.
func startable(t *testing.T) (*server.Config, string) {
	t.Helper()
	cfg := authtest.Config(t, everyPlugin())
	url := authtest.Database(t, cfg)
	cfg.Database.URL = config.NewSecret(url)
	if err := server.Complete(cfg, server.ModeOf(cfg)); err != nil {
		t.Fatal(err)
	}
	return cfg, url
}

// Each question is a round trip, and a start waits for all of them one after the
// other. None is prepared, as none is asked twice.
func TestTheTablesAreCheckedInFewQuestions(t *testing.T) {
	t.Parallel()
	cfg, url := startable(t)
	set, err := server.Schema(cfg)
	if err != nil {
		t.Fatal(err)
	}
	wire := &authtest.Wire{}
	o := server.MigrateOptions(cfg, set, slog.New(slog.DiscardHandler))
	o.URL = wire.Lay(t, url)
	if err := migrate.Check(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	// begin, which schema, five of its catalogue, three of our own schema, commit.
	seen := wire.Seen()
	if most := 11; len(seen) == 0 || len(seen) > most {
		t.Errorf("%d questions are asked, want at most %d:\n%s", len(seen), most, strings.Join(seen, "\n"))
	}
	if slices.ContainsFunc(seen, func(s string) bool { return strings.HasPrefix(s, "stmtcache") }) {
		t.Errorf("statements are prepared: %q", seen)
	}
}

func TestAServerIsMadeWithOneQuestion(t *testing.T) {
	t.Parallel()
	cfg, url := startable(t)
	run := func() []string {
		wire := &authtest.Wire{}
		cfg.Database.URL = config.NewSecret(wire.Lay(t, url))
		s, err := server.New(t.Context(), cfg, server.Deps{Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		return wire.Seen()
	}
	run() // makes the first signing key
	if seen := run(); len(seen) != 1 {
		t.Errorf("asked %q, want the signing keys alone", seen)
	}
}

// The server is made beside the check of its tables, but writes nothing and asks
// nothing of them before that is done.
func TestNothingIsDoneWithTablesThatAreNotReady(t *testing.T) {
	t.Parallel()
	cfg, url := startable(t)
	failed := errors.New("they are not")
	wire := &authtest.Wire{}
	cfg.Database.URL = config.NewSecret(wire.Lay(t, url))
	_, err := server.New(t.Context(), cfg, server.Deps{
		Log: slog.New(slog.DiscardHandler), Tables: func() error { return failed },
	})
	if !errors.Is(err, failed) {
		t.Errorf("the server is made: %v", err)
	}
	if seen := wire.Seen(); len(seen) > 0 {
		t.Errorf("asked %q", seen)
	}
	if n := signingKeys(t, url); n != 0 {
		t.Errorf("%d signing keys were made", n)
	}
}

func signingKeys(t *testing.T, url string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background()) //nolint:errcheck // it was only read
	if err := conn.QueryRow(t.Context(), "select count(*) from jwks").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
