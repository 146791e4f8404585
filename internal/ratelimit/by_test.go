package ratelimit_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/ratelimit"
)

// counting has rules that let one request through, by each kind of client.
func counting(untracked bool, c *clock) *ratelimit.Limiter {
	by := func(b ratelimit.By) ratelimit.CustomRule {
		r := rule(1)
		r.By = b
		return r
	}
	return ratelimit.New(ratelimit.Options{
		Config: ratelimit.Config{Max: 1, CustomRules: config.Ordered[ratelimit.CustomRule]{
			{Name: "/ip", Value: by("")},
			{Name: "/user/**", Value: by(ratelimit.ByUser)},
			{Name: "/both", Value: by(ratelimit.ByAddressAndUser)},
			{Name: "/free", Value: off()},
		}},
		Untracked: untracked, Now: c.now,
	})
}

// visit is one request: whose, from where, to which path, and whether it passes.
type visit struct {
	user, address, path string
	passes              bool
}

func (v visit) pay(t *testing.T, l *ratelimit.Limiter) {
	t.Helper()
	d := l.Check(t.Context(), ratelimit.Request{
		Address: v.address, Path: v.path, User: func(context.Context) (string, error) { return v.user, nil },
	})
	if d.Allowed != v.passes {
		t.Errorf("%+v: %+v", v, d)
	}
}

func TestWhoIsCountedTogether(t *testing.T) {
	t.Parallel()
	l := counting(false, &clock{})
	for _, v := range []visit{
		{"ann", "a", "/ip", true},
		{"bob", "a", "/ip", false},
		{"bob", "b", "/ip", true},

		{"ann", "a", "/user", true},
		{"ann", "b", "/user", false},
		{"bob", "a", "/user", true},
		{"", "a", "/user", true}, // without a session the address counts, apart from the users there
		{"", "a", "/user", false},
		{"", "b", "/user", true},
		{"", "", "/user", true},
		{"", "", "/user", false},

		{"ann", "a", "/both", true},
		{"ann", "a", "/both", false},
		{"ann", "b", "/both", true},
		{"bob", "a", "/both", true},
		{"", "a", "/both", true},
		{"", "a", "/both", false},

		// No id looks like more than an id.
		{"x|/user/y", "a", "/user/z", true},
		{"x", "a", "/user/y|/user/z", true},
	} {
		v.pay(t, l)
	}
}

func TestWithoutAddressesOnlyUsersAreCounted(t *testing.T) {
	t.Parallel()
	l := counting(true, &clock{})
	for _, v := range []visit{
		{"", "", "/ip", true},
		{"ann", "", "/ip", true},
		{"ann", "", "/ip", true},
		{"ann", "", "/user", true},
		{"ann", "", "/user", false},
		{"", "", "/user", true},
		{"", "", "/user", true},
		{"ann", "", "/both", true},
		{"ann", "", "/both", false},
	} {
		v.pay(t, l)
	}
}

// Whose session a request carries is asked where a rule counts users, once.
func TestTheUserIsAskedForOnlyWhereItCounts(t *testing.T) {
	t.Parallel()
	l := counting(false, &clock{})
	for path, want := range map[string]int{"/ip": 0, "/free": 0, "/else": 0, "/user": 1, "/both": 1} {
		asked := 0
		l.Check(t.Context(), ratelimit.Request{Address: "a", Path: path, User: func(context.Context) (string, error) {
			asked++
			return "", nil
		}})
		if asked != want {
			t.Errorf("%s: asked %d times, want %d", path, asked, want)
		}
	}
}

// A user that cannot be found out is counted by address, and for a second
// nobody waits for the next try.
func TestUsersThatCannotBeFoundOut(t *testing.T) {
	t.Parallel()
	c := &clock{t: time.Unix(1000, 0)}
	l := counting(false, c)
	asked := 0
	away := ratelimit.Request{Address: "a", Path: "/user", User: func(context.Context) (string, error) {
		asked++
		return "", errors.New("away")
	}}
	for i, want := range []bool{true, false, false} {
		if d := l.Check(t.Context(), away); d.Allowed != want {
			t.Errorf("request %d: %+v", i, d)
		}
	}
	c.t = c.t.Add(999 * time.Millisecond)
	l.Check(t.Context(), away)
	if asked != 1 {
		t.Errorf("asked %d times within a second", asked)
	}
	c.t = c.t.Add(time.Millisecond)
	visit{"ann", "a", "/user", true}.pay(t, l)
	visit{"ann", "b", "/user", false}.pay(t, l)
}

// Long and short paths of one client are counted apart, and none is another's
// hash.
func TestLongPathsHaveCountersOfTheirOwn(t *testing.T) {
	t.Parallel()
	l := limiter(ratelimit.Config{Max: 1}, &clock{})
	long := "/" + strings.Repeat("x", 5000)
	for _, path := range []string{long, long + "y", long[:1023], long[:1024], long[:1025]} {
		if ok, _ := check(l, "a", path); !ok {
			t.Errorf("a path of %d bytes shares a counter", len(path))
		}
		if ok, _ := check(l, "a", path); ok {
			t.Errorf("a path of %d bytes has no counter", len(path))
		}
	}
}
