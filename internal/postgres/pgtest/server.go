package pgtest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/postgres"
)

// variable names the environment variable with the URL of a server to use.
const variable = "SALLYPORT_TEST_DATABASE_URL"

// server is the Postgres server that this test process uses, and the
// databases that the process has made there.
type server struct {
	admin *url.URL  // a database to create others from
	token int32     // in the name of each database of this process
	held  *pgx.Conn // holds the lock of token for as long as the process lives
	count atomic.Int64

	mu        sync.Mutex
	templates map[string]func() (string, error)
}

// shared is the one server of this process.
var shared = sync.OnceValues(func() (*server, error) { return open(context.Background()) })

// connected returns the server of this process, and ends t when there is none.
func connected(t testing.TB) *server {
	t.Helper()
	s, err := shared()
	if err != nil {
		t.Fatalf("no Postgres for tests: %v", err)
	}
	return s
}

// open finds the server, drops what dead processes left and claims a token.
func open(ctx context.Context) (*server, error) {
	admin, err := address(ctx)
	if err != nil {
		return nil, err
	}
	s := &server{admin: admin, token: rand.Int32(), templates: map[string]func() (string, error){}}
	if s.held, err = pgx.Connect(ctx, admin.String()); err != nil {
		return nil, err
	}
	// Before claiming, because a session may take a lock of its own again.
	if err := reap(ctx, s.held); err != nil {
		return nil, fmt.Errorf("dropping databases of dead test processes: %w", err)
	}
	if err := s.claim(ctx); err != nil {
		return nil, fmt.Errorf("claiming a name for databases: %w", err)
	}
	return s, nil
}

// address returns the URL of a database on the server for tests, starting one
// when none is named.
func address(ctx context.Context) (*url.URL, error) {
	text := os.Getenv(variable)
	if text == "" {
		var err error
		if text, err = private(ctx); err != nil {
			return nil, err
		}
	}
	u, err := url.Parse(text)
	if err != nil || !strings.HasPrefix(u.Scheme, "postgres") {
		// The value may hold a password, so it is not repeated.
		return nil, errors.New(variable + " is not a URL that starts with postgres://")
	}
	return u, nil
}

// private starts a server that lives as long as this process.
func private(ctx context.Context) (string, error) {
	dir, _, err := guarded()
	if err != nil {
		return "", err
	}
	s, err := postgres.Start(ctx, postgres.Options{Dir: dir, ForTest: true, Trust: true, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return "", err
	}
	return s.URL(), nil
}

// url returns the connection URL of the database with this name.
func (s *server) url(name string) string {
	u := *s.admin
	u.Path = "/" + name
	return u.String()
}

// create makes a database as a copy of another and returns its name.
func (s *server) create(ctx context.Context, from string) (string, error) {
	name := databaseName(s.token, s.count.Add(1))
	return name, s.exec(ctx, "CREATE DATABASE "+quote(name)+" TEMPLATE "+quote(from)+" STRATEGY file_copy")
}

// drop removes a database, ending connections that a test left open.
func (s *server) drop(ctx context.Context, name string) error {
	return s.exec(ctx, "DROP DATABASE IF EXISTS "+quote(name)+" WITH (FORCE)")
}

// exec runs one statement on a connection of its own, so that tests in
// parallel do not queue and an idle process holds one connection only.
func (s *server) exec(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, s.admin.String())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	_, err = conn.Exec(ctx, statement)
	return err
}

// quote writes name as an SQL identifier.
func quote(name string) string { return pgx.Identifier{name}.Sanitize() }
