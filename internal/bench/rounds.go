package main

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// sample is one round of one workload on one server.
type sample struct {
	outcome
	cpu time.Duration // of the server's process, per request
}

// spread is the middle of several values and how far they lie apart.
type spread[T cmp.Ordered] struct{ median, low, high T }

// spreadOf expects at least one value.
func spreadOf[T cmp.Ordered](values []T) spread[T] {
	sorted := slices.Sorted(slices.Values(values))
	return spread[T]{median: sorted[len(sorted)/2], low: sorted[0], high: sorted[len(sorted)-1]}
}

// order returns who goes first in a round: A B, then B A, then A B, so that
// neither always follows the other.
func order(n, round int) []int {
	indices := make([]int, n)
	for i := range indices {
		indices[i] = i
		if round%2 == 1 {
			indices[i] = n - 1 - i
		}
	}
	return indices
}

// comparison is what one workload gave: samples[i][r] is of server i in round r.
type comparison struct {
	name    string
	samples [][]sample
	load    float64 // the highest load average seen
}

// contestant is a server that is ready to be pressed.
type contestant struct {
	*running
	people []person
}

// compare runs the rounds of one workload.
func compare(ctx context.Context, w workload, all []contestant, rounds int, l load) (comparison, error) {
	c := comparison{name: w.name, samples: make([][]sample, len(all))}
	if w.slow {
		l.duration *= slowFactor
	}
	for round := range rounds {
		for _, i := range order(len(all), round) {
			s, err := all[i].measure(ctx, w, l)
			if err != nil {
				return c, err
			}
			c.samples[i] = append(c.samples[i], s)
			c.load = max(c.load, loadAverage())
		}
	}
	return c, nil
}

// slowFactor stretches rounds of password hashes: at some ten a second a short
// one has too few.
const slowFactor = 3

// measure presses one server for one round.
func (c contestant) measure(ctx context.Context, w workload, l load) (sample, error) {
	l.address = c.address
	before := processorTime(c.cmd.Process.Pid)
	o, err := l.run(ctx, w.requests(c.address, c.people))
	if err != nil {
		return sample{}, namedError(c.name, err)
	}
	used := processorTime(c.cmd.Process.Pid) - before
	return sample{outcome: o, cpu: used / time.Duration(max(o.requests, 1))}, nil
}

// begin is what the start of one server took and left.
type begin struct {
	took time.Duration
	rss  int64
}

// idleFor is how long a started server is left alone before its memory is read.
const idleFor = 2 * time.Second

// compareStarts starts and stops the servers in turn. The result has a list for
// each.
func compareStarts(ctx context.Context, all []subject, starts int, idle time.Duration) ([][]begin, error) {
	result := make([][]begin, len(all))
	for round := range starts {
		for _, i := range order(len(all), round) {
			r, err := all[i].start(ctx)
			if err != nil {
				return nil, err
			}
			time.Sleep(idle)
			result[i] = append(result[i], begin{took: r.took, rss: residentMemory(r.cmd.Process.Pid)})
			r.stop()
		}
	}
	return result, nil
}

// warmUp sends enough of everything that a just-in-time compiler has seen it.
// All servers get the same.
func warmUp(ctx context.Context, c contestant, l load, requests int) error {
	for _, w := range workloads {
		l.address, l.count = c.address, requests/3
		if w.slow {
			l.count = l.connections
		}
		if l.count == 0 {
			continue
		}
		if _, err := l.run(ctx, w.requests(c.address, c.people)); err != nil {
			return namedError(c.name, err)
		}
	}
	return nil
}
