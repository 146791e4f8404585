package main

import (
	"context"
	"time"
)

// sample is one round of one workload on one server.
type sample struct {
	outcome
	cpu time.Duration // of the server's processes, per request
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

// contestant is a server that is ready to be pressed.
type contestant struct {
	*running
	people []person
}

// compare runs the rounds of one workload. samples[i][r] is of server i in round r.
func compare(ctx context.Context, w workload, all []contestant, rounds int, l load) (row, error) {
	samples := make([][]sample, len(all))
	highest := 0.0
	if w.slow {
		l.duration *= slowFactor
	}
	for round := range rounds {
		for _, i := range order(len(all), round) {
			s, err := all[i].measure(ctx, w, l)
			if err != nil {
				return row{}, err
			}
			samples[i] = append(samples[i], s)
			highest = max(highest, loadAverage())
		}
	}
	return rateRow(w.under(l.connections), all, samples, highest), nil
}

// rateRow is the row of requests in a second.
func rateRow(name string, all []contestant, samples [][]sample, load float64) row {
	values := each(samples, func(of []sample) []float64 { return each(of, func(s sample) float64 { return s.rate() }) })
	r := newRow(name, "req/s", false, each(all, func(c contestant) string { return c.name }), values, load)
	for i := range r.Cells {
		c := &r.Cells[i]
		c.P50 = medianOf(samples[i], func(s sample) time.Duration { return s.p50 })
		c.P99 = medianOf(samples[i], func(s sample) time.Duration { return s.p99 })
		// Milliseconds for a request are seconds for a thousand.
		c.CPU = medianOf(samples[i], func(s sample) time.Duration { return s.cpu })
		for _, s := range samples[i] {
			c.Refused += s.refused
		}
	}
	return r
}

// medianOf is in milliseconds.
func medianOf(samples []sample, value func(sample) time.Duration) float64 {
	return spreadOf(each(samples, func(s sample) float64 { return milliseconds(value(s)) })).Median
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// slowFactor stretches rounds of password hashes: at some ten a second a short
// one has too few.
const slowFactor = 3

// measure presses one server for one round.
func (c contestant) measure(ctx context.Context, w workload, l load) (sample, error) {
	l.address, l.once = c.address, w.once > 0
	drafts, err := w.drafts(ctx, c, 1+int(float64(w.once)*l.duration.Seconds()))
	if err != nil {
		return sample{}, namedError(c.name, err)
	}
	before := processorTime(c.processes()...)
	o, err := l.run(ctx, allTo(c.address, drafts))
	if err != nil {
		return sample{}, namedError(c.name, err)
	}
	used := processorTime(c.processes()...) - before
	return sample{outcome: o, cpu: used / time.Duration(max(o.requests, 1))}, nil
}

// warmUp sends enough of everything that a just-in-time compiler has seen it, and
// a thirtieth of that where most of the work is a hash. All servers get the same.
func warmUp(ctx context.Context, c contestant, chosen []workload, connections, requests int) error {
	for _, w := range chosen {
		l := load{address: c.address, connections: connections, count: requests}
		if w.slow {
			l.count = requests / 30
		}
		drafts, err := w.drafts(ctx, c, l.count)
		if err == nil && l.count > 0 {
			_, err = l.run(ctx, allTo(c.address, drafts))
		}
		if err != nil {
			return namedError(c.name, err)
		}
	}
	return nil
}
