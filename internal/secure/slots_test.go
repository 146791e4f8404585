package secure

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// In these tests time is synctest's: it stands still while anything runs, so they wait for nothing.

// busySlots are slots whose work ends when it is let go, once for each that a slot has taken.
type busySlots struct {
	*slots
	ends chan struct{}
}

func newBusySlots(size, width, limit int, maxWait time.Duration) busySlots {
	b := busySlots{ends: make(chan struct{})}
	b.slots = newSlots(size, width, limit, maxWait, func([]*job) { <-b.ends })
	return b
}

// ask comes in from an address, has a job done and goes, and returns once that stands in line or is at
// work, so that the order of the line is known.
func (b busySlots) ask(ctx context.Context, address string) <-chan error {
	answer := make(chan error, 1)
	go func() { answer <- visit(ctx, b.slots, address) }()
	synctest.Wait()
	return answer
}

func visit(ctx context.Context, s *slots, address string) error {
	if err := s.enter(address); err != nil {
		return err
	}
	defer s.exit(address)
	return s.do(ctx, &job{address: address})
}

// record is who was at work, turn by turn. A turn takes a second.
type record struct {
	mu    sync.Mutex
	turns []string
}

func (r *record) work(jobs []*job) {
	var turn string
	for _, j := range jobs {
		turn += j.address
	}
	r.mu.Lock()
	r.turns = append(r.turns, turn)
	r.mu.Unlock()
	time.Sleep(time.Second)
}

// told waits until nothing moves but the clock.
func (r *record) told() []string {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.turns)
}

// assertEmpty fails when somebody is still said to be there.
func (s *slots) assertEmpty(t *testing.T) {
	t.Helper()
	running, waiting := s.numbers()
	if running != 0 || waiting != 0 || s.busy != 0 || s.inside != 0 || len(s.here) != 0 || len(s.line.groups) != 0 || s.line.turns.Len() != 0 {
		t.Errorf("%d run in %d slots, %d wait, %d are inside: %v", running, s.busy, waiting, s.inside, s.here)
	}
}

func TestSlotIsHandedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newBusySlots(1, 1, 10, time.Minute)
		answers := []<-chan error{s.ask(t.Context(), ""), s.ask(t.Context(), ""), s.ask(t.Context(), "")}
		for i, answer := range answers {
			if running, waiting := s.numbers(); running != 1 || waiting != 2-i {
				t.Errorf("%d run and %d wait after %d", running, waiting, i)
			}
			s.ends <- struct{}{}
			if err := <-answer; err != nil {
				t.Error(err)
			}
			synctest.Wait()
		}
		s.assertEmpty(t)
	})
}

// A slot that takes two at once takes those whose turn is next, and one alone.
func TestASlotTakesPairs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var taken record
		s := newSlots(1, 2, 10, time.Minute, taken.work)
		b := busySlots{slots: s}
		for _, address := range []string{"a", "b", "b", "c", "d"} {
			b.ask(t.Context(), address)
		}
		if running, waiting := s.numbers(); running != 1 || waiting != 4 {
			t.Errorf("%d run and %d wait", running, waiting)
		}
		time.Sleep(1500 * time.Millisecond)
		synctest.Wait()
		if running, waiting := s.numbers(); running != 2 || waiting != 2 {
			t.Errorf("%d run and %d wait after a second", running, waiting)
		}
		time.Sleep(time.Minute)
		if got := strings.Join(taken.told(), " "); got != "a bc db" {
			t.Errorf("they were taken as %s", got)
		}
		s.assertEmpty(t)
	})
}

func TestCancelledWaiterLeavesTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newBusySlots(1, 1, 10, time.Minute)
		first := s.ask(t.Context(), "")
		ctx, cancel := context.WithCancel(t.Context())
		gone := s.ask(ctx, "")
		stays := s.ask(t.Context(), "")
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("the one who gave up got %v", err)
		}
		for _, answer := range []<-chan error{first, stays} {
			s.ends <- struct{}{}
			if err := <-answer; err != nil {
				t.Errorf("one who stayed got %v", err)
			}
		}
		if err := <-s.ask(ctx, ""); !errors.Is(err, context.Canceled) {
			t.Errorf("a dead context got %v", err)
		}
		synctest.Wait()
		s.assertEmpty(t)
	})
}

