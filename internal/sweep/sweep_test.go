package sweep_test

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/sweep"
)

// rows is a table of which each round finds a number of full batches.
type rows struct {
	mu              sync.Mutex
	batches, rounds int
	fails           error
	begun           chan struct{} // gets a value at the beginning of each round
}

func (r *rows) Begin(context.Context) error {
	r.mu.Lock()
	r.rounds++
	r.mu.Unlock()
	if r.begun != nil {
		r.begun <- struct{}{}
	}
	return nil
}

func (r *rows) Next(_ context.Context, _ time.Time, limit int) (int64, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.batches--
	return int64(limit), r.batches > 0, r.fails
}

// fixture is a database and the sweepers that share it.
type fixture struct {
	t     *testing.T
	store *store.Store
	mu    sync.Mutex
	now   time.Time
	swept map[string]int64
	ended []error
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	url, set := pgtest.URL(t), schema.MustNewSet(schema.Core)
	if err := migrate.Up(t.Context(), migrate.Options{URL: url, Set: set}); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.Options{URL: url, Set: set})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return &fixture{t: t, store: s, now: time.Now(), swept: map[string]int64{}}
}

func (f *fixture) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

func (f *fixture) rounds() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.ended)
}

// start runs a sweeper over tables until the function it gives is called, which
// waits for its end.
func (f *fixture) start(every time.Duration, tables ...sweep.Table) (stop func()) {
	f.t.Helper()
	s, err := sweep.New(sweep.Options{
		Store: f.store, Tables: tables, Now: f.Now, Rand: rand.Reader, Log: slog.New(slog.DiscardHandler),
		Pace: sweep.Pace{Interval: every, Pause: time.Microsecond, Batch: 10},
		Swept: func(table string, n int64) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.swept[table] += n
		},
		Ended: func(err error) {
			f.mu.Lock()
			defer f.mu.Unlock()
			f.ended = append(f.ended, err)
		},
	})
	if err != nil {
		f.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(f.t.Context())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.Run(ctx)
	}()
	stop = func() {
		cancel()
		<-done
	}
	f.t.Cleanup(stop)
	return stop
}

// until waits for something that the sweepers bring about.
func (f *fixture) until(what string, is func() bool) {
	f.t.Helper()
	for end := time.Now().Add(30 * time.Second); !is(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			f.t.Fatalf("not within 30 s: %s", what)
		}
	}
}

func TestEveryTableIsSwept(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	broken := errors.New("a broken table")
	stop := f.start(time.Millisecond,
		sweep.Table{Name: "bad", Rows: &rows{batches: 1, fails: broken}},
		sweep.Table{Name: "good", Rows: &rows{batches: 3}})
	f.until("a round", func() bool { return f.rounds() > 0 })
	stop()
	if f.swept["good"] < 30 || f.swept["bad"] != 0 {
		t.Errorf("swept %v", f.swept)
	}
	if err := f.ended[0]; !errors.Is(err, broken) || !strings.HasPrefix(err.Error(), "bad: ") {
		t.Errorf("the round ended with %v", err)
	}
}

// Of many instances one works, and the next round is an interval away for all.
func TestOneInstanceAtATime(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	table := &rows{batches: 1}
	for range 5 {
		f.start(time.Second, sweep.Table{Name: "t", Rows: table})
	}
	f.until("a round", func() bool { return f.rounds() > 0 })
	time.Sleep(300 * time.Millisecond) // by now each of the others has asked once
	if n := f.rounds(); n != 1 {       // the clock of the fixture stands still
		t.Errorf("%d rounds", n)
	}
	f.mu.Lock()
	f.now = f.now.Add(time.Second)
	f.mu.Unlock()
	f.until("the next round", func() bool { return f.rounds() == 2 })
}

// A holder that is gone, or whose clock was far ahead, keeps nobody waiting for
// long.
func TestTheLeaseRunsOut(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		until time.Duration
		taken bool
	}{
		"held": {30 * time.Second, false}, "over": {0, true}, "from another century": {100 * 365 * 24 * time.Hour, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			_, err := f.store.Pool().Exec(t.Context(), "insert into sallyport.sweep_lease values ('rows', 'gone', $1)", f.now.Add(tt.until))
			if err != nil {
				t.Fatal(err)
			}
			f.start(time.Millisecond, sweep.Table{Name: "t", Rows: &rows{batches: 1}})
			if tt.taken {
				f.until("a round", func() bool { return f.rounds() > 0 })
				return
			}
			time.Sleep(100 * time.Millisecond)
			if f.rounds() > 0 {
				t.Error("it was taken")
			}
		})
	}
}

// An instance that lost the lease during a round stops there.
func TestALostLeaseEndsTheRound(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	table := &rows{batches: 1 << 30, begun: make(chan struct{})}
	f.start(time.Minute/10, sweep.Table{Name: "t", Rows: table})
	<-table.begun
	_, err := f.store.Pool().Exec(t.Context(), "update sallyport.sweep_lease set holder = 'other', held_until = $1", f.now.Add(time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	f.mu.Lock()
	f.now = f.now.Add(30 * time.Second) // time to extend the lease
	f.mu.Unlock()
	f.until("the end of the round", func() bool { return f.rounds() == 1 })
	if err := f.ended[0]; err == nil || !strings.Contains(err.Error(), "another instance has taken over") {
		t.Errorf("it ended with %v", err)
	}
}

// A stop waits for no pause and counts as no failure.
func TestItStopsAtOnce(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	table := &rows{batches: 1 << 30, begun: make(chan struct{})}
	stop := f.start(time.Minute/10, sweep.Table{Name: "t", Rows: table})
	<-table.begun
	stop()
	if n := f.rounds(); n != 0 {
		t.Errorf("%d rounds ended: %v", n, f.ended)
	}
}
