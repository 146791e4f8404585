package mail

import (
	"sync"
	"time"
)

const (
	// maxClosed is the longest that a way is left alone after a failure. It is
	// no more than River's 5 seconds, up to which a job comes back by itself.
	maxClosed = 4 * time.Second
	// probing is how long one attempt may take that tries a way out.
	probing = sendTimeout + time.Second
)

// gate keeps attempts from a way that has failed, but for one at a time that
// finds out whether it works again.
type gate struct {
	now func() time.Time

	mu       sync.Mutex
	failures int
	until    time.Time // with failures: when the next one may try
}

// enter tells how long to wait; 0 lets the caller pass.
func (g *gate) enter() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.failures == 0 {
		return 0
	}
	if wait := g.until.Sub(g.now()); wait > 0 {
		return min(wait, maxClosed)
	}
	g.until = g.now().Add(probing)
	return 0
}

// wait is how long the way stays closed.
func (g *gate) wait() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return min(max(g.until.Sub(g.now()), 0), maxClosed)
}

// open notes that the way works, and tells whether that is news.
func (g *gate) open() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	news := g.failures > 0
	g.failures = 0
	return news
}

// close notes a failure, and tells whether that is news.
func (g *gate) close() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.failures++
	g.until = g.now().Add(min(time.Second<<min(g.failures-1, 2), maxClosed))
	return g.failures == 1
}
