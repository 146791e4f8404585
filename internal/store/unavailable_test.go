package store_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

func TestAnExhaustedPoolIsUnavailableInBoundedTime(t *testing.T) {
	t.Parallel()
	s := openWith(t, store.Options{MaxConns: 1})
	held, err := s.Pool().Acquire(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // far beyond the wait for a connection
	defer cancel()
	if _, err := s.Clock(ctx); !errors.Is(err, store.ErrUnavailable) || ctx.Err() != nil {
		t.Errorf("a query: %v", err)
	}
	if err := s.InTx(ctx, func(*store.Store) error { return nil }); !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("a transaction: %v", err)
	}
	held.Release()
	if _, err := s.Clock(t.Context()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestALostConnectionIsUnavailable(t *testing.T) {
	t.Parallel()
	s := openWith(t, store.Options{MaxConns: 1})
	err := s.InTx(t.Context(), func(tx *store.Store) error {
		return tx.Exec(t.Context(), "select pg_terminate_backend(pg_backend_pid())")
	})
	if !errors.Is(err, store.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	if _, err := s.Clock(t.Context()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// The statement must end in Postgres, not only here: the connection is good for
// the next one, which it would not be while its server still slept.
func TestADeadlineReachesPostgres(t *testing.T) {
	t.Parallel()
	s := openWith(t, store.Options{MaxConns: 1})
	before := backend(t, s)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	err := s.Exec(ctx, "select pg_sleep(600)")
	if !errors.Is(err, store.ErrUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if after := backend(t, s); after != before {
		t.Errorf("the connection was given up: backend %d, then %d", before, after)
	}
}

// backend returns the process that serves a connection of the store's.
func backend(t *testing.T, s *store.Store) (pid int) {
	t.Helper()
	if err := s.Pool().QueryRow(t.Context(), "select pg_backend_pid()").Scan(&pid); err != nil {
		t.Fatal(err)
	}
	return pid
}

func TestTheClockIsTheDatabases(t *testing.T) {
	t.Parallel()
	s := open(t)
	first, err := s.Clock(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if second, err := s.Clock(t.Context()); err != nil || !second.After(first) {
		t.Errorf("%v, then %v, error %v", first, second, err)
	}
}

func TestAnUnreachableServerIsNamedWithoutThePassword(t *testing.T) {
	t.Parallel()
	for _, url := range []string{"postgres://nobody:sesame@127.0.0.1:1/x", "postgres://nobody:sesame@[::1"} {
		_, err := store.Open(t.Context(), store.Options{URL: url, Set: schema.MustNewSet(schema.Core)})
		if err == nil || strings.Contains(err.Error(), "sesame") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", url, err)
		}
	}
}