// What a slot has taken is done to its end, whoever still waits for it.
func TestWorkIsNotLeft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newBusySlots(1, 1, 10, time.Minute)
		ctx, cancel := context.WithCancel(t.Context())
		answer := s.ask(ctx, "")
		cancel()
		synctest.Wait()
		if len(answer) != 0 {
			t.Error("it was left")
		}
		s.ends <- struct{}{}
		if err := <-answer; err != nil {
			t.Errorf("its answer is %v", err)
		}
	})
}

func TestTheDeadGetNoHash(t *testing.T) {
	worked := 0
	s := newSlots(1, 2, 10, time.Minute, func(jobs []*job) { worked += len(jobs) })
	dead, cancel := context.WithCancel(t.Context())
	cancel()
	var jobs []*job
	for _, ctx := range []context.Context{dead, t.Context(), dead, t.Context()} {
		j := &job{ctx: ctx, done: make(chan struct{})}
		jobs = append(jobs, j)
		s.line.push(j)
	}
	s.busy = 1
	s.serve()
	for i, j := range jobs {
		<-j.done
		if want := j.ctx.Err(); !errors.Is(j.err, want) {
			t.Errorf("%d: %v, want %v", i, j.err, want)
		}
	}
	if worked != 2 {
		t.Errorf("%d were done", worked)
	}
	s.assertEmpty(t)
}

func TestAPanicIsOfThoseWhoWait(t *testing.T) {
	s := newSlots(1, 1, 10, time.Minute, func([]*job) { panic("broken") })
	for range 2 {
		func() {
			defer func() {
				if cause := recover(); cause != "broken" {
					t.Errorf("the panic is %v", cause)
				}
			}()
			_ = visit(t.Context(), s, "")
		}()
	}
}

func TestLongLineIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newBusySlots(1, 1, 2, time.Hour)
		first, second, third := s.ask(t.Context(), "a"), s.ask(t.Context(), "b"), s.ask(t.Context(), "c")
		if err := <-s.ask(t.Context(), "d"); !errors.Is(err, ErrBusy) {
			t.Errorf("the third in a line of two got %v", err)
		}
		s.close()
		for _, answer := range []<-chan error{second, third} {
			if err := <-answer; !errors.Is(err, ErrClosed) {
				t.Errorf("at the end: %v", err)
			}
		}
		s.ends <- struct{}{}
		if err := <-first; err != nil {
			t.Error(err)
		}
	})
}

// A line that grows slow while a flood stands in it is open to others all the same.
func TestASlowFloodIsOpenToOthers(t *testing.T) {
	s := newSlots(1, 1, 100, 5*time.Second, nil)
	for s.enter("flood") == nil {
	}
	s.took = 2 * time.Second
	if err := s.enter("user"); err != nil {
		t.Errorf("behind %d of a flood: %v", s.here["flood"], err)
	}
	if err := s.enter("flood"); !errors.Is(err, ErrBusy) {
		t.Errorf("one more of the flood got %v", err)
	}
}

// A place counts from when it is taken, not from when its hash stands in line.
func TestAPlaceCountsBeforeItsHash(t *testing.T) {
	s := newSlots(1, 1, 4, time.Hour, nil)
	for i := range 5 {
		if err := s.enter(string(rune('a' + i))); err != nil {
			t.Fatalf("place %d: %v", i, err)
		}
	}
	if err := s.enter("z"); !errors.Is(err, ErrBusy) {
		t.Errorf("one too many got %v", err)
	}
	s.exit("b")
	if err := s.enter("z"); err != nil {
		t.Errorf("the place that was given up is not free: %v", err)
	}
}

