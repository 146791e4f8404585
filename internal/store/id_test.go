package store_test

import (
	"errors"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// An id of another kind is nobody's, and does not end the transaction.
func TestIDsOfAnotherKindAreNobodys(t *testing.T) {
	t.Parallel()
	for kind, own := range map[schema.IDType]string{
		schema.TextIDs: "u", schema.UUIDs: "11111111-2222-4333-8444-555555555555", schema.SerialIDs: "7",
	} {
		var o store.Options
		fillIDs(t, &o, kind)
		s, err := store.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		user := &store.User{ID: own, Name: "U", Email: "u@example.test", CreatedAt: noon, UpdatedAt: noon}
		if err := s.CreateUser(t.Context(), user); err != nil {
			t.Fatalf("%q: %v", kind, err)
		}
		err = s.InTx(t.Context(), func(tx *store.Store) error {
			for _, id := range []string{"", "x", "1x", "99999999999999999999", "11111111-2222-4333-8444"} {
				if _, err := tx.UserByID(t.Context(), id); !errors.Is(err, store.ErrNotFound) {
					t.Errorf("%q: user %q: %v", kind, id, err)
				}
				if _, err := tx.UpdateUser(t.Context(), id, store.Change{Field: "name", Value: "x"}); !errors.Is(err, store.ErrNotFound) {
					t.Errorf("%q: update of %q: %v", kind, id, err)
				}
				if there, err := tx.DeleteUser(t.Context(), id); there || err != nil {
					t.Errorf("%q: deletion of %q: %v, %v", kind, id, there, err)
				}
			}
			got, err := tx.UserByID(t.Context(), own)
			if err == nil && got.ID != own {
				t.Errorf("%q: the id %q is read as %q", kind, own, got.ID)
			}
			return err
		})
		if err != nil {
			t.Errorf("%q: %v", kind, err)
		}
	}
}

func TestIDsMadeByTheDatabase(t *testing.T) {
	t.Parallel()
	var o store.Options
	fillIDs(t, &o, schema.SerialIDs)
	s, err := store.Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	for _, want := range []string{"1", "3"} {
		u := &store.User{Name: "U", Email: want + "@example.test", CreatedAt: noon, UpdatedAt: noon}
		if err := s.CreateUser(t.Context(), u); err != nil || u.ID != want {
			t.Errorf("id %q, want %q: %v", u.ID, want, err)
		}
		if next, err := s.NextID(t.Context(), "user"); err != nil || next == want {
			t.Errorf("after it %q, %v", next, err)
		}
	}
}
