package ratelimit_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/ratelimit"
)

// clock is a clock that stands until it is moved.
type clock struct{ t time.Time }

func (c *clock) now() time.Time { return c.t }

// limiter counts in this process and has no rules of plugins.
func limiter(cfg ratelimit.Config, c *clock) *ratelimit.Limiter {
	return ratelimit.New(ratelimit.Options{Config: cfg, Now: c.now})
}

func check(l *ratelimit.Limiter, address, path string) (allowed bool, retryAfter int) {
	d := l.Check(context.Background(), ratelimit.Request{Address: address, Path: path})
	return d.Allowed, d.RetryAfter
}

func TestRules(t *testing.T) {
	l := ratelimit.New(ratelimit.Options{
		Config:  ratelimit.Config{Max: 5},
		Plugins: []ratelimit.Rule{{Match: ratelimit.Prefix("/sign-in/magic-link"), Window: time.Minute, Max: 4}},
		Now:     (&clock{}).now,
	})
	for path, want := range map[string]int{
		"/get-session": 5, "/": 5, "/unknown": 5,
		"/sign-in/email": 3, "/sign-up/email": 3, "/change-password": 3, "/change-email": 3,
		"/request-password-reset": 3, "/send-verification-email": 3, "/forget-password/x": 3,
		"/sign-in/magic-link": 4, "/send-verification-email/x": 5,
	} {
		allowed := 0
		for range 10 {
			if ok, _ := check(l, "203.0.113.7", path); ok {
				allowed++
			}
		}
		if allowed != want {
			t.Errorf("%s: %d allowed, want %d", path, allowed, want)
		}
	}
}

func TestAWindowBeginsWithEachAllowedRequest(t *testing.T) {
	c := &clock{t: time.Unix(1000, 0)}
	l := limiter(ratelimit.Config{}, c)
	steps := []struct {
		after      time.Duration
		allowed    bool
		retryAfter int
	}{
		{0, true, 0},
		{9 * time.Second, true, 0},
		{9 * time.Second, true, 0},
		{9 * time.Second, false, 1},
		{100 * time.Millisecond, false, 1},
		{900 * time.Millisecond, true, 0},
		{0, true, 0},
		{0, true, 0},
		{time.Millisecond, false, 10},
	}
	for i, s := range steps {
		c.t = c.t.Add(s.after)
		allowed, retryAfter := check(l, "a", "/sign-in/email")
		if allowed != s.allowed || retryAfter != s.retryAfter {
			t.Errorf("step %d: %v %d, want %v %d", i, allowed, retryAfter, s.allowed, s.retryAfter)
		}
	}
}

func TestAddressesAndPathsAreCountedApart(t *testing.T) {
	l := limiter(ratelimit.Config{Max: 1}, &clock{})
	for _, key := range [][2]string{{"a", "/x"}, {"a", "/y"}, {"b", "/x"}, {"", "/x"}} {
		if ok, _ := check(l, key[0], key[1]); !ok {
			t.Errorf("%v was refused at first", key)
		}
		if ok, _ := check(l, key[0], key[1]); ok {
			t.Errorf("%v was allowed twice", key)
		}
	}
}

func TestWindowAndMaxAreOptions(t *testing.T) {
	c := &clock{t: time.Unix(1000, 0)}
	l := limiter(ratelimit.Config{Window: config.Duration(3 * time.Second), Max: 1}, c)
	check(l, "a", "/x")
	if ok, retryAfter := check(l, "a", "/x"); ok || retryAfter != 3 {
		t.Errorf("%v %d", ok, retryAfter)
	}
	c.t = c.t.Add(3 * time.Second)
	if ok, _ := check(l, "a", "/x"); !ok {
		t.Error("refused after the window")
	}
}

func TestExactlyMaxOfManyParallelRequestsPass(t *testing.T) {
	l := limiter(ratelimit.Config{}, &clock{})
	var passed atomic.Int64
	var wg sync.WaitGroup
	for range 400 {
		wg.Go(func() {
			if ok, _ := check(l, "a", "/x"); ok {
				passed.Add(1)
			}
		})
	}
	wg.Wait()
	if passed.Load() != 100 {
		t.Errorf("%d passed, want 100", passed.Load())
	}
}

func TestMemoryIsBounded(t *testing.T) {
	c := &clock{t: time.Unix(1000, 0)}
	l := limiter(ratelimit.Config{Max: 1}, c)
	for i := range 110_000 {
		c.t = c.t.Add(time.Microsecond)
		if ok, _ := check(l, fmt.Sprint(i), "/"+strings.Repeat("x", 3)); !ok {
			t.Fatalf("request %d was refused", i)
		}
	}
	if n := l.Len(); n > 100_000 {
		t.Errorf("%d counters are kept", n)
	}
	c.t = c.t.Add(time.Minute)
	for i := range 32 * 300 {
		check(l, fmt.Sprint("late", i%6400), "/x")
	}
	if n := l.Len(); n > 7000 {
		t.Errorf("%d counters are kept after all have expired", n)
	}
}
