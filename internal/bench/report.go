package main

import (
	"fmt"
	"io"
	"runtime"
	"text/tabwriter"
	"time"
)

// busyLoad is the load average from which ratios mean nothing: a program with
// many threads gets more of a crowded machine than one with a single thread.
const busyLoad = 4

// report prints results as they come, the servers side by side.
type report struct {
	out   io.Writer
	names []string
	worst float64 // the highest load average seen
}

func (p *report) head(o options) {
	fmt.Fprintf(p.out, "%s/%s, %d CPUs, load average %.2f at the start\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), loadAverage())
	fmt.Fprintf(p.out, "%d users, %d sessions\n", o.volume.users, o.volume.sessions)
	fmt.Fprintf(p.out, "%d connections, %d rounds of %s (%s with password hashes), median [lowest..highest round]\n\n",
		o.connections, o.rounds, o.duration, o.duration*slowFactor)
}

// rates prints a comparison of requests per second.
func (p *report) rates(c comparison) {
	p.worst = max(p.worst, c.load)
	fmt.Fprintf(p.out, "%s (load %.1f)\n", c.name, c.load)
	t := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for i, samples := range c.samples {
		rate := spreadOf(each(samples, func(s sample) float64 { return s.rate() }))
		p50 := spreadOf(each(samples, func(s sample) time.Duration { return s.p50 })).median
		p99 := spreadOf(each(samples, func(s sample) time.Duration { return s.p99 })).median
		cpu := spreadOf(each(samples, func(s sample) time.Duration { return s.cpu })).median
		fmt.Fprintf(t, "  %s\t%s req/s\t[%s..%s]\tp50 %s ms\tp99 %s ms\tCPU %s ms\t\n", p.names[i],
			number(rate.median), number(rate.low), number(rate.high), milliseconds(p50), milliseconds(p99), milliseconds(cpu))
	}
	_ = t.Flush()
	p.refusals(c)
	if len(c.samples) == 2 {
		p.ratio("more requests", ratios(c.samples[1], c.samples[0], sample.rate))
	}
}

// refusals prints which servers refused requests, if any.
func (p *report) refusals(c comparison) {
	for i, samples := range c.samples {
		refused := 0
		for _, s := range samples {
			refused += s.refused
		}
		if refused > 0 {
			fmt.Fprintf(p.out, "  %s refused %d requests with 503, which are not counted above\n", p.names[i], refused)
		}
	}
}

// starts prints how long servers take to start and what they occupy then.
func (p *report) starts(all [][]begin) {
	p.quantity("start to first 200, migrated database", all, "ms", func(b begin) float64 { return float64(b.took) / float64(time.Millisecond) }, "faster")
	p.quantity("resident memory, idle", all, "MiB", func(b begin) float64 { return float64(b.rss) / (1 << 20) }, "less")
}

func (p *report) quantity(title string, all [][]begin, unit string, value func(begin) float64, verb string) {
	fmt.Fprintln(p.out, title)
	t := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for i, begins := range all {
		s := spreadOf(each(begins, value))
		fmt.Fprintf(t, "  %s\t%s %s\t[%s..%s]\t\n", p.names[i], number(s.median), unit, number(s.low), number(s.high))
	}
	_ = t.Flush()
	if len(all) == 2 {
		p.ratio(verb, ratios(all[0], all[1], value))
	}
}

func (p *report) ratio(what string, s spread[float64]) {
	fmt.Fprintf(p.out, "  => %s: x %s [%s..%s]\n\n", what, number(s.median), number(s.low), number(s.high))
}

// foot says whether the ratios may be believed.
func (p *report) foot() {
	fmt.Fprintf(p.out, "highest load average %.2f, the servers' own share included\n", p.worst)
	if p.worst > busyLoad {
		fmt.Fprintf(p.out, "WARNING: above %d the ratios are not to be trusted; measure on a quiet machine\n", busyLoad)
	}
}

// ratios divides the values of two servers round by round.
func ratios[S any](above, below []S, value func(S) float64) spread[float64] {
	var all []float64
	for i := range above {
		all = append(all, value(above[i])/value(below[i]))
	}
	return spreadOf(all)
}

func each[S, T any](list []S, value func(S) T) []T {
	var all []T
	for _, v := range list {
		all = append(all, value(v))
	}
	return all
}

// number writes three significant digits.
func number(v float64) string {
	switch {
	case v >= 100:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	default:
		return fmt.Sprintf("%.2f", v)
	}
}

func milliseconds(d time.Duration) string {
	return number(float64(d) / float64(time.Millisecond))
}
