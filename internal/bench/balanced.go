package main

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
)

// twoInstances is compared with one, each behind a balancer of its own.
const twoInstances = "two instances"

// behind are the workloads that are measured so: one that leans on the database,
// one on the processor, and what a site gets to see.
var behind = []string{"GET /get-session", "POST /sign-in/email", mixed}

// instances measures one and two instances of sallyport on the same database, each
// behind a balancer, with the same load. On one machine they share its cores: what
// is seen is what a second instance costs there, and what the balancer does.
func (b *bench) instances(ctx context.Context) error {
	i := slices.IndexFunc(b.subjects, func(s subject) bool { return s.name == ours })
	if i < 0 {
		return errors.New("-balanced needs sallyport among -subjects")
	}
	var all []contestant
	for n, name := range []string{"one instance", twoInstances} {
		r, stop, err := startBalanced(ctx, b.subjects[i].under(crowded), n+1)
		defer stop()
		if err != nil {
			return err
		}
		r.name = name
		c := contestant{running: r}
		if err := c.meet(ctx); err != nil {
			return err
		}
		all = append(all, c)
	}
	for _, w := range workloads {
		if !slices.Contains(behind, w.name) {
			continue
		}
		for _, n := range w.connections() {
			r, err := compare(ctx, w, all, b.rounds, load{connections: n, duration: b.duration})
			if err != nil {
				return err
			}
			r.Name += ", behind a balancer"
			r.Target, r.Reached = nil, ""
			b.add(r)
		}
	}
	b.report.foot()
	return nil
}

// startBalanced starts instances and a balancer in front of them. stop must be
// called in any case.
func startBalanced(ctx context.Context, s subject, instances int) (front *running, stop func(), err error) {
	var all []*running
	stop = func() {
		for _, r := range all {
			r.stop()
		}
	}
	var addresses []string
	for range instances {
		r, err := s.start(ctx)
		if err != nil {
			return nil, stop, err
		}
		all, addresses = append(all, r), append(addresses, r.address)
	}
	self, err := os.Executable()
	if err != nil {
		return nil, stop, err
	}
	before := s
	before.serve, before.env = []string{self}, []string{balancerFor + "=" + strings.Join(addresses, ",")}
	front, err = before.start(ctx)
	if err != nil {
		return nil, stop, err
	}
	front.behind = slices.Clone(all)
	all = append(all, front)
	return front, stop, nil
}
