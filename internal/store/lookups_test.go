package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// In these tests time is synctest's: it stands still while anything runs.

// desk is lookups over sessions that are made up, each statement of which takes a second.
type desk struct {
	*lookups
	mu      sync.Mutex
	batches [][]string
	fails   bool
}

func newDesk() *desk {
	d := &desk{}
	d.lookups = &lookups{together: d.together}
	return d
}

func (d *desk) together(ctx context.Context, tokens []string) (map[string]found, error) {
	d.mu.Lock()
	d.batches = append(d.batches, slices.Clone(tokens))
	d.mu.Unlock()
	if d.fails {
		return nil, errors.New("no")
	}
	all := map[string]found{}
	for _, token := range tokens {
		if token != "unknown" {
			all[token] = found{&Session{Token: token, Extra: []any{"asked together"}}, &User{}}
		}
	}
	select {
	case <-time.After(50 * time.Millisecond):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return all, nil
}

// answer is what somebody got who asked.
type answer struct {
	found
	err error
}

// ask asks for the session of a token and returns once that waits.
func (d *desk) ask(ctx context.Context, token string, alone time.Duration) <-chan answer {
	answers := make(chan answer, 1)
	go func() {
		f, err := d.find(ctx, token, func() (found, error) {
			time.Sleep(alone)
			return found{&Session{Token: token, Extra: []any{"asked alone"}}, &User{}}, nil
		})
		answers <- answer{f, err}
	}()
	synctest.Wait()
	return answers
}

func (a answer) String() string {
	if a.err != nil {
		return a.err.Error()
	}
	return fmt.Sprint(a.session.Token, " ", a.session.Extra[0])
}

func (d *desk) assertBatches(t *testing.T, want string) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	if got := fmt.Sprint(d.batches); got != want {
		t.Errorf("the statements for several were for %s, want %s", got, want)
	}
	if d.running != 0 || len(d.waiting) != 0 {
		t.Errorf("%d lines are taken and %d wait at the end", d.running, len(d.waiting))
	}
}

func assertAnswer(t *testing.T, answers <-chan answer, want string) {
	t.Helper()
	if got := (<-answers).String(); got != want {
		t.Errorf("the answer is %s, want %s", got, want)
	}
}

func TestWhoComesAloneAsksAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		for range 3 {
			assertAnswer(t, d.ask(t.Context(), "a", time.Minute), "a asked alone")
		}
		synctest.Wait()
		d.assertBatches(t, "[]")
	})
}

// Those who come while all lines are taken share the next statement, which begins after they have come.
func TestThoseWhoWaitShareAStatement(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		first, second := d.ask(t.Context(), "a", 10*time.Millisecond), d.ask(t.Context(), "b", 20*time.Millisecond)
		third, fourth := d.ask(t.Context(), "c", 0), d.ask(t.Context(), "unknown", 0)
		time.Sleep(15 * time.Millisecond) // a is done
		fifth, sixth := d.ask(t.Context(), "c", 0), d.ask(t.Context(), "a", 0)
		assertAnswer(t, first, "a asked alone")
		assertAnswer(t, second, "b asked alone")
		assertAnswer(t, third, "c asked together")
		assertAnswer(t, fourth, "not found")
		assertAnswer(t, fifth, "c asked together")
		assertAnswer(t, sixth, "a asked together")
		synctest.Wait()
		d.assertBatches(t, "[[c unknown] [c a]]")
	})
}

func TestTwoWithOneTokenShareNoRow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		for range lines {
			d.ask(t.Context(), "busy", time.Millisecond)
		}
		one, other := d.ask(t.Context(), "a", 0), d.ask(t.Context(), "a", 0)
		first, second := <-one, <-other
		first.session.Extra[0], first.user.Name = "changed", "changed"
		if second.session.Extra[0] != "asked together" || second.user.Name != "" || first.session == second.session {
			t.Error("what one changes in its row is in that of the other")
		}
	})
}

func TestAStatementHasABoundedShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		for range lines {
			d.ask(t.Context(), "busy", time.Millisecond)
		}
		var all []<-chan answer
		for range 2*share + 1 {
			all = append(all, d.ask(t.Context(), "a", 0))
		}
		for _, one := range all {
			assertAnswer(t, one, "a asked together")
		}
		synctest.Wait()
		var sizes []int
		for _, b := range d.batches {
			sizes = append(sizes, len(b))
		}
		if !slices.Equal(sizes, []int{share, share, 1}) {
			t.Errorf("the statements were for %d", sizes)
		}
	})
}

// Whoever gives up leaves the others' statement as it is.
func TestOneWhoLeavesEndsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		for range lines {
			d.ask(t.Context(), "busy", time.Millisecond)
		}
		leaving, cancel := context.WithCancel(t.Context())
		late, stop := context.WithTimeout(t.Context(), 2*time.Millisecond)
		defer stop()
		gone, over, stays := d.ask(leaving, "a", 0), d.ask(late, "b", 0), d.ask(t.Context(), "c", 0)
		time.Sleep(time.Millisecond)
		synctest.Wait() // the statement has begun
		cancel()
		if a := <-gone; !errors.Is(a.err, context.Canceled) {
			t.Errorf("who has left got %v", a)
		}
		if a := <-over; !errors.Is(a.err, ErrUnavailable) {
			t.Errorf("whose time is over got %v", a)
		}
		assertAnswer(t, stays, "c asked together")
	})
}

// An error is nobody's in particular, so each finds out alone.
func TestAfterAnErrorEachAsksAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		d.fails = true
		for range lines {
			d.ask(t.Context(), "busy", time.Millisecond)
		}
		one, other := d.ask(t.Context(), "a", 0), d.ask(t.Context(), "b", 0)
		assertAnswer(t, one, "a asked alone")
		assertAnswer(t, other, "b asked alone")
		synctest.Wait()
		d.assertBatches(t, "[[a b]]")
	})
}

// Where a statement does not come back, newcomers pass it by, and those who wait for it ask alone in the end.
func TestAStallHoldsNobodyForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		d.lookups.together = func(ctx context.Context, _ []string) (map[string]found, error) {
			<-ctx.Done()
			return nil, ctx.Err()
		}
		for range lines {
			d.ask(t.Context(), "busy", time.Millisecond)
		}
		waits := d.ask(t.Context(), "a", 0)
		time.Sleep(time.Millisecond)
		busy := d.ask(t.Context(), "busy", time.Minute)
		time.Sleep(2 * stalled)
		start := time.Now()
		assertAnswer(t, d.ask(t.Context(), "b", 0), "b asked alone")
		if time.Since(start) != 0 {
			t.Error("the newcomer has waited")
		}
		assertAnswer(t, waits, "a asked alone")
		if waited := time.Since(start); waited > patience {
			t.Errorf("the other one has waited for %s", waited)
		}
		<-busy
	})
}

// What Postgres refuses is asked for alone.
func TestWhatPostgresRefusesIsNotShared(t *testing.T) {
	for token, want := range map[string]bool{"abc": true, "": true, "ä": true, "a\x00b": false, "a\xffb": false} {
		if got := shareable(token); got != want {
			t.Errorf("%q: %v", token, got)
		}
	}
}
