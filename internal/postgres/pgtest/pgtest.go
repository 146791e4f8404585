// Package pgtest gives each test a Postgres database of its own.
//
// The databases live on the server that SALLYPORT_TEST_DATABASE_URL names,
// whose role must be allowed to create databases, or, when it is unset, on a
// throw-away server that the test process starts for itself. A test's database
// is dropped when the test ends. What a killed test process leaves behind on a
// shared server is dropped by the next one.
package pgtest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"
)

// URL returns the connection URL of a new, empty database, which is dropped
// when t ends. It ends the test when there is no server to be had.
func URL(t testing.TB) string {
	t.Helper()
	// template1 may have been changed by its owner; template0 is as initdb made it.
	return fresh(t, connected(t), "template0")
}

// Clone returns the connection URL of a new database that is a copy of a
// template. The first call with a given key makes the template: an empty
// database handed to fill, which must have closed its connections when it
// returns. Later calls in the same process only copy it, whatever fill they
// pass. Tests that run in parallel may share a key.
func Clone(t testing.TB, fill func(ctx context.Context, url string) error, key string) string {
	t.Helper()
	s := connected(t)
	name, err := s.template(key, fill)
	if err != nil {
		t.Fatalf("making the template database %q: %v", key, err)
	}
	return fresh(t, s, name)
}

// fresh copies the database from and drops the copy when t ends.
func fresh(t testing.TB, s *server, from string) string {
	t.Helper()
	name, err := s.create(t.Context(), from)
	if err != nil {
		t.Fatalf("creating a test database: %v", err)
	}
	t.Cleanup(func() {
		// t.Context is already cancelled here.
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := s.drop(ctx, name); err != nil {
			t.Errorf("dropping a test database: %v", err)
		}
	})
	return s.url(name)
}

// template returns the name of the template database of key, making it if this
// process has not made it yet.
func (s *server) template(key string, fill func(ctx context.Context, url string) error) (string, error) {
	s.mu.Lock()
	build, ok := s.templates[key]
	if !ok {
		build = sync.OnceValues(func() (string, error) { return s.build(fill) })
		s.templates[key] = build
	}
	s.mu.Unlock()
	return build()
}

// build makes a template database. It belongs to the process, not to the test
// that happened to ask first, so that test's context does not bound it.
func (s *server) build(fill func(ctx context.Context, url string) error) (string, error) {
	ctx := context.Background()
	name, err := s.create(ctx, "template0")
	if err != nil {
		return "", err
	}
	if err := fill(ctx, s.url(name)); err != nil {
		return "", fmt.Errorf("filling it: %w", err)
	}
	return name, nil
}
