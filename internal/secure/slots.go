package secure

import (
	"sync"
	"time"
)

// slots lets a fixed number of cores hash and makes others wait in line, but only as long as a client
// would: whoever cannot be served within maxWait is told so at once. Whoever has entered has a place,
// also while looking up what to hash, so that a crowd is refused before it looks.
type slots struct {
	size    int
	width   int // most jobs that a slot takes at once
	limit   int
	maxWait time.Duration
	work    func([]*job) // does what a slot has taken

	mu     sync.Mutex
	busy   int // slots at work
	doing  int // jobs that they have taken
	line   queue
	here   map[string]int // who has entered, by address
	inside int            // how many that are
	took   time.Duration  // running mean of what one hash keeps a slot busy
	closed bool
}

// firstGuess stands for the time of one hash until one has been measured.
const firstGuess = 100 * time.Millisecond

func newSlots(size, width, limit int, maxWait time.Duration, work func([]*job)) *slots {
	return &slots{size: size, width: width, limit: limit, maxWait: maxWait, work: work, took: firstGuess, here: map[string]int{}}
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

// close refuses everybody who waits and whoever comes later; running hashes end undisturbed.
func (s *slots) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for j := s.line.pop(); j != nil; j = s.line.pop() {
		j.end(ErrClosed)
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
	return s.doing, s.line.len()
}
