package throttle

import "time"

// The rule: from the tenth failure within the window on, the next try has to
// wait, a second at first and twice as long after each further failure.
const (
	window   = 15 * time.Minute
	freeFor  = 10
	shortest = time.Second
	longest  = time.Minute
	// clocksDiffer is how far another instance's clock may be ahead of ours. A
	// try from later than that is a mistake, and counts for nothing.
	clocksDiffer = time.Minute
)

// pause is for how long no try follows the last of some failures.
func pause(failures int) time.Duration {
	if failures < freeFor {
		return 0
	}
	p := shortest
	for range failures - freeFor {
		if p *= 2; p >= longest {
			return longest
		}
	}
	return p
}

// pauses lists the pauses in seconds after 1, 2, ... failures, up to the first
// of the longest.
func pauses() []float64 {
	var out []float64
	for n := 1; ; n++ {
		p := pause(n)
		out = append(out, p.Seconds())
		if p == longest {
			return out
		}
	}
}

// counter is what is known of the tries against an account.
type counter struct {
	// tried is how many failures there were within the window, the tries among
	// them whose outcome is not known.
	tried int
	// open is how many those are.
	open int
	last time.Time
}

// newCounter looks at tries as they are kept.
func newCounter(tried []time.Time, open int, now time.Time) counter {
	c := counter{open: open}
	for _, t := range tried {
		if !t.After(now.Add(-window)) || t.After(now.Add(clocksDiffer)) {
			continue
		}
		c.tried++
		if t.After(c.last) {
			c.last = t
		}
	}
	if c.last.After(now) { // another instance's clock
		c.last = now
	}
	return c
}

// after tells how long the next try has to wait; zero when it has not.
func (c counter) after(now time.Time) time.Duration {
	return max(0, c.last.Add(pause(c.tried)).Sub(now))
}

// undecided tells whether the next try has to wait only because of others that
// may turn out to be right.
func (c counter) undecided() bool { return c.open > 0 && c.tried-c.open < freeFor }
