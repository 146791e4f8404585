package secure

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// In these tests time is synctest's: it stands still while anything runs, so they wait for nothing.

// waiting starts n acquires behind a full house and returns once all of them stand in line.
func waiting(ctx context.Context, s *slots, n int) <-chan error {
	answers := make(chan error, n)
	for range n {
		go func() { answers <- s.acquire(ctx) }()
		synctest.Wait() // one after the other, so that the order of the line is known
	}
	return answers
}

func TestSlotIsHandedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlots(1, 10, time.Minute)
		if err := s.acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
		answers := waiting(t.Context(), s, 2)
		if len(answers) != 0 {
			t.Fatal("two hold the only slot")
		}
		if running, line := s.numbers(); running != 1 || line != 2 {
			t.Errorf("%d are said to run and %d to wait", running, line)
		}
		for range 2 {
			s.release(0)
			if err := <-answers; err != nil {
				t.Error(err)
			}
		}
		s.release(0)
		if s.busy != 0 || s.line.len() != 0 {
			t.Errorf("%d busy, %d in line", s.busy, s.line.len())
		}
	})
}

func TestCancelledWaiterLeavesTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlots(1, 10, time.Minute)
		if err := s.acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		gone := waiting(ctx, s, 1)
		stays := waiting(t.Context(), s, 1)
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) {
			t.Errorf("the one who gave up got %v", err)
		}
		s.release(0)
		if err := <-stays; err != nil {
			t.Errorf("the next one got %v", err)
		}
		if err := s.acquire(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("a dead context got %v", err)
		}
	})
}

func TestSlotGrantedToTheDeadIsPassedOn(t *testing.T) {
	s := newSlots(1, 10, time.Minute)
	s.busy = 1
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.granted(ctx, &waiter{}); !errors.Is(err, context.Canceled) || s.busy != 0 {
		t.Errorf("granted: %v, %d busy", err, s.busy)
	}
	s.busy = 1
	reason := errors.New("reason")
	if err := s.leave(&waiter{}, reason); !errors.Is(err, reason) || s.busy != 0 {
		t.Errorf("leave: %v, %d busy", err, s.busy)
	}
}

func TestLongLineIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlots(1, 2, time.Hour)
		if err := s.acquire(t.Context()); err != nil {
			t.Fatal(err)
		}
		answers := waiting(t.Context(), s, 2)
		if err := s.acquire(t.Context()); !errors.Is(err, ErrBusy) {
			t.Errorf("the third in a line of two got %v", err)
		}
		s.close()
		for range 2 {
			if err := <-answers; !errors.Is(err, ErrClosed) {
				t.Errorf("at the end: %v", err)
			}
		}
	})
}

func TestHopelessWaitIsRefusedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlots(2, 100, 5*time.Second)
		s.busy, s.took = 2, 4*time.Second
		answers := waiting(t.Context(), s, 1) // an estimated 2 s; the next would be 4 s, then 6 s
		waiting(t.Context(), s, 1)
		start := time.Now()
		err := s.acquire(t.Context())
		var busy *BusyError
		if !errors.As(err, &busy) || busy.RetryAfter != 6*time.Second {
			t.Errorf("got %v", err)
		}
		if time.Since(start) != 0 {
			t.Error("the refusal was not immediate")
		}
		<-answers // the estimate was wrong: this one's patience ends
		if waited := time.Since(start); waited != 5*time.Second {
			t.Errorf("gave up after %s", waited)
		}
		synctest.Wait()
		if s.line.len() != 0 {
			t.Errorf("%d still in line", s.line.len())
		}
	})
}

func TestMeasuredTimeMovesTheEstimate(t *testing.T) {
	s := newSlots(1, 100, time.Second)
	for range 100 {
		s.busy = 1
		s.release(2 * time.Second)
	}
	s.busy = 1
	if err := s.acquire(t.Context()); !errors.Is(err, ErrBusy) {
		t.Errorf("hashes of 2 s against a patience of 1 s: %v", err)
	}
}

func TestClosedSlots(t *testing.T) {
	s := newSlots(1, 1, time.Second)
	s.close()
	if err := s.acquire(t.Context()); !errors.Is(err, ErrClosed) {
		t.Errorf("acquire after close: %v", err)
	}
}

// TestSlotsRace has many come, hash, give up and be refused at once; the count must come out even and
// never exceed the size.
func TestSlotsRace(t *testing.T) {
	s := newSlots(3, 20, time.Minute)
	var inside, most int
	var mu sync.Mutex
	step := func(by int) {
		mu.Lock()
		defer mu.Unlock()
		inside += by
		most = max(most, inside)
	}
	var group sync.WaitGroup
	for i := range 200 {
		group.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			if i%3 == 0 {
				go cancel()
			}
			if s.acquire(ctx) == nil {
				step(1)
				step(-1)
				s.release(time.Microsecond)
			}
		})
	}
	group.Wait()
	if most > 3 || s.busy != 0 || s.line.len() != 0 || len(s.line.place) != 0 {
		t.Errorf("%d at once, %d busy, %d in line at the end", most, s.busy, s.line.len())
	}
}
