package ratelimit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sync/atomic"
	"time"
)

// Counter counts hits in fixed windows where several instances see them.
type Counter interface {
	// Count adds a hit to the key's window, which began with its first hit, and
	// tells whether there are at most limit of them. An error means that it
	// could not be counted.
	Count(ctx context.Context, key string, limit int, window time.Duration) (within bool, err error)
}

// Secondary is the original's storage "secondary-storage". What is refused
// counts too, and whoever is refused is told to wait a whole window.
type Secondary struct {
	counter Counter
	// fallback counts while counter cannot, in fixed windows too: under the other
	// storages' rule a client that never pauses would be refused in the end,
	// which it would not have been before.
	fallback *Memory
	unshared atomic.Int64
}

// NewSecondary makes the storage of a counter.
func NewSecondary(counter Counter, now func() time.Time) *Secondary {
	fallback := NewMemory(now)
	fallback.decide = fixedWindow
	return &Secondary{counter: counter, fallback: fallback}
}

// Consume counts a request; it never fails.
func (s *Secondary) Consume(ctx context.Context, key string, r Rule) (Decision, error) {
	within, err := s.counter.Count(ctx, printable(key), r.Max, r.Window)
	switch {
	case err != nil:
		s.unshared.Add(1)
		return s.fallback.count(key, r), nil
	case within:
		return Decision{Allowed: true}, nil
	default:
		return Decision{RetryAfter: ceilSeconds(r.Window)}, nil
	}
}

// printable bounds a key as short does, in characters that operators can read.
func printable(key string) string {
	if len(key) < longKey {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return "sha256|" + hex.EncodeToString(sum[:])
}
