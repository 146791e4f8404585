package store_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// However many ask at once, each gets the session of its own token and the user of that.
func TestParallelLookupsAreNotMixedUp(t *testing.T) {
	t.Parallel()
	s := open(t)
	const people = 50
	for i := range people {
		signedIn(t, s, i)
	}
	var group sync.WaitGroup
	for i := range 400 {
		group.Go(func() {
			for j := range 10 {
				n := (i + j) % (people + 1)
				token := fmt.Sprintf("token-%d", n)
				session, user, err := s.SessionByToken(t.Context(), token)
				switch {
				case n == people:
					if !errors.Is(err, store.ErrNotFound) {
						t.Errorf("a token of nobody: %v", err)
					}
				case err != nil:
					t.Errorf("%s: %v", token, err)
				case session.Token != token || session.UserID != user.ID || user.Name != fmt.Sprint("Person ", n):
					t.Errorf("%s: %+v, %+v", token, session, user)
				}
			}
		})
	}
	group.Wait()
}

// A lookup never finds what was changed or deleted before it began, however busy the others are.
func TestLookupsAreNeverOld(t *testing.T) {
	t.Parallel()
	s := open(t)
	crowd, stop := make(chan struct{}), atomic.Bool{}
	var group sync.WaitGroup
	signedIn(t, s, 0)
	for range 40 {
		group.Go(func() {
			for i := 0; !stop.Load(); i++ {
				_, _, err := s.SessionByToken(t.Context(), fmt.Sprintf("token-%d", i%2))
				if err != nil && !errors.Is(err, store.ErrNotFound) {
					t.Error(err)
				}
				if i == 10 {
					crowd <- struct{}{}
				}
			}
		})
	}
	for range 40 {
		<-crowd
	}
	for i := range 100 {
		signedIn(t, s, 1)
		name := fmt.Sprint("Name ", i)
		if _, err := s.UpdateUser(t.Context(), "user-1", store.Change{Field: "name", Value: name}); err != nil {
			t.Fatal(err)
		}
		if _, user, err := s.SessionByToken(t.Context(), "token-1"); err != nil || user.Name != name {
			t.Fatalf("after a change to %s: %+v, %v", name, user, err)
		}
		if _, err := s.DeleteUser(t.Context(), "user-1"); err != nil {
			t.Fatal(err)
		}
		if _, user, err := s.SessionByToken(t.Context(), "token-1"); !errors.Is(err, store.ErrNotFound) {
			t.Fatalf("after the end: %+v, %v", user, err)
		}
	}
	stop.Store(true)
	group.Wait()
}

// signedIn makes a person with a session.
func signedIn(t *testing.T, s *store.Store, n int) {
	t.Helper()
	id := fmt.Sprint("user-", n)
	if err := s.CreateUser(t.Context(), &store.User{ID: id, Name: fmt.Sprint("Person ", n), Email: fmt.Sprintf("%d@example.com", n), CreatedAt: noon, UpdatedAt: noon}); err != nil {
		t.Fatal(err)
	}
	row := &store.Session{ID: fmt.Sprint("session-", n), Token: fmt.Sprint("token-", n), UserID: id, ExpiresAt: noon, CreatedAt: noon, UpdatedAt: noon}
	if err := s.CreateSession(t.Context(), row); err != nil {
		t.Fatal(err)
	}
}

// Postgres plans the statement of many once, not for each list: that would cost more than is saved.
func TestTheStatementOfManyIsPlannedOnce(t *testing.T) {
	t.Parallel()
	_, conn := crowded(t)
	s := reopen(t, store.Options{URL: conn.Config().ConnString(), Set: schema.MustNewSet(schema.Core), MaxConns: 1})
	for range 50 {
		if n, err := s.SessionsTogether(t.Context(), "3ff83912a1ec1c2ba5b6c8a48db4ae4e", "unknown"); err != nil || n != 0 {
			t.Fatal(n, err)
		}
	}
	var generic, custom int
	err := s.Pool().QueryRow(t.Context(), "select generic_plans, custom_plans from pg_prepared_statements where statement like '%any($1)'").Scan(&generic, &custom)
	if err != nil || generic != 45 || custom != 5 { // Postgres tries five plans for the values first
		t.Errorf("%d generic plans, %d for the values, %v", generic, custom, err)
	}
}
