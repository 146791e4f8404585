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

// tally is a counter that may be away. It keeps no windows.
type tally struct {
	hits map[string]int
	away bool
}

func (c *tally) Count(_ context.Context, key string, limit int, _ time.Duration) (bool, error) {
	if c.away {
		return false, errors.New("away")
	}
	c.hits[key]++
	return c.hits[key] <= limit, nil
}

func secondary(c *tally, clock *clock, window time.Duration, limit int) *ratelimit.Limiter {
	cfg := ratelimit.Config{Window: config.Duration(window), Max: limit}
	return ratelimit.New(ratelimit.Options{Config: cfg, Storage: ratelimit.NewSecondary(c, clock.now), Now: clock.now})
}

func TestWhoeverIsRefusedWaitsAWindow(t *testing.T) {
	l := secondary(&tally{hits: map[string]int{}}, &clock{}, 1500*time.Millisecond, 1)
	check(l, "a", "/x")
	if ok, retryAfter := check(l, "a", "/x"); ok || retryAfter != 2 {
		t.Errorf("%t %d", ok, retryAfter)
	}
}

// TestFixedWindowsInMemory plays what the shared counter would do while it is away.
func TestFixedWindowsInMemory(t *testing.T) {
	c := &clock{t: time.Unix(1000, 0)}
	shared := &tally{hits: map[string]int{}, away: true}
	l := secondary(shared, c, 10*time.Second, 2)
	steps := []struct {
		after      time.Duration
		allowed    bool
		retryAfter int
	}{
		{0, true, 0},
		{6 * time.Second, true, 0},
		{time.Second, false, 10},
		{2 * time.Second, false, 10},
		{time.Second, true, 0}, // ten seconds after the first, whatever came since
		{9 * time.Second, true, 0},
		{999 * time.Millisecond, false, 10},
		{time.Millisecond, true, 0},
	}
	for i, s := range steps {
		c.t = c.t.Add(s.after)
		if ok, retryAfter := check(l, "a", "/x"); ok != s.allowed || retryAfter != s.retryAfter {
			t.Errorf("step %d: %t %d, want %t %d", i, ok, retryAfter, s.allowed, s.retryAfter)
		}
	}
	if l.Unshared() != int64(len(steps)) {
		t.Errorf("%d decisions are said to be made here", l.Unshared())
	}
	if len(shared.hits) != 0 {
		t.Errorf("the counter that is away has %v", shared.hits)
	}
}

func TestSharedKeysAreShort(t *testing.T) {
	shared := &tally{hits: map[string]int{}}
	l := secondary(shared, &clock{}, time.Minute, 1)
	long := "/" + strings.Repeat("x", 30<<10)
	for _, path := range []string{"/ok", long, long + "y"} {
		first, _ := check(l, "203.0.113.7", path)
		second, _ := check(l, "203.0.113.7", path)
		if !first || second {
			t.Errorf("a path of %d bytes: %t %t", len(path), first, second)
		}
	}
	if len(shared.hits) != 3 || shared.hits["203.0.113.7|/ok"] != 2 {
		t.Errorf("%d keys: %v", len(shared.hits), shared.hits)
	}
	for key := range shared.hits {
		if len(key) > 200 {
			t.Errorf("a key of %d bytes", len(key))
		}
	}
}
