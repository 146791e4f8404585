package throttle

import (
	"context"
	"sync"
)

// line lets one at a time do something about a key; the others wait.
type line struct {
	mu   sync.Mutex
	keys map[string]*place
}

// place is a key that somebody is busy with.
type place struct {
	turn chan struct{} // holds a value while it is nobody's turn
	here int           // who waits, and whose turn it is
}

// enter waits for the caller's turn, which ends with leave.
func (l *line) enter(ctx context.Context, key string) (leave func(), err error) {
	l.mu.Lock()
	if l.keys == nil {
		l.keys = map[string]*place{}
	}
	p := l.keys[key]
	if p == nil {
		p = &place{turn: make(chan struct{}, 1)}
		p.turn <- struct{}{}
		l.keys[key] = p
	}
	p.here++
	l.mu.Unlock()
	select {
	case <-p.turn:
		return func() { p.turn <- struct{}{}; l.gone(key, p) }, nil
	case <-ctx.Done():
		l.gone(key, p)
		return nil, ctx.Err()
	}
}

func (l *line) gone(key string, p *place) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p.here--; p.here == 0 {
		delete(l.keys, key)
	}
}
