package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// withPassword stores a user with a password, of which the hash is "old".
func withPassword(t *testing.T, s *store.Store) *store.User {
	t.Helper()
	u := addUser(t, s, "ann")
	hash := "old"
	a := &store.Account{ID: "a", AccountID: u.ID, ProviderID: store.CredentialProvider, UserID: u.ID, Password: &hash, CreatedAt: noon, UpdatedAt: noon}
	if err := s.CreateAccount(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	return u
}

func newSession(token, userID string) *store.Session {
	return &store.Session{ID: token, Token: token, UserID: userID, ExpiresAt: noon.Add(time.Hour), CreatedAt: noon, UpdatedAt: noon}
}

func TestASessionByPasswordNeedsThatPassword(t *testing.T) {
	t.Parallel()
	s := open(t, []schema.Table{{Model: "session", Fields: []schema.Field{{Name: "kind", Type: schema.String, Default: "web"}}}})
	u := withPassword(t, s)
	row := newSession("one", u.ID)
	if err := s.CreateSessionByPassword(t.Context(), row, "old"); err != nil {
		t.Fatal(err)
	}
	if got, _, err := s.SessionByToken(t.Context(), "one"); err != nil || got.ID != "one" || got.Extra[0] != "web" {
		t.Errorf("stored %+v, %v", got, err)
	}
	for _, tt := range []struct{ userID, hash string }{{u.ID, "new"}, {"nobody", "old"}} {
		if err := s.CreateSessionByPassword(t.Context(), newSession("two", tt.userID), tt.hash); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%s with %q: %v", tt.userID, tt.hash, err)
		}
	}
}

// A sign-in that checked a password while it was being replaced waits for that
// change, and then is refused.
func TestASessionByPasswordWaitsForAChangeOfIt(t *testing.T) {
	t.Parallel()
	s := open(t)
	u := withPassword(t, s)
	done := make(chan error, 1)
	err := s.InTx(t.Context(), func(tx *store.Store) error {
		if _, err := tx.UpdateAccount(t.Context(), "a", store.Change{Field: "password", Value: "new"}); err != nil {
			return err
		}
		go func() { done <- s.CreateSessionByPassword(t.Context(), newSession("one", u.ID), "old") }()
		select {
		case err := <-done:
			t.Errorf("it did not wait: %v", err)
		case <-time.After(100 * time.Millisecond):
		}
		_, err := tx.DeleteUserSessions(t.Context(), u.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := <-done; !errors.Is(err, store.ErrNotFound) {
		t.Errorf("after the change: %v", err)
	}
}