// A flood from one address leaves places for others, and they get their turn
// after one hash of it; so it is with several floods.
func TestAFloodWaitsBehindItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var turns record
		s := newSlots(1, 1, 100, time.Hour, turns.work)
		ask := func(address string, n int) (refused int) {
			for range n {
				answer := busySlots{slots: s}.ask(t.Context(), address)
				refused += len(answer) // others wait
			}
			return refused
		}
		if n := ask("flood", 1000); n != 950 {
			t.Errorf("%d of a flood are refused", n)
		}
		if n := ask("other flood", 1000); n != 967 {
			t.Errorf("%d of the other flood are refused", n)
		}
		if n := ask("user", 1) + ask("another", 1); n != 0 {
			t.Errorf("%d others are refused", n)
		}
		time.Sleep(5500 * time.Millisecond)
		if got := strings.Join(turns.told(), ", "); got != "flood, flood, other flood, user, another, flood" {
			t.Errorf("the turns are %s", got)
		}
		time.Sleep(200 * time.Second)
		if n := len(turns.told()); n != 50+33+2 {
			t.Errorf("%d turns", n)
		}
		s.assertEmpty(t)
	})
}

func TestHopelessWaitIsRefusedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newBusySlots(2, 1, 100, 5*time.Second)
		s.took = 4 * time.Second // so one place in line
		s.ask(t.Context(), "")
		s.ask(t.Context(), "")
		waits := s.ask(t.Context(), "a")
		start := time.Now()
		var busy *BusyError
		if err := <-s.ask(t.Context(), "b"); !errors.As(err, &busy) || busy.RetryAfter != 4*time.Second {
			t.Errorf("got %v", err)
		}
		if time.Since(start) != 0 {
			t.Error("the refusal was not immediate")
		}
		if err := <-waits; !errors.Is(err, ErrBusy) { // the estimate was wrong: this one's patience ends
			t.Errorf("at the end of patience: %v", err)
		}
		if waited := time.Since(start); waited != 5*time.Second {
			t.Errorf("gave up after %s", waited)
		}
		if running, waiting := s.numbers(); running != 2 || waiting != 0 {
			t.Errorf("%d run, %d wait", running, waiting)
		}
		close(s.ends)
		synctest.Wait()
		s.assertEmpty(t)
	})
}

func TestMeasuredTimeMovesTheEstimate(t *testing.T) {
	for jobs, want := range map[int]error{1: ErrBusy, 2: nil} { // two hashes in 1.9 s are 0.95 s each
		s := newSlots(1, 2, 100, 2*time.Second, nil)
		for range 100 {
			s.count(jobs, 1900*time.Millisecond)
		}
		if err := s.enter("a"); err != nil {
			t.Errorf("a free slot: %v", err)
		}
		if err := s.enter("b"); !errors.Is(err, want) {
			t.Errorf("%d hashes in 1.9 s against a patience of 2 s: %v", jobs, err)
		}
	}
}

func TestClosedSlots(t *testing.T) {
	s := newSlots(1, 1, 1, time.Second, nil)
	s.close()
	if err := visit(t.Context(), s, ""); !errors.Is(err, ErrClosed) {
		t.Errorf("entering after close: %v", err)
	}
	if err := s.do(t.Context(), &job{}); !errors.Is(err, ErrClosed) {
		t.Errorf("a job after close: %v", err)
	}
}

// TestSlotsRace has many come, hash, give up and be refused at once; the count must come out even and
// never exceed the size.
func TestSlotsRace(t *testing.T) {
	var slots, most, done atomic.Int32
	s := newSlots(3, 2, 20, time.Minute, func(jobs []*job) {
		if n := slots.Add(1); n > most.Load() {
			most.Store(n)
		}
		done.Add(int32(len(jobs)))
		slots.Add(-1)
	})
	var served atomic.Int32
	var group sync.WaitGroup
	for i := range 200 {
		group.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if i%3 == 0 {
				go cancel()
			}
			if visit(ctx, s, string(rune('a'+i%7))) == nil {
				served.Add(1)
			}
		})
	}
	group.Wait()
	for { // the last slot may not have looked yet whether more wait
		s.mu.Lock()
		busy := s.busy
		s.mu.Unlock()
		if busy == 0 {
			break
		}
		runtime.Gosched()
	}
	if most.Load() > 3 || served.Load() != done.Load() || done.Load() == 0 {
		t.Errorf("%d at once, %d done, %d of them told", most.Load(), done.Load(), served.Load())
	}
	s.assertEmpty(t)
}
