package soak

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// load is clients at work, and what they were answered.
type load struct {
	t     *testing.T
	stop  func()
	group sync.WaitGroup

	mu      sync.Mutex
	times   []time.Duration // of right answers
	refused int
	waited  time.Duration // of the refusals, the longest
	wrong   []string
	last    time.Time // of the last refusal
}

// newLoad gives a load without clients, which lasts as long as the test at most.
func newLoad(t *testing.T) *load {
	l := &load{t: t}
	t.Cleanup(l.end)
	return l
}

// begin sets n clients to work: each does work over and over, with its own
// number and the number of the round, no faster than once in a period.
func (l *load) begin(n int, period time.Duration, work func(client, round int)) {
	ctx, cancel := context.WithCancel(l.t.Context())
	before := l.stop
	l.stop = func() {
		if cancel(); before != nil {
			before()
		}
	}
	for i := range n {
		l.group.Go(func() {
			for round, next := 0, time.Now(); ctx.Err() == nil; round++ {
				work(i, round)
				next = next.Add(period)
				if wait := time.Until(next); wait > 0 {
					time.Sleep(wait)
				} else {
					next = time.Now()
				}
			}
		})
	}
}

// reading is a load of n clients with the session of reader, who ask for it on
// the instances as fast as they can.
func reading(t *testing.T, reader *client, n int, instances ...*instance) *load {
	t.Helper()
	return readingAt(t, 0, reader, n, instances...)
}

// readingAt is reading, where each client asks once in a period.
func readingAt(t *testing.T, period time.Duration, reader *client, n int, instances ...*instance) *load {
	t.Helper()
	l := newLoad(t)
	clients := make([]*client, n)
	for i := range clients {
		clients[i] = reader.on(instances[i%len(instances)])
	}
	l.begin(n, period, func(client, _ int) {
		a := clients[client].get("/get-session")
		l.take("get-session", a, a.ok("@example.test"))
	})
	return l
}

// end lets the clients finish what they are at, and waits for them.
func (l *load) end() {
	if l.stop != nil {
		l.stop()
	}
	l.group.Wait()
}

// refusalPause is how long a client waits that was refused.
const refusalPause = 20 * time.Millisecond

// take counts an answer: right, refused, or else wrong. It tells whether it is
// the first.
func (l *load) take(what string, a answer, right bool) bool {
	l.mu.Lock()
	switch {
	case right:
		l.times = append(l.times, a.took)
	case a.refused():
		l.refused, l.last, l.waited = l.refused+1, time.Now(), max(l.waited, a.took)
	default:
		l.wrong = append(l.wrong, fmt.Sprintf("%s: %s", what, a))
	}
	l.mu.Unlock()
	if !right {
		time.Sleep(refusalPause)
	}
	return right
}

// drain gives the times of the right answers since it was last asked, sorted,
// and the number of refusals meanwhile.
func (l *load) drain() ([]time.Duration, int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	times, refused := l.times, l.refused
	l.times, l.refused = nil, 0
	slices.Sort(times)
	return times, refused
}

// longestRefusal is how long the slowest refusal took.
func (l *load) longestRefusal() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.waited.Round(time.Millisecond)
}

// right gives the number of right answers since drain was last called.
func (l *load) right() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.times)
}

// lastRefusal is when a client was last refused.
func (l *load) lastRefusal() time.Time {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.last
}

// complain fails the test for every kind of wrong answer.
func (l *load) complain() {
	l.t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.wrong) > 0 {
		l.t.Errorf("%d wrong answers, the first:\n%s", len(l.wrong), strings.Join(l.wrong[:min(10, len(l.wrong))], "\n"))
	}
}

// percentile gives the time within which that share of sorted times is.
func percentile(sorted []time.Duration, share float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))].Round(100 * time.Microsecond)
}

func TestPercentiles(t *testing.T) {
	var times []time.Duration
	for i := range 100 {
		times = append(times, time.Duration(i+1)*time.Second)
	}
	for share, want := range map[float64]time.Duration{0: time.Second, 0.5: 51 * time.Second, 0.99: 100 * time.Second, 1: 100 * time.Second} {
		if got := percentile(times, share); got != want {
			t.Errorf("%v: %s, want %s", share, got, want)
		}
	}
	if percentile(nil, 0.5) != 0 {
		t.Error("of nothing")
	}
}

func TestALoadTellsRightFromRefusedAndWrong(t *testing.T) {
	l := newLoad(t)
	l.begin(2, 0, func(client, round int) {
		l.take("read", answer{status: 200 + 300*client}, client == 0)
		time.Sleep(time.Millisecond)
	})
	within(t, "answers", func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.times) > 2 && len(l.wrong) > 1
	})
	l.end()
	l.take("read", answer{err: context.Canceled}, false)
	if times, refused := l.drain(); refused != 1 || len(times) < 3 || !strings.Contains(l.wrong[0], "read: 500") {
		t.Errorf("%d right, %d refused, wrong %q", len(times), refused, l.wrong)
	}
	var mu sync.Mutex
	seen := map[int]bool{}
	authtest.Together(5, func(i int) {
		mu.Lock()
		defer mu.Unlock()
		seen[i] = true
	})
	if len(seen) != 5 {
		t.Errorf("together: %v", seen)
	}
}
