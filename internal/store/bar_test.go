package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// bar keeps a user out until a time, or for good.
func bar(t *testing.T, s *store.Store, id string, until any) {
	t.Helper()
	changes := []store.Change{{Field: "banned", Value: true}, {Field: "banExpires", Value: until}}
	if _, err := s.UpdateUser(t.Context(), id, changes...); err != nil {
		t.Fatal(err)
	}
}

func TestABarredUserGetsNoSession(t *testing.T) {
	t.Parallel()
	for _, ids := range []schema.IDType{schema.TextIDs, schema.UUIDs, schema.SerialIDs} {
		var o store.Options
		fillIDs(t, &o, ids, further)
		s, err := store.Open(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(s.Close)
		u := &store.User{Name: "ann", Email: "ann@example.test", CreatedAt: noon, UpdatedAt: noon}
		if ids == schema.TextIDs {
			u.ID = "ann"
		}
		if err := s.CreateUser(t.Context(), u); err != nil {
			t.Fatal(err)
		}
		hash := "right"
		account := &store.Account{AccountID: u.ID, ProviderID: store.CredentialProvider, UserID: u.ID, Password: &hash, CreatedAt: noon, UpdatedAt: noon}
		if ids == schema.TextIDs {
			account.ID = "a"
		}
		if err := s.CreateAccount(t.Context(), account); err != nil {
			t.Fatal(err)
		}
		for name, tt := range map[string]struct {
			until any
			hash  string
			want  error
		}{
			"for good":                   {nil, "", store.ErrBarred},
			"for good, right password":   {nil, "right", store.ErrBarred},
			"still":                      {noon.Add(time.Second), "", store.ErrBarred},
			"still, right password":      {noon.Add(time.Second), "right", store.ErrBarred},
			"no longer":                  {noon.Add(-time.Second), "", nil},
			"no longer, right password":  {noon.Add(-time.Second), "right", nil},
			"no longer, wrong password":  {noon.Add(-time.Second), "wrong", store.ErrNotFound},
			"from somewhere, still":      {noon.Add(time.Second), "", store.ErrBarred},
			"from somewhere, no longer":  {noon.Add(-time.Second), "", nil},
			"from somewhere, right, now": {noon.Add(time.Second), "right", store.ErrBarred},
		} {
			bar(t, s, u.ID, tt.until)
			row := newSession(name, u.ID)
			if ids != schema.TextIDs {
				row.ID = ""
			}
			if name[0] == 'f' {
				row.From = []byte(name)
			}
			var err error
			if tt.hash == "" {
				err = s.CreateSession(t.Context(), row)
			} else {
				err = s.CreateSessionByPassword(t.Context(), row, tt.hash)
			}
			if !errors.Is(err, tt.want) {
				t.Errorf("%s ids, %s: %v, want %v", ids, name, err, tt.want)
			}
		}
	}
}

func TestASessionOfNobodyIsRejected(t *testing.T) {
	t.Parallel()
	s := open(t, further)
	if err := s.CreateSession(t.Context(), newSession("one", "nobody")); !errors.Is(err, store.ErrRejected) {
		t.Error(err)
	}
}

// A sign-in that has read the user before they were barred waits for the bar.
func TestASessionWaitsForABar(t *testing.T) {
	t.Parallel()
	s := open(t, further)
	u := withPassword(t, s)
	done := make(chan error, 2)
	err := s.InTx(t.Context(), func(tx *store.Store) error {
		bar(t, tx, u.ID, nil)
		go func() { done <- s.CreateSession(t.Context(), newSession("one", u.ID)) }()
		go func() { done <- s.CreateSessionByPassword(t.Context(), newSession("two", u.ID), "old") }()
		_, err := tx.DeleteUserSessions(t.Context(), u.ID)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := <-done; !errors.Is(err, store.ErrBarred) {
			t.Error(err)
		}
	}
}
