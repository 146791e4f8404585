package store_test

import (
	"errors"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/store"
)

func TestARehearsalLeavesNothingUnlessKept(t *testing.T) {
	t.Parallel()
	s := open(t)
	failed := errors.New("no")
	for _, tt := range []struct {
		name string
		keep bool
		err  error
	}{{"kept", true, nil}, {"taken back", false, nil}, {"failed", true, failed}} {
		err := s.InTx(t.Context(), func(tx *store.Store) error {
			err := tx.Rehearse(t.Context(), tt.keep, func(inner *store.Store) error {
				addUser(t, inner, tt.name)
				return tt.err
			})
			if !errors.Is(err, tt.err) {
				t.Errorf("%s: %v", tt.name, err)
			}
			addUser(t, tx, "after "+tt.name)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.UserByID(t.Context(), tt.name)
		if _, after := s.UserByID(t.Context(), "after "+tt.name); after != nil || (err == nil) != (tt.keep && tt.err == nil) {
			t.Errorf("%s: %v, what came after %v", tt.name, err, after)
		}
	}
	if err := s.Rehearse(t.Context(), true, nil); err == nil {
		t.Error("a rehearsal outside a transaction is accepted")
	}
}

// A duplicate in a rehearsal is an error like any other, and does not end the
// transaction.
func TestARehearsalSurvivesADuplicate(t *testing.T) {
	t.Parallel()
	s := open(t)
	err := s.InTx(t.Context(), func(tx *store.Store) error {
		u := addUser(t, tx, "u")
		err := tx.Rehearse(t.Context(), false, func(inner *store.Store) error { return inner.CreateUser(t.Context(), u) })
		if !errors.Is(err, store.ErrDuplicate) {
			t.Errorf("got %v", err)
		}
		locked, err := tx.LockUser(t.Context(), u.ID)
		if err != nil || locked.Email != u.Email {
			t.Errorf("got %v %v", locked, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
