package ratelimit

import (
	"crypto/sha256"
	"hash/maphash"
	"slices"
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
	// dropShare is which part of a full shard makes room at once, so that a
	// flood of new keys does not search the whole shard for each.
	dropShare = 16
	// longKey is the length from which a key is kept by its hash. A path may be
	// as long as a request header; what we remember must not be.
	longKey = 200
)

// counter is what is known of one key.
type counter struct {
	count   int
	last    time.Time // the last allowed request
	expires time.Time
}

// Memory keeps counters in this process, in shards so that requests of
// different keys rarely wait for one another.
type Memory struct {
	now    func() time.Time
	seed   maphash.Seed
	decide func(c counter, r Rule, now time.Time) (counter, Decision)
	shards [shardCount]shard
}

type shard struct {
	mu       sync.Mutex
	counters map[string]counter
	calls    int
}

// NewMemory makes a Memory that knows no key yet, and counts as the original's
// memory does.
func NewMemory(now func() time.Time) *Memory {
	m := &Memory{now: now, seed: maphash.MakeSeed(), decide: restartingWindow}
	for i := range m.shards {
		m.shards[i].counters = map[string]counter{}
	}
	return m
}

// count counts a request.
func (m *Memory) count(key string, r Rule) Decision {
	key = short(key)
	s := &m.shards[maphash.String(m.seed, key)%shardCount]
	s.mu.Lock()
	defer s.mu.Unlock()
	now := m.now()
	if s.calls++; s.calls%sweepEvery == 0 {
		s.sweep(now)
	}
	c, known := s.counters[key]
	if !known {
		s.makeRoom(now)
	}
	c, d := m.decide(c, r, now)
	s.counters[key] = c
	return d
}

// restartingWindow begins the window anew with every request that is allowed.
func restartingWindow(c counter, r Rule, now time.Time) (counter, Decision) {
	switch {
	case !now.Before(c.expires), now.Sub(c.last) >= r.Window:
		c.count = 0
	case c.count >= r.Max:
		return c, Decision{RetryAfter: ceilSeconds(c.last.Add(r.Window).Sub(now))}
	}
	return counter{count: c.count + 1, last: now, expires: now.Add(r.Window)}, Decision{Allowed: true}
}

// fixedWindow ends the window when it would have ended at its first request, and
// counts what is refused.
func fixedWindow(c counter, r Rule, now time.Time) (counter, Decision) {
	if !now.Before(c.expires) {
		c = counter{expires: now.Add(r.Window)}
	}
	c.count, c.last = c.count+1, now
	if c.count > r.Max {
		return c, Decision{RetryAfter: ceilSeconds(r.Window)}
	}
	return c, Decision{Allowed: true}
}

// short gives a key as it is kept.
func short(key string) string {
	if len(key) < longKey {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return string(sum[:])
}

// sweep clears what has expired.
func (s *shard) sweep(now time.Time) {
	for key, c := range s.counters {
		if !now.Before(c.expires) {
			delete(s.counters, key)
		}
	}
}

// makeRoom drops what has expired from a full shard or else the counters that
// would expire first.
func (s *shard) makeRoom(now time.Time) {
	if len(s.counters) < shardLimit {
		return
	}
	if s.sweep(now); len(s.counters) < shardLimit {
		return
	}
	ends := make([]time.Time, 0, len(s.counters))
	for _, c := range s.counters {
		ends = append(ends, c.expires)
	}
	slices.SortFunc(ends, time.Time.Compare)
	until := ends[len(ends)/dropShare]
	for key, c := range s.counters {
		if !c.expires.After(until) {
			delete(s.counters, key)
		}
	}
}

func ceilSeconds(d time.Duration) int { return int((d + time.Second - 1) / time.Second) }
