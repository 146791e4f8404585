package main

import (
	"context"
	"sync"
	"time"
)

// Names of rows.
const (
	rowCalmP99      = "get-session asked 20 times a second, calm: p99"
	rowFloodP99     = "get-session asked 20 times a second, amid sign-ins: p99"
	rowFloodP50     = "get-session asked 20 times a second, amid sign-ins: p50"
	rowFloodSignIns = "sign-ins finished meanwhile"
)

// flood is a crowd that signs in, each at an address of its own, and comes again as soon as it is in.
type flood struct {
	people   int
	duration time.Duration
}

// storm is what a flood did to a server.
type storm struct {
	calm, amid outcome // of the probes
	signIns    outcome
}

// probeEvery is how often a session is asked for, whether or not the earlier answers have come.
const probeEvery = 50 * time.Millisecond

// compareFloods lets the crowd come to each server in turn.
func compareFloods(ctx context.Context, all []contestant, rounds int, f flood) ([]row, error) {
	storms := make([][]storm, len(all))
	highest := 0.0
	for round := range rounds {
		for _, i := range order(len(all), round) {
			s, err := all[i].weather(ctx, f)
			if err != nil {
				return nil, namedError(all[i].name, err)
			}
			storms[i] = append(storms[i], s)
			highest = max(highest, loadAverage())
		}
	}
	return floodRows(all, storms, highest), nil
}

func floodRows(all []contestant, storms [][]storm, load float64) []row {
	of := func(name, unit string, less bool, value func(storm) float64) row {
		values := each(storms, func(list []storm) []float64 { return each(list, value) })
		return newRow(name, unit, less, each(all, func(c contestant) string { return c.name }), values, load)
	}
	calm := of(rowCalmP99, "ms", true, func(s storm) float64 { return milliseconds(s.calm.p99) })
	p50 := of(rowFloodP50, "ms", true, func(s storm) float64 { return milliseconds(s.amid.p50) })
	p99 := of(rowFloodP99, "ms", true, func(s storm) float64 { return milliseconds(s.amid.p99) })
	if c := calm.cell(ours); c != nil {
		t := targets[rowFloodP99]
		t.Beyond = 3 * c.Value.Median
		p99.aim(t)
	}
	signIns := of(rowFloodSignIns, "sign-ins", false, func(s storm) float64 { return float64(s.signIns.requests) })
	for i := range storms {
		for _, s := range storms[i] {
			signIns.Cells[i].Refused += s.signIns.refused
		}
	}
	return []row{calm, p50, p99, signIns}
}

// weather asks for sessions while it is calm, and then amid the flood.
func (c contestant) weather(ctx context.Context, f flood) (storm, error) {
	calm, stop := context.WithTimeout(ctx, f.duration)
	before, err := c.probe(ctx, calm.Done())
	stop()
	if err != nil {
		return storm{}, err
	}
	s, err := c.flood(ctx, f, c.probe)
	s.calm = before
	return s, err
}

// probe asks for sessions until done, and waits for all answers.
func (c contestant) probe(ctx context.Context, done <-chan struct{}) (outcome, error) {
	requests := allTo(c.address, each(c.people, getSession))
	var mu sync.Mutex
	var times []time.Duration
	var failed error
	var group sync.WaitGroup
	began := time.Now()
	for i, tick := 0, time.NewTicker(probeEvery); ; i++ {
		group.Go(func() {
			w := worker{address: c.address}
			defer w.hangUp()
			begin := time.Now()
			err := w.exchange(ctx, requests[i%len(requests)])
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				failed = err
			}
			times = append(times, time.Since(begin))
		})
		select {
		case <-tick.C:
			continue
		case <-done:
		case <-ctx.Done():
		}
		tick.Stop()
		break
	}
	group.Wait()
	return summary(times, time.Since(began)), failed
}

// flood has the crowd sign in, with probes beside it where there is a probe.
func (c contestant) flood(ctx context.Context, f flood, probe func(context.Context, <-chan struct{}) (outcome, error)) (s storm, err error) {
	over := make(chan struct{})
	var group sync.WaitGroup
	var probed error
	if probe != nil {
		group.Go(func() { s.amid, probed = probe(ctx, over) })
	}
	l := load{address: c.address, connections: f.people, duration: f.duration}
	signIns, err := l.run(ctx, allTo(c.address, each(c.people, addressed(signIn))))
	close(over)
	group.Wait()
	s.signIns = signIns
	if err == nil {
		err = probed
	}
	return s, err
}
