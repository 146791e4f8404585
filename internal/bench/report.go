package main

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// report prints results as they come, the servers side by side.
type report struct {
	out   io.Writer
	worst float64 // the highest load average seen
}

func (p *report) head(r results) {
	fmt.Fprintf(p.out, "%s, load average %.2f at the start\n", r.Machine, loadAverage())
	fmt.Fprintf(p.out, "%s\n%d users, %d sessions\n", r.Postgres, r.Users, r.Sessions)
	fmt.Fprintf(p.out, "%d connections unless stated, %d rounds of %.1f s (%.1f s with password hashes), median [lowest..highest round]\n\n",
		usual, r.Rounds, r.Seconds, r.Seconds*slowFactor)
}

// row prints one quantity.
func (p *report) row(r row) {
	p.worst = max(p.worst, r.Load)
	fmt.Fprintf(p.out, "%s (load %.1f)\n", r.Name, r.Load)
	t := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	for _, c := range r.Cells {
		fmt.Fprintf(t, "  %s\t%s %s\t[%s..%s]\t", c.Subject, number(c.Value.Median), r.Unit, number(c.Value.Low), number(c.Value.High))
		if c.P99 > 0 {
			fmt.Fprintf(t, "p50 %s ms\tp99 %s ms\tCPU %s s/1000\t", number(c.P50), number(c.P99), number(c.CPU))
		}
		fmt.Fprintln(t)
	}
	_ = t.Flush()
	for _, c := range r.Cells {
		if c.Refused > 0 {
			fmt.Fprintf(p.out, "  %s refused %d requests with 503, which are not counted above\n", c.Subject, c.Refused)
		}
	}
	for _, c := range r.Cells {
		if c.Ratio != nil {
			fmt.Fprintf(p.out, "  => better than the %s: x %s%s\n", c.Subject, c.Ratio, doubt(r))
		}
	}
	if r.Target != nil && r.Reached != "" {
		fmt.Fprintf(p.out, "  target: %s: %s\n", r.Target, r.Reached)
	}
	fmt.Fprintln(p.out)
}

// doubt marks a ratio that does not count.
func doubt(r row) string {
	if r.Counts {
		return ""
	}
	return " (does not count: the machine was busy)"
}

// limit prints what the machine can do at best.
func (p *report) limit(l limit) {
	fmt.Fprintf(p.out, "limit: %s: %s %s (load %.1f)\n", l.Name, l.Value, l.Unit, l.Load)
}

// foot says whether the ratios may be believed.
func (p *report) foot() {
	fmt.Fprintf(p.out, "\nhighest load average %.2f, the servers' own share included\n", p.worst)
	if p.worst >= busyLoad {
		fmt.Fprintf(p.out, "WARNING: from %d on ratios are not to be trusted; measure on a quiet machine\n", busyLoad)
	}
}
