package store_test

import (
	"errors"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

func TestAUserIsFoundByAnyUniqueField(t *testing.T) {
	t.Parallel()
	handle := []schema.Table{{Model: "user", Fields: []schema.Field{
		{Name: "handle", Column: "the handle", Type: schema.String, Unique: true},
		{Name: "motto", Type: schema.String},
	}}}
	s := open(t, handle)
	for _, id := range []string{"ann", "bob"} {
		u := &store.User{ID: id, Name: id, Email: id + "@example.test", CreatedAt: noon, UpdatedAt: noon, Extra: []any{id + "_1", "the same"}}
		if err := s.CreateUser(t.Context(), u); err != nil {
			t.Fatal(err)
		}
	}
	hash := "a hash"
	account := &store.Account{ID: "1", AccountID: "bob", ProviderID: store.CredentialProvider, UserID: "bob", Password: &hash, CreatedAt: noon, UpdatedAt: noon}
	if err := s.CreateAccount(t.Context(), account); err != nil {
		t.Fatal(err)
	}

	for value, id := range map[string]string{"ann_1": "ann", "bob_1": "bob"} {
		u, err := s.UserBy(t.Context(), "handle", value)
		if err != nil || u.ID != id {
			t.Errorf("%s is %v, %v", value, u, err)
		}
	}
	if u, got, err := s.UserWithPasswordBy(t.Context(), "handle", "bob_1"); err != nil || u.ID != "bob" || got == nil || *got != hash {
		t.Errorf("bob: %v, %v, %v", u, got, err)
	}
	if u, got, err := s.UserWithPasswordBy(t.Context(), "handle", "ann_1"); err != nil || u.ID != "ann" || got != nil {
		t.Errorf("ann, who has no password: %v, %v, %v", u, got, err)
	}
	for _, nobody := range []string{"", "ann", "ANN_1", "x\x00", `" or 1=1 --`} {
		if _, err := s.UserBy(t.Context(), "handle", nobody); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("%q: %v", nobody, err)
		}
	}
	for _, field := range []string{"motto", "name", "none", "id"} {
		if !panics(func() { _, _ = s.UserBy(t.Context(), field, "x") }) {
			t.Errorf("users are found by %s", field)
		}
	}
}

func panics(f func()) (did bool) {
	defer func() { did = recover() != nil }()
	f()
	return false
}
