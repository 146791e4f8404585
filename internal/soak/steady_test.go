package soak

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"
)

// TestR23MemoryAndGoroutinesStayBounded works on an instance with everything at
// once, and looks at what it holds.
func TestR23MemoryAndGoroutinesStayBounded(t *testing.T) {
	t.Parallel()
	i := newSite(t, basic, "").serve()
	begin := i.usage()
	w := newWork(t, i)
	w.begin(2, 10*time.Millisecond, func(client, round int) { w.errs(fmt.Sprintf("nobody%d-%d@example.test", client, round)) })
	time.Sleep(pick(5*time.Second, time.Minute))
	var samples []usage
	for end := time.Now().Add(pick(15*time.Second, 9*time.Minute)); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		samples = append(samples, i.usage())
	}
	right, refused := w.finish()
	third := len(samples) / 3
	early, late := middle(samples[:third]), middle(samples[2*third:])
	// The memory that a hash needs comes and goes; the collector lets the heap
	// double before it works.
	if late.memory > early.memory*pick(1.5, 1.15)+float64(pick(32<<20, 8<<20)) {
		t.Errorf("memory grew from %s to %s", mebibytes(early.memory), mebibytes(late.memory))
	}
	if late.goroutines > early.goroutines+20 || late.files > early.files+20 {
		t.Errorf("from %+v to %+v", early, late)
	}
	within(t, "the goroutines of before", func() bool {
		now := i.usage()
		return now.goroutines <= begin.goroutines+10 && now.files <= begin.files+15
	})
	row(t, "R23", "%d right answers, %d refused: memory %s, then %s; goroutines %v, then %v; files %v, then %v",
		len(right), refused, mebibytes(early.memory), mebibytes(late.memory), early.goroutines, late.goroutines, early.files, late.files)
}

// errs asks for what is refused: wrong passwords, wrong bodies, wrong paths.
func (w *work) errs(email string) {
	c := newClient(w.i)
	defer c.leave()
	for _, try := range []struct {
		method, path string
		body         any
		status       int
	}{
		{http.MethodPost, api + "/sign-in/email", credentials(email), http.StatusUnauthorized},
		{http.MethodPost, api + "/sign-up/email", map[string]any{"email": 1}, http.StatusBadRequest},
		{http.MethodGet, api + "/list-sessions", nil, http.StatusUnauthorized},
		{http.MethodGet, api + "/" + email, nil, http.StatusNotFound},
		{http.MethodGet, "/", nil, http.StatusNotFound},
	} {
		a := c.ask(w.t.Context(), try.method, try.path, try.body)
		w.take(try.path, a, a.status == try.status)
	}
}

// middle gives the median of everything.
func middle(samples []usage) usage {
	of := func(value func(usage) float64) float64 {
		var all []float64
		for _, s := range samples {
			all = append(all, value(s))
		}
		slices.Sort(all)
		return all[len(all)/2]
	}
	return usage{
		memory:     of(func(u usage) float64 { return u.memory }),
		goroutines: of(func(u usage) float64 { return u.goroutines }),
		files:      of(func(u usage) float64 { return u.files }),
	}
}

func mebibytes(bytes float64) string { return fmt.Sprintf("%.0f MiB", bytes/(1<<20)) }
