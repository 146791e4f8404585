package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/sallyport-auth/sallyport/internal/store"
)

// onEach runs a statement on every connection of the pool, and gives the
// processes that serve them.
func onEach(t *testing.T, s *store.Store, sql string) map[int]bool {
	t.Helper()
	backends := map[int]bool{}
	var held []*pgxpool.Conn
	for range s.Pool().Config().MaxConns {
		conn, err := s.Pool().Acquire(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		held = append(held, conn)
		var pid int
		if err := conn.QueryRow(t.Context(), "select pg_backend_pid()").Scan(&pid); err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
		backends[pid] = true
	}
	for _, conn := range held {
		conn.Release()
	}
	return backends
}

// A server that refuses to write is a primary no more: whatever is connected to
// it must not stay for what only reads.
func TestARefusedWriteGivesUpEveryConnection(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(s *store.Store) error{
		"a statement": func(s *store.Store) error { return s.Exec(t.Context(), "delete from session") },
		"in a transaction": func(s *store.Store) error {
			return s.InTx(t.Context(), func(tx *store.Store) error { return tx.Exec(t.Context(), "delete from session") })
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openWith(t, store.Options{MaxConns: 3})
			before := onEach(t, s, "set default_transaction_read_only = on")
			if err := write(s); !errors.Is(err, store.ErrUnavailable) {
				t.Errorf("the refused write: %v", err)
			}
			if err := write(s); err != nil {
				t.Errorf("the next one: %v", err)
			}
			for pid := range onEach(t, s, "select 1") {
				if before[pid] {
					t.Errorf("backend %d is still in use", pid)
				}
			}
		})
	}
}

// What the URL says of time counts, and a second host is reached while a request
// waits.
func TestTimesOfAPool(t *testing.T) {
	t.Parallel()
	for url, want := range map[string][2]time.Duration{
		"postgres://a/x": {5 * time.Second, time.Second},
		"postgres://a,b/x?target_session_attrs=read-write":      {2 * time.Second, time.Second},
		"postgres://a/x?connect_timeout=9&pool_ping_timeout=3s": {9 * time.Second, 3 * time.Second},
		"host=a,b dbname=x connect_timeout=9":                   {9 * time.Second, time.Second},
	} {
		cfg, err := store.PoolConfig(url, "")
		if err != nil {
			t.Fatalf("%s: %v", url, err)
		}
		if got := [2]time.Duration{cfg.ConnConfig.ConnectTimeout, cfg.PingTimeout}; got != want {
			t.Errorf("%s: %v, want %v", url, got, want)
		}
	}
}

// An application's URL is often Prisma's, with what Postgres refuses without a word
// of why.
func TestWhatPrismaAloneKnowsIsNotInAURL(t *testing.T) {
	t.Parallel()
	for parameter, want := range map[string]string{
		"schema=auth":        "database.url has the parameter schema, which Prisma alone knows: take it out here, and set database.schemaName where it is not public",
		"connection_limit=1": "database.url has the parameter connection_limit, which Prisma alone knows: take it out here, and set pool_max_conns in its place",
		"pool_timeout=0":     "database.url has the parameter pool_timeout, which Prisma alone knows: take it out here",
	} {
		if _, err := store.PoolConfig("postgres://a/x?sslmode=disable&"+parameter, ""); err == nil || err.Error() != want {
			t.Errorf("%s: %v", parameter, err)
		}
	}
}
