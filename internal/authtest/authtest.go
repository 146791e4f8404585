// Package authtest runs a whole server for a test: its own database cloned
// from a migrated template, its own clock, and clients that keep cookies as a
// browser does.
package authtest

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/server"
	"github.com/sallyport-auth/sallyport/internal/sweep"
)

// Secret is the secret of every test server.
const Secret = "a-secret-for-tests-0123456789-ABCDEFGHIJ"

// Starter is a configuration for tests that have no wishes: password, jwt and
// bearer, and no limits.
const Starter = `
emailAndPassword: {enabled: true}
rateLimit: {enabled: false}
plugins: {jwt: {}, bearer: {}}
`

// Server is a running server.
type Server struct {
	// URL is the origin, and Base the address of the API.
	URL, Base string
	// Database is the URL of its database.
	Database string
	// Clock is what the server takes for the time.
	Clock *Clock
	// Server is the server itself.
	Server *server.Server
	// Log is what it has logged.
	Log *Log

	t    testing.TB
	wire *Wire
	pace sweep.Pace

	delivering  bool
	realHashes  bool
	outbound    http.RoundTripper
	environment []string
}

// New starts a server with a configuration in YAML. Its base URL is the
// address it listens on, unless the configuration names one.
func New(t testing.TB, yaml string, options ...Option) *Server {
	t.Helper()
	listener := httptest.NewUnstartedServer(nil)
	s := &Server{t: t, Clock: NewClock(), Log: &Log{}, URL: "http://" + listener.Listener.Addr().String()}
	for _, o := range options {
		o(s)
	}
	cfg := Config(t, yaml, s.environment...)
	if cfg.BaseURL == "" {
		cfg.BaseURL = s.URL
	}
	s.open(cfg)
	Transport(cfg)
	if err := server.Complete(cfg, server.ModeOf(cfg)); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewTextHandler(s.Log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	srv, err := server.New(t.Context(), cfg, server.Deps{Log: log, Access: log, Now: s.Clock.Now, Sweep: s.pace, HashCost: s.hashCost(), Outbound: s.outbound})
	if err != nil {
		t.Fatal(err)
	}
	s.Server, s.Base = srv, s.URL+"/api/auth"
	listener.Config.Handler = srv.Handler()
	listener.Start()
	stopDelivery := s.deliver()
	t.Cleanup(func() {
		listener.Close()
		stopDelivery()
		srv.Close()
		if t.Failed() {
			t.Log(s.Log.String())
		}
	})
	return s
}

// open settles the database: that of the options or a new one, past the wire
// where there is one.
func (s *Server) open(cfg *server.Config) {
	if s.Database == "" {
		s.Database = Database(s.t, cfg)
	}
	url := s.Database
	if s.wire != nil {
		url = s.wire.Lay(s.t, url)
	}
	cfg.Database.URL = config.NewSecret(url)
}

// Config reads a configuration as the server would, with the secret of tests, and
// further variables as NAME=value.
func Config(t testing.TB, yaml string, environment ...string) *server.Config {
	t.Helper()
	cfg, err := server.ParseConfig(yaml, append([]string{"BETTER_AUTH_SECRET=" + Secret}, environment...))
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// Database gives a migrated database for a configuration.
func Database(t testing.TB, cfg *server.Config) string {
	t.Helper()
	set, err := server.Schema(cfg)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := json.Marshal(set.Tables())
	if err != nil {
		t.Fatal(err)
	}
	key := fmt.Sprint(cfg.Database.SchemaName, " and ", cfg.Server.Schema, " with ", set.IDs, string(tables))
	return pgtest.Clone(t, func(ctx context.Context, url string) error {
		o := server.MigrateOptions(cfg, set, slog.New(slog.DiscardHandler))
		o.URL = url
		return migrate.Up(ctx, o)
	}, key)
}

// Exec runs a statement on the server's database.
func (s *Server) Exec(sql string, args ...any) {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.Database)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	if _, err := conn.Exec(s.t.Context(), sql, args...); err != nil {
		s.t.Fatalf("%s: %v", sql, err)
	}
}

// Count gives the number that a query for one number gives.
func (s *Server) Count(sql string, args ...any) int {
	s.t.Helper()
	conn, err := pgx.Connect(s.t.Context(), s.Database)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = conn.Close(context.Background()) }()
	var n int
	if err := conn.QueryRow(s.t.Context(), sql, args...).Scan(&n); err != nil {
		s.t.Fatalf("%s: %v", sql, err)
	}
	return n
}

// Clock is a clock that runs, and that a test can move and stop.
type Clock struct {
	mu      sync.Mutex
	offset  time.Duration
	stopped time.Time // zero while it runs
}

// NewClock gives a clock that shows the real time.
func NewClock() *Clock { return &Clock{} }

// Now tells the time.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.stopped.IsZero() {
		return c.stopped.Add(c.offset)
	}
	return time.Now().Add(c.offset)
}

// Stop makes the clock stand until it is moved, for tests of what lasts a second.
// run lets it show the real time again.
func (c *Clock) Stop() (run func()) {
	c.stop(time.Now())
	return func() { c.stop(time.Time{}) }
}

func (c *Clock) stop(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.stopped = at
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.offset += d
}

// Start gives the error with which a server with that configuration ends before
// it listens, on a database of its own.
func Start(t testing.TB, cfg *server.Config) error {
	t.Helper()
	cfg.Database.URL = config.NewSecret(Database(t, cfg))
	Transport(cfg)
	if err := server.Complete(cfg, server.ModeOf(cfg)); err != nil {
		return err
	}
	srv, err := server.New(t.Context(), cfg, server.Deps{Log: slog.New(slog.DiscardHandler)})
	if err == nil {
		srv.Close()
	}
	return err
}
