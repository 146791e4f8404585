package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/store"
)

func addVerification(t *testing.T, s *store.Store, id, identifier, value string, lasts time.Duration) {
	t.Helper()
	v := &store.Verification{ID: id, Identifier: identifier, Value: value, ExpiresAt: noon.Add(lasts), CreatedAt: noon, UpdatedAt: noon}
	if err := s.CreateVerification(t.Context(), v); err != nil {
		t.Fatal(err)
	}
}

func TestOneCallerConsumesAVerification(t *testing.T) {
	t.Parallel()
	s := open(t)
	addVerification(t, s, "1", "reset-password:x", "ann", time.Hour)
	won := make(chan *store.Verification, 50)
	authtest.Together(50, func(int) {
		if v, err := s.ConsumeVerification(t.Context(), "reset-password:x", noon); err == nil {
			won <- v
		} else if !errors.Is(err, store.ErrNotFound) {
			t.Error(err)
		}
	})
	if len(won) != 1 {
		t.Fatalf("%d callers got it", len(won))
	}
	if v := <-won; v.Value != "ann" || !v.ExpiresAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("it reads %+v", v)
	}
}

func TestAnExpiredVerificationIsSeenAndNotConsumed(t *testing.T) {
	t.Parallel()
	s := open(t)
	addVerification(t, s, "1", "x", "ann", 0)
	if v, err := s.VerificationOf(t.Context(), "x"); err != nil || v.Value != "ann" {
		t.Errorf("found %+v, %v", v, err)
	}
	if _, err := s.ConsumeVerification(t.Context(), "x", noon); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("consumed: %v", err)
	}
	if _, err := s.VerificationOf(t.Context(), "\x00"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an identifier that no column holds: %v", err)
	}
}

func TestTheVerificationsOfAUserAreDeletedTogether(t *testing.T) {
	t.Parallel()
	s := open(t)
	addVerification(t, s, "1", "reset-password:x", "ann", time.Hour)
	addVerification(t, s, "2", "delete-account-y", "ann", time.Hour)
	addVerification(t, s, "3", "reset-password:z", "bob", time.Hour)
	if n, err := s.DeleteVerificationsOf(t.Context(), "ann"); err != nil || n != 2 {
		t.Errorf("%d deleted, %v", n, err)
	}
}

func TestChangesOfRows(t *testing.T) {
	t.Parallel()
	s := open(t)
	addUser(t, s, "ann")
	addUser(t, s, "bob")
	addSession(t, s, "ann", "one", time.Hour)
	u, err := s.UpdateUser(t.Context(), "ann", store.Change{Field: "name", Value: "Ann"}, store.Change{Field: "image", Value: nil})
	if err != nil || u.Name != "Ann" || u.Email != "ann@example.test" {
		t.Errorf("%+v, %v", u, err)
	}
	for want, c := range map[error]store.Change{
		store.ErrDuplicate: {Field: "email", Value: "bob@example.test"},
		store.ErrRejected:  {Field: "name", Value: "\x00"},
	} {
		if _, err := s.UpdateUser(t.Context(), "ann", c); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", c.Field, err, want)
		}
	}
	if _, err := s.UpdateUser(t.Context(), "nobody", store.Change{Field: "name", Value: "x"}); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("nobody: %v", err)
	}
	row, err := s.UpdateSession(t.Context(), "one", store.Change{Field: "userAgent", Value: "test"})
	if err != nil || *row.UserAgent != "test" {
		t.Errorf("%+v, %v", row, err)
	}
}

func TestAUserGoesWithSessionsAndAccounts(t *testing.T) {
	t.Parallel()
	s := open(t)
	addUser(t, s, "ann")
	addSession(t, s, "ann", "one", time.Hour)
	a := &store.Account{ID: "a", AccountID: "ann", ProviderID: store.CredentialProvider, UserID: "ann", CreatedAt: noon, UpdatedAt: noon}
	if err := s.CreateAccount(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	hash := "x"
	if changed, err := s.UpdateAccount(t.Context(), "a", store.Change{Field: "password", Value: &hash}); err != nil || *changed.Password != "x" {
		t.Errorf("%+v, %v", changed, err)
	}
	if gone, err := s.DeleteAccount(t.Context(), "bob", "a"); err != nil || gone {
		t.Errorf("another user's account: %t, %v", gone, err)
	}
	if list, err := s.Accounts(t.Context(), "ann", 10); err != nil || len(list) != 1 {
		t.Errorf("%d accounts, %v", len(list), err)
	}
	for _, there := range []bool{true, false} {
		if gone, err := s.DeleteUser(t.Context(), "ann"); err != nil || gone != there {
			t.Errorf("deleted %t, want %t, %v", gone, there, err)
		}
	}
	if _, err := s.UserByID(t.Context(), "ann"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("still there: %v", err)
	}
}
