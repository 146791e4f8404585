package store_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// further are columns such as plugins and operators add, one of each type.
var further = []schema.Table{{Model: "user", Fields: []schema.Field{
	{Name: "nickname", Column: "nick name", Type: schema.String},
	{Name: "banned", Type: schema.Boolean, Default: false, BarsUntil: "banExpires"},
	{Name: "banExpires", Type: schema.Date},
	{Name: "logins", Type: schema.BigInt},
	{Name: "tags", Type: schema.StringArray},
}}}

func TestUserRoundTrip(t *testing.T) {
	t.Parallel()
	s := open(t, further)
	image := "https://example.test/ä.png"
	for name, want := range map[string]*store.User{
		"every value": {
			ID: "a", Name: "Ärger <&> 🙂", Email: "a@example.test", EmailVerified: true, Image: &image,
			CreatedAt: noon, UpdatedAt: noon.Add(time.Microsecond),
			Extra: []any{"nick", true, noon, int64(1) << 40, json.RawMessage(`["x", "y"]`)},
		},
		"every null": {ID: "b", Email: "b@example.test", CreatedAt: noon, UpdatedAt: noon, Extra: make([]any, 5)},
	} {
		if err := s.CreateUser(t.Context(), want); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, err := s.UserByEmail(t.Context(), want.Email)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !sameTimes(got.CreatedAt, want.CreatedAt) || !sameTimes(got.UpdatedAt, want.UpdatedAt) {
			t.Errorf("%s: times are %v and %v", name, got.CreatedAt, got.UpdatedAt)
		}
		if banned, ok := got.Extra[2].(time.Time); ok && !banned.Equal(noon) {
			t.Errorf("%s: a further time is %v", name, banned)
		}
		plain(got)
		plain(want)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
}

// plain takes out the times, which are equal in more than one form.
func plain(u *store.User) {
	u.CreatedAt, u.UpdatedAt = time.Time{}, time.Time{}
	if _, ok := u.Extra[2].(time.Time); ok {
		u.Extra[2] = "a time"
	}
}

func sameTimes(a, b time.Time) bool { return a.Equal(b) }

func TestExtraMayBeLeftOut(t *testing.T) {
	t.Parallel()
	s := open(t, further)
	addUser(t, s, "u")
	got, err := s.UserByEmail(t.Context(), "u@example.test")
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Extra) != 5 {
		t.Errorf("%d further values, want 5", len(got.Extra))
	}
}

func TestAccountRoundTripThroughThePassword(t *testing.T) {
	t.Parallel()
	s := open(t)
	u := addUser(t, s, "u")
	if _, hash, err := s.UserWithPassword(t.Context(), u.Email); err != nil || hash != nil {
		t.Errorf("without an account: hash %v, error %v", hash, err)
	}
	other := "not this"
	add := func(id, provider, accountID string, password *string) {
		a := &store.Account{
			ID: id, ProviderID: provider, AccountID: accountID, UserID: "u", Password: password, CreatedAt: noon, UpdatedAt: noon,
		}
		if err := s.CreateAccount(t.Context(), a); err != nil {
			t.Fatal(err)
		}
	}
	add("1", "github", "u", &other)
	add("2", store.CredentialProvider, "someone else", &other)
	if _, hash, err := s.UserWithPassword(t.Context(), u.Email); err != nil || hash != nil {
		t.Errorf("with other accounts only: hash %v, error %v", hash, err)
	}
	right := "salt:key"
	add("3", store.CredentialProvider, "u", &right)
	if _, hash, err := s.UserWithPassword(t.Context(), u.Email); err != nil || hash == nil || *hash != right {
		t.Errorf("with the credential: hash %v, error %v", hash, err)
	}
}

func TestATakenAddressIsADuplicate(t *testing.T) {
	t.Parallel()
	s := open(t)
	u := addUser(t, s, "u")
	u.ID = "another"
	err := s.CreateUser(t.Context(), u)
	if !errors.Is(err, store.ErrDuplicate) || store.Constraint(err) != "user_email_key" {
		t.Errorf("error %v, constraint %q", err, store.Constraint(err))
	}
}

// A value no column could hold is somebody's probe, not a failure of ours.
func TestUnstorableKeysFindNothing(t *testing.T) {
	t.Parallel()
	s := open(t)
	for _, key := range []string{"a\x00b", "\xff\xfe"} {
		if _, err := s.UserByEmail(t.Context(), key); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("user %q: %v", key, err)
		}
		if _, _, err := s.UserWithPassword(t.Context(), key); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("user with password %q: %v", key, err)
		}
		if _, _, err := s.SessionByToken(t.Context(), key); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("session %q: %v", key, err)
		}
		if deleted, err := s.DeleteSession(t.Context(), key); deleted || err != nil {
			t.Errorf("delete %q: %v, %v", key, deleted, err)
		}
	}
}

func TestAnUnstorableValueIsRejected(t *testing.T) {
	t.Parallel()
	s := open(t)
	u := &store.User{ID: "u", Name: "a\x00b", Email: "u@example.test", CreatedAt: noon, UpdatedAt: noon}
	if err := s.CreateUser(t.Context(), u); !errors.Is(err, store.ErrRejected) {
		t.Errorf("got %v", err)
	}
}

func TestTimesComeBackInUTC(t *testing.T) {
	t.Parallel()
	s := open(t)
	addUser(t, s, "u")
	got, err := s.UserByEmail(t.Context(), "u@example.test")
	if err != nil {
		t.Fatal(err)
	}
	if got.CreatedAt != noon {
		t.Errorf("got %v, want %v", got.CreatedAt, noon)
	}
}
