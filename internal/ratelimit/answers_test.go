package ratelimit_test

import (
	"encoding/json"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/ratelimit"
)

// sequence is a run of requests and what better-auth's limiter decided;
// testdata/record.mjs makes it.
type sequence struct {
	Name        string
	Window, Max int
	Steps       []step
}

// step is one request: how long after the one before, its path and address,
// and the seconds to wait that a refusal named, or -1 when it was allowed.
type step struct {
	wait          time.Duration
	path, address string
	retryAfter    int
}

func (s *step) UnmarshalJSON(data []byte) error {
	var milliseconds int
	fields := []any{&milliseconds, &s.path, &s.address, &s.retryAfter}
	err := json.Unmarshal(data, &fields)
	s.wait = time.Duration(milliseconds) * time.Millisecond
	return err
}

// recordedRules are the plugin rules of the recording.
var recordedRules = []ratelimit.Rule{
	{Match: ratelimit.Prefix("/sign-in/magic-link"), Window: time.Minute, Max: 5},
	{Match: ratelimit.Prefix("/two"), Window: 10 * time.Second, Max: 3},
	{Match: ratelimit.Prefix("/two-factor/"), Window: time.Minute, Max: 1},
	{Match: ratelimit.Prefix("/once"), Window: time.Second, Max: 1},
}

func TestDecisionsOfBetterAuth(t *testing.T) {
	data, err := os.ReadFile("testdata/answers.json")
	if err != nil {
		t.Fatal(err)
	}
	var rec struct{ Sequences []sequence }
	if err := json.Unmarshal(data, &rec); err != nil {
		t.Fatal(err)
	}
	for _, s := range rec.Sequences {
		t.Run(s.Name, func(t *testing.T) { replay(t, s) })
	}
}

func replay(t *testing.T, s sequence) {
	c := &clock{t: time.UnixMilli(1_700_000_000_000)}
	s.replay(t, ratelimit.New(ratelimit.Options{Config: configOf(s), Plugins: recordedRules, Now: c.now}), c)
}

// replay plays the requests to a limiter that has that clock.
func (s sequence) replay(t *testing.T, l *ratelimit.Limiter, c *clock) {
	t.Helper()
	for i, step := range s.Steps {
		c.t = c.t.Add(step.wait)
		allowed, retryAfter := check(l, step.address, step.path)
		if allowed != (step.retryAfter < 0) || !allowed && retryAfter != step.retryAfter {
			t.Fatalf("%s: request %d to %s: %v, %d; Better Auth: %d", s.Name, i, step.path, allowed, retryAfter, step.retryAfter)
		}
	}
}

// configOf gives the settings of a recording.
func configOf(s sequence) ratelimit.Config {
	return ratelimit.Config{Window: config.Duration(time.Duration(s.Window) * time.Second), Max: s.Max}
}

// TestLongPathsTakeNoMemory sends paths as long as a request may carry.
func TestLongPathsTakeNoMemory(t *testing.T) {
	l := limiter(ratelimit.Config{Max: 1}, &clock{})
	long := strings.Repeat("x", 30<<10)
	before := heap()
	for i := range 1000 {
		path := fmt.Sprintf("/%s%d", long, i)
		first, _ := check(l, "a", path)
		second, _ := check(l, "a", path)
		if !first || second {
			t.Fatalf("path %d: allowed %v and %v", i, first, second)
		}
	}
	if grown := heap() - before; grown > 4<<20 {
		t.Errorf("1000 long paths take %d bytes", grown)
	}
	if l.Len() != 1000 {
		t.Errorf("%d counters are kept", l.Len())
	}
}

// heap is how many bytes are in use.
func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
