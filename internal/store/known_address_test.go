package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// seen gives when an address was last seen, as the hour of the test's day; -1
// where it is not known.
func seen(t *testing.T, s *store.Store, address string) time.Duration {
	t.Helper()
	var at time.Time
	row := s.Pool().QueryRow(t.Context(), "select coalesce(max(seen_at), $2) from sallyport.known_address where address = $1", []byte(address), noon.Add(-1))
	if err := row.Scan(&at); err != nil {
		t.Fatal(err)
	}
	return at.Sub(noon)
}

// A session brings the memory of where it comes from, which is renewed once a
// day.
func TestASessionIsRememberedByItsAddress(t *testing.T) {
	t.Parallel()
	for name, further := range map[string][]schema.Table{
		"plain":  nil,
		"extras": {{Model: "session", Fields: []schema.Field{{Name: "kind", Type: schema.String, Default: "web"}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t, further)
			u := withPassword(t, s)
			arrive := func(token string, after time.Duration, from string, hash string) error {
				row := newSession(token, u.ID)
				row.CreatedAt = noon.Add(after)
				if from != "" {
					row.From = []byte(from)
				}
				if hash == "" {
					return s.CreateSession(t.Context(), row)
				}
				return s.CreateSessionByPassword(t.Context(), row, hash)
			}
			if err := arrive("nowhere", 0, "", ""); err != nil || seen(t, s, "") >= 0 {
				t.Errorf("no address was remembered as one: %v", err)
			}
			if err := arrive("wrong", 0, "b", "not it"); !errors.Is(err, store.ErrNotFound) || seen(t, s, "b") >= 0 {
				t.Errorf("a session that was not made is remembered, %v", err)
			}
			for i, step := range []struct{ at, want time.Duration }{
				{0, 0}, {23 * time.Hour, 0}, {25 * time.Hour, 25 * time.Hour},
			} {
				if err := arrive("plain"+string(rune('a'+i)), step.at, "a", ""); err != nil || seen(t, s, "a") != step.want {
					t.Errorf("step %d: seen after %s, want %s (%v)", i, seen(t, s, "a"), step.want, err)
				}
				if err := arrive("password"+string(rune('a'+i)), step.at, "p", "old"); err != nil || seen(t, s, "p") != step.want {
					t.Errorf("step %d by password: seen after %s, want %s (%v)", i, seen(t, s, "p"), step.want, err)
				}
			}
			if got, _, err := s.SessionByToken(t.Context(), "passworda"); err != nil || got.ID != "passworda" {
				t.Errorf("stored %+v, %v", got, err)
			}
		})
	}
}
