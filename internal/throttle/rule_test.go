package throttle

import (
	"testing"
	"time"
)

func TestPausesDoubleToAMinute(t *testing.T) {
	t.Parallel()
	want := []float64{0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60}
	got := pauses()
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("after %d failures %g s, want %g", i+1, got[i], want[i])
		}
	}
	if p := pause(1 << 20); p != longest {
		t.Errorf("after many failures %s", p)
	}
}

func TestCountersCountWhatIsRecent(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	times := func(n int, age time.Duration) []time.Time {
		out := make([]time.Time, n)
		for i := range out {
			out[i] = now.Add(-age)
		}
		return out
	}
	for name, tt := range map[string]struct {
		tried     []time.Time
		open      int
		after     time.Duration
		undecided bool
	}{
		"nothing":              {nil, 0, 0, false},
		"nine":                 {times(9, 0), 0, 0, false},
		"ten":                  {times(10, 0), 0, time.Second, false},
		"ten a second ago":     {times(10, time.Second), 0, 0, false},
		"ten long ago":         {times(10, window), 0, 0, false},
		"nine and an old one":  {append(times(1, window), times(9, 0)...), 0, 0, false},
		"fifty":                {times(50, 10*time.Second), 0, 50 * time.Second, false},
		"ten, one open":        {times(10, 0), 1, time.Second, true},
		"eleven, one open":     {times(11, 0), 1, 2 * time.Second, false},
		"ten ahead of our own": {times(10, -time.Minute), 0, time.Second, false},
		"ten by a wrong clock": {times(10, -time.Hour), 0, 0, false},
	} {
		c := newCounter(tt.tried, tt.open, now)
		if got := c.after(now); got != tt.after || c.undecided() != tt.undecided {
			t.Errorf("%s: wait %s, undecided %v", name, got, c.undecided())
		}
	}
}
