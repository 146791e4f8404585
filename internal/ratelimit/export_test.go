package ratelimit

// Len is how many counters a limiter keeps in this process.
func (l *Limiter) Len() int { return l.fallback.len() }

func (m *Memory) len() int {
	n := 0
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		n += len(s.counters)
		s.mu.Unlock()
	}
	return n
}
