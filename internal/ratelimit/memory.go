package ratelimit

import (
	"hash/maphash"
	"sync"
	"time"
)

const (
	shardCount = 32
	// shardLimit bounds what an attacker with many addresses can make us
	// remember: 100,000 counters in all, as in the original.
	shardLimit = 100_000 / shardCount
	// sweepEvery is how many decisions of a shard pass between two clearings
	// of what has expired.
	sweepEvery = 256
)

// counter is what is known of one key.
type counter struct {
	count   int
	last    time.Time // the last allowed request
	expires time.Time
}

// memory keeps counters in this process, in shards so that requests of
// different keys rarely wait for one another.
type memory struct {
	now    func() time.Time
	seed   maphash.Seed
	shards [shardCount]shard
}

type shard struct {
	mu       sync.Mutex
	counters map[string]counter
	calls    int
}

func newMemory(now func() time.Time) *memory {
	m := &memory{now: now, seed: maphash.MakeSeed()}
	for i := range m.shards {
		m.shards[i].counters = map[string]counter{}
	}
	return m
}

func (m *memory) consume(key string, r Rule) (allowed bool, retryAfter int) {
	s := &m.shards[maphash.String(m.seed, key)%shardCount]
	s.mu.Lock()
	defer s.mu.Unlock()
	now := m.now()
	s.sweep(now)
	c, known := s.counters[key]
	switch {
	case !known, !now.Before(c.expires), now.Sub(c.last) >= r.Window:
		c = counter{}
	case c.count >= r.Max:
		return false, ceilSeconds(c.last.Add(r.Window).Sub(now))
	}
	s.counters[key] = counter{count: c.count + 1, last: now, expires: now.Add(r.Window)}
	return true, 0
}

// sweep clears what has expired now and then, and makes room in a full shard by
// dropping the counter that would expire first.
func (s *shard) sweep(now time.Time) {
	s.calls++
	if s.calls%sweepEvery != 0 && len(s.counters) < shardLimit {
		return
	}
	var oldest string
	for key, c := range s.counters {
		if !now.Before(c.expires) {
			delete(s.counters, key)
			continue
		}
		if oldest == "" || c.expires.Before(s.counters[oldest].expires) {
			oldest = key
		}
	}
	if len(s.counters) >= shardLimit {
		delete(s.counters, oldest)
	}
}

func ceilSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }

// Len is how many counters are kept, for tests and metrics.
func (l *Limiter) Len() int {
	n := 0
	for i := range l.memory.shards {
		s := &l.memory.shards[i]
		s.mu.Lock()
		n += len(s.counters)
		s.mu.Unlock()
	}
	return n
}
