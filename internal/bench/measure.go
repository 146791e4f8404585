package main

import (
	"context"
	"slices"
)

// bench is a run under way.
type bench struct {
	options
	databases *databases
	subjects  []subject
	results   results
	report    *report
}

// add prints rows as they come.
func (b *bench) add(rows ...row) {
	for _, r := range rows {
		b.results.Rows = append(b.results.Rows, r)
		b.report.row(r)
	}
}

// measure measures all that was asked for.
func (b *bench) measure(ctx context.Context) error {
	if b.balanced {
		return b.instances(ctx)
	}
	for _, part := range []func(context.Context) error{b.begin, b.workloads, b.memory, b.overload, b.limits} {
		if err := b.settle(ctx); err != nil {
			return err
		}
		if err := part(ctx); err != nil {
			return err
		}
	}
	b.report.foot()
	return nil
}

// settle waits between rows, unless a quick look is wanted.
func (b *bench) settle(ctx context.Context) error {
	if b.short {
		return nil
	}
	return settle(ctx, loadAverage)
}

func (b *bench) begin(ctx context.Context) error {
	if !b.wants("start") {
		return nil
	}
	rows, err := compareStarts(ctx, b.subjects, b.starts, idleFor)
	if err != nil {
		return err
	}
	b.add(rows...)
	fresh, err := compareFresh(ctx, b.databases, b.subjects, b.starts)
	if err != nil {
		return err
	}
	b.add(fresh)
	if slices.Contains(b.options.subjects, ours) {
		size, err := compareSizes(b.binary)
		if err != nil {
			return err
		}
		b.add(size)
	}
	return nil
}

// workloads runs those that were chosen, on servers of each setup.
func (b *bench) workloads(ctx context.Context) error {
	chosen := slices.DeleteFunc(slices.Clone(workloads), func(w workload) bool { return !b.wants(w.name) })
	for len(chosen) > 0 {
		of := chosen[0].setup
		var same []workload
		for len(chosen) > 0 && chosen[0].setup == of {
			same, chosen = append(same, chosen[0]), chosen[1:]
		}
		if err := b.under(ctx, of, same); err != nil {
			return err
		}
	}
	return nil
}

// under measures workloads of one setup.
func (b *bench) under(ctx context.Context, of setup, chosen []workload) error {
	all, stop, err := startAll(ctx, b.subjects, of, chosen, b.warmUp)
	defer stop()
	if err != nil {
		return err
	}
	for _, w := range chosen {
		at := w.connections()
		if b.connections != nil {
			at = b.connections
		}
		for _, n := range at {
			if err := b.settle(ctx); err != nil {
				return err
			}
			r, err := compare(ctx, w, all, b.rounds, load{connections: n, duration: b.duration})
			if err != nil {
				return err
			}
			b.add(r)
		}
	}
	return nil
}

func (b *bench) memory(ctx context.Context) error {
	if !b.wants("memory") || b.short && b.only == "" {
		return nil
	}
	rows, err := compareMemory(ctx, b.subjects, b.rounds, b.options)
	b.add(rows...)
	return err
}

func (b *bench) overload(ctx context.Context) error {
	if !b.wants("overload") {
		return nil
	}
	all, stop, err := startAll(ctx, b.subjects, crowded, workloads[1:2], b.warmUp)
	defer stop()
	if err != nil {
		return err
	}
	rows, err := compareFloods(ctx, all, b.rounds, b.flood)
	b.add(rows...)
	return err
}

// startAll starts the servers, finds the people of each and warms them up. stop
// must be called in any case.
func startAll(ctx context.Context, subjects []subject, of setup, chosen []workload, requests int) (all []contestant, stop func(), err error) {
	stop = func() {
		for _, c := range all {
			c.stop()
		}
	}
	for _, s := range subjects {
		r, err := s.under(of).start(ctx)
		if err != nil {
			return all, stop, err
		}
		c := contestant{running: r}
		all = append(all, c)
		if err := c.meet(ctx); err != nil {
			return all, stop, err
		}
		all[len(all)-1] = c
		if err := warmUp(ctx, c, chosen, usual, requests); err != nil {
			return all, stop, err
		}
	}
	return all, stop, nil
}
