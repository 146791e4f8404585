package secure

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// In these tests time is synctest's: it stands still while anything runs, so they wait for nothing.

// come takes a place for an address and a slot; gone gives both up.
func come(ctx context.Context, s *slots, address string) error {
	if err := s.enter(address); err != nil {
		return err
	}
	err := s.acquire(ctx, address)
	if err != nil {
		s.exit(address)
	}
	return err
}

func (s *slots) gone(address string, took time.Duration) {
	s.release(took)
	s.exit(address)
}

// waiting starts n acquires behind a full house and returns once all of them stand in line.
func waiting(ctx context.Context, s *slots, n int) <-chan error {
	answers := make(chan error, n)
	for range n {
		go func() { answers <- come(ctx, s, "") }()
		synctest.Wait() // one after the other, so that the order of the line is known
	}
	return answers
}

func TestSlotIsHandedOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlots(1, 10, time.Minute)
		if err := come(t.Context(), s, ""); err != nil {
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
			s.gone("", 0)
			if err := <-answers; err != nil {
				t.Error(err)
			}
		}
		s.gone("", 0)
		if s.inside != 0 || len(s.here) != 0 {
			t.Errorf("%d are said to be here", s.inside)
		}
		if s.busy != 0 || s.line.len() != 0 {
			t.Errorf("%d busy, %d in line", s.busy, s.line.len())
		}
	})
}

func TestCancelledWaiterLeavesTheLine(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlots(1, 10, time.Minute)
		if err := come(t.Context(), s, ""); err != nil {
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
		if err := come(ctx, s, ""); !errors.Is(err, context.Canceled) {
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
		answers := make(chan error, 3)
		for _, address := range []string{"a", "b", "c"} {
			go func() { answers <- come(t.Context(), s, address) }()
			synctest.Wait()
		}
		if err := come(t.Context(), s, "d"); !errors.Is(err, ErrBusy) {
			t.Errorf("the third in a line of two got %v", err)
		}
		if err := <-answers; err != nil {
			t.Error(err)
		}
		s.close()
		for range 2 {
			if err := <-answers; !errors.Is(err, ErrClosed) {
				t.Errorf("at the end: %v", err)
			}
		}
	})
}

// A line that grows slow while a flood stands in it is open to others all the same.
func TestASlowFloodIsOpenToOthers(t *testing.T) {
	s := newSlots(1, 100, 5*time.Second)
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
	s := newSlots(1, 4, time.Hour)
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
		s := newSlots(1, 100, time.Hour)
		var mu sync.Mutex
		var turns []string
		told := func() []string {
			mu.Lock()
			defer mu.Unlock()
			return slices.Clone(turns)
		}
		ask := func(address string, n int) (refused int) {
			for range n {
				if err := s.enter(address); err != nil {
					refused++
					continue
				}
				go func() {
					if err := s.acquire(t.Context(), address); err == nil {
						mu.Lock()
						turns = append(turns, address)
						mu.Unlock()
						time.Sleep(time.Second)
						s.gone(address, time.Second)
					}
				}()
				synctest.Wait()
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
		synctest.Wait()
		if got := strings.Join(told(), ", "); got != "flood, flood, other flood, user, another, flood" {
			t.Errorf("the turns are %s", got)
		}
		time.Sleep(200 * time.Second)
		synctest.Wait()
		if len(told()) != 50+33+2 || s.inside != 0 || s.line.len() != 0 || len(s.line.groups) != 0 || s.line.turns.Len() != 0 {
			t.Errorf("%d turns, %d inside, %d in line", len(told()), s.inside, s.line.len())
		}
	})
}

func TestHopelessWaitIsRefusedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSlots(2, 100, 5*time.Second)
		s.took = 4 * time.Second // so one place in line
		for range 2 {
			if err := come(t.Context(), s, ""); err != nil {
				t.Fatal(err)
			}
		}
		answers := make(chan error, 1)
		go func() { answers <- come(t.Context(), s, "a") }()
		synctest.Wait()
		start := time.Now()
		err := come(t.Context(), s, "b")
		var busy *BusyError
		if !errors.As(err, &busy) || busy.RetryAfter != 4*time.Second {
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
		if s.line.len() != 0 || s.inside != 2 {
			t.Errorf("%d still in line, %d inside", s.line.len(), s.inside)
		}
	})
}

func TestMeasuredTimeMovesTheEstimate(t *testing.T) {
	s := newSlots(1, 100, time.Second)
	for range 100 {
		s.busy = 1
		s.release(2 * time.Second)
	}
	if err := s.enter("a"); err != nil {
		t.Errorf("a free slot: %v", err)
	}
	if err := s.enter("b"); !errors.Is(err, ErrBusy) {
		t.Errorf("hashes of 2 s against a patience of 1 s: %v", err)
	}
}

func TestClosedSlots(t *testing.T) {
	s := newSlots(1, 1, time.Second)
	s.close()
	if err := come(t.Context(), s, ""); !errors.Is(err, ErrClosed) {
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
			address := string(rune('a' + i%7))
			if come(ctx, s, address) == nil {
				step(1)
				step(-1)
				s.gone(address, time.Microsecond)
			}
		})
	}
	group.Wait()
	if most > 3 || s.busy != 0 || s.line.len() != 0 || len(s.line.groups) != 0 || s.inside != 0 || len(s.here) != 0 {
		t.Errorf("%d at once, %d busy, %d in line at the end", most, s.busy, s.line.len())
	}
}
