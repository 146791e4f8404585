package main

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// load says how hard a server is pressed. One connection sends the next
// request when it has the answer to the one before.
type load struct {
	address     string // host:port
	connections int
	duration    time.Duration // how long requests are sent
	count       int           // when above 0, this many requests in all instead
	once        bool          // ends early when every request was sent
}

// outcome is what a load measured.
type outcome struct {
	requests int // answered as they should be
	refused  int // answered 503: the server said that it has too much to do
	elapsed  time.Duration
	p50, p99 time.Duration
}

// rate is in requests per second.
func (o outcome) rate() float64 { return float64(o.requests) / o.elapsed.Seconds() }

// run sends requests, each connection the next one that nobody has taken, and
// fails at the first answer that is wrong. Refusals are counted apart, since a
// fast one is no result.
func (l load) run(ctx context.Context, requests []request) (outcome, error) {
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	workers := make([]worker, l.connections)
	begin := time.Now()
	turns := &turns{requests: requests, until: begin.Add(l.duration), count: l.count}
	if l.once && l.count == 0 {
		turns.most = len(requests)
	}
	var group sync.WaitGroup
	for i := range workers {
		w := &workers[i]
		w.address, w.turns = l.address, turns
		group.Go(func() {
			if err := w.work(ctx); err != nil {
				fail(err) // only the first one stays: the others follow from it
			}
		})
	}
	group.Wait()
	elapsed := time.Since(begin)
	var all []time.Duration
	refused := 0
	for _, w := range workers {
		all = append(all, w.times...)
		refused += w.refused
	}
	o := summary(all, elapsed)
	o.refused = refused
	return o, context.Cause(ctx)
}

// turns deals requests to connections until the time or the number is up.
type turns struct {
	requests []request
	until    time.Time
	count    int // the number instead of the time, when above 0
	most     int // the number beside the time, when above 0
	taken    atomic.Int64
}

// next gives a request, and false at the end.
func (t *turns) next() (request, bool) {
	n := int(t.taken.Add(1)) - 1
	switch {
	case t.count > 0 && n >= t.count, t.most > 0 && n >= t.most, t.count == 0 && !time.Now().Before(t.until):
		return request{}, false
	}
	return t.requests[n%len(t.requests)], true
}

func summary(times []time.Duration, elapsed time.Duration) outcome {
	slices.Sort(times)
	return outcome{requests: len(times), elapsed: elapsed, p50: quantile(times, 0.50), p99: quantile(times, 0.99)}
}

// quantile expects sorted values.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}
