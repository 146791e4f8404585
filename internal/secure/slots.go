package secure

import (
	"container/list"
	"context"
	"sync"
	"time"
)

// slots lets a fixed number of hashes run at once and makes the others wait in line, but only as long
// as a client would: whoever cannot be served within maxWait is told so at once. Whoever has entered
// has a place, also while looking up what to hash, so that a crowd is refused before it looks.
type slots struct {
	size    int
	limit   int
	maxWait time.Duration

	mu     sync.Mutex
	busy   int
	line   queue
	here   map[string]int // who has entered, by address
	inside int            // how many that are
	took   time.Duration  // running mean of what one hash takes
	closed bool
}

// waiter is one hash in line. Its channel is closed when it has been given a slot, or has been
// refused because the server stops; err tells which.
type waiter struct {
	ready   chan struct{}
	err     error
	address string
	place   *list.Element // in the queue
}

// firstGuess stands for the time of one hash until one has been measured.
const firstGuess = 100 * time.Millisecond

func newSlots(size, limit int, maxWait time.Duration) *slots {
	return &slots{size: size, limit: limit, maxWait: maxWait, took: firstGuess, here: map[string]int{}}
}

// enter takes a place for an address, which exit gives up. An error means that there is none: a
// *BusyError or ErrClosed.
func (s *slots) enter(address string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return ErrClosed
	case s.inside >= s.size && !s.hasRoom(address):
		return s.busyError()
	}
	s.here[address]++
	s.inside++
	return nil
}

// hasRoom tells whether the line has a place for an address. No more may wait than limit, each address
// may have as many places as if there were one more, so that there is room for whoever comes next, and
// nobody comes in whose turn is more than maxWait away. The caller holds mu.
func (s *slots) hasRoom(address string) bool {
	mine, others := s.here[address], len(s.here)
	if mine > 0 {
		others--
	}
	// Addresses take turns, so that of each no more are ahead than there will be of this one.
	ahead := 0
	for _, n := range s.here {
		ahead += min(n, mine+1)
	}
	turn := time.Duration(ahead+1) * s.took / time.Duration(s.size)
	return s.inside-s.size < s.limit && mine < max(1, s.limit/(others+2)) && turn <= s.maxWait
}

func (s *slots) exit(address string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inside--
	if s.here[address]--; s.here[address] == 0 {
		delete(s.here, address)
	}
}

// acquire returns when the caller, who has entered, may hash; it must then call release. An error means
// that it may not: the context's, a *BusyError, or ErrClosed.
func (s *slots) acquire(ctx context.Context, address string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w, err := s.stand(address)
	if err != nil || w == nil {
		return err
	}
	timeout := time.NewTimer(s.maxWait)
	defer timeout.Stop()
	select {
	case <-w.ready:
		return s.granted(ctx, w)
	case <-ctx.Done():
		return s.leave(w, ctx.Err())
	case <-timeout.C:
		return s.leave(w, s.refusal())
	}
}

// stand takes a free slot, when it returns no waiter, or stands in line.
func (s *slots) stand(address string) (*waiter, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return nil, ErrClosed
	case s.busy < s.size:
		s.busy++
		return nil, nil
	}
	w := &waiter{ready: make(chan struct{}), address: address}
	s.line.push(w)
	return w, nil
}

// granted is the end of a wait. A client that gave up at the same moment gets no hash: under a storm
// those who no longer listen would be most of the work.
func (s *slots) granted(ctx context.Context, w *waiter) error {
	if w.err != nil {
		return w.err
	}
	if err := ctx.Err(); err != nil {
		s.release(0)
		return err
	}
	return nil
}

// leave gives up waiting. A slot granted meanwhile is passed on.
func (s *slots) leave(w *waiter, reason error) error {
	s.mu.Lock()
	removed := s.line.remove(w)
	s.mu.Unlock()
	if !removed && w.err == nil {
		s.release(0)
	}
	return reason
}

// release hands the slot to the next in line. took is what the hash took, zero when there was none.
func (s *slots) release(took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if took > 0 {
		s.took += (took - s.took) / 8
	}
	if next := s.line.pop(); next != nil {
		close(next.ready)
		return
	}
	s.busy--
}

// close refuses everybody who waits and whoever comes later; running hashes end undisturbed.
func (s *slots) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for w := s.line.pop(); w != nil; w = s.line.pop() {
		w.err = ErrClosed
		close(w.ready)
	}
}

// wait estimates how long one more would wait. The caller holds mu.
func (s *slots) wait() time.Duration {
	return time.Duration(max(0, s.inside-s.size)+1) * s.took / time.Duration(s.size)
}

func (s *slots) refusal() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.busyError()
}

// busyError advises to come back when today's line will be gone. The caller holds mu.
func (s *slots) busyError() error {
	seconds := (s.wait() + time.Second - 1) / time.Second
	return &BusyError{RetryAfter: max(1, seconds) * time.Second}
}

// numbers is how many hashes run and how many wait.
func (s *slots) numbers() (running, waiting int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.busy, s.line.len()
}
