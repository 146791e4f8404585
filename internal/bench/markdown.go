package main

import (
	"fmt"
	"slices"
	"strings"
)

// markdown is the results as tables.
func (r results) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s; %s; %d users, %d sessions; %d rounds of %.1f s (%.1f s with password hashes), %d connections unless stated. Median [lowest..highest round].\n\n",
		r.Machine, r.Postgres, r.Users, r.Sessions, r.Rounds, r.Seconds, r.Seconds*slowFactor, usual)
	line(&b, append(append([]string{"what"}, r.Subjects...), "ratio", "must / goal / beyond", "reached", "load")...)
	line(&b, strings.Split(strings.Repeat("---,", len(r.Subjects)+4)+"---", ",")...)
	for _, row := range r.Rows {
		cells := []string{row.Name + ", " + row.Unit}
		for _, subject := range r.Subjects {
			cells = append(cells, row.published(subject))
		}
		line(&b, append(cells, row.ratioText(), targetText(row.Target), row.Reached, fmt.Sprintf("%.1f", row.Load))...)
	}
	if len(r.Limits) > 0 {
		b.WriteString("\nLimits of the same machine in the same run:\n\n")
		line(&b, "what", "value", "load")
		line(&b, "---", "---", "---")
		for _, l := range r.Limits {
			line(&b, l.Name, l.Value.String()+" "+l.Unit, fmt.Sprintf("%.1f", l.Load))
		}
	}
	return b.String()
}

func line(b *strings.Builder, cells ...string) {
	fmt.Fprintf(b, "| %s |\n", strings.Join(cells, " | "))
}

// unpublished are the rows whose figures of the original are on no page: they would tell what it takes to
// keep it from answering.
var unpublished = []string{rowFloodP50, rowFloodP99, rowFloodSignIns}

// published is the cell of a subject as the page has it.
func (r row) published(subject string) string {
	if subject != ours && slices.Contains(unpublished, r.Name) {
		return "not published"
	}
	return r.text(subject)
}

// text is the cell of a subject, with the latencies and the processor time of a request.
func (r row) text(subject string) string {
	c := r.cell(subject)
	if c == nil {
		return ""
	}
	text := c.Value.String()
	if c.P99 > 0 {
		text += fmt.Sprintf("; p50 %s, p99 %s ms; CPU %s s/1000", number(c.P50), number(c.P99), number(c.CPU))
	}
	if c.Refused > 0 {
		text += fmt.Sprintf("; %d refused", c.Refused)
	}
	return text
}

func (r row) ratioText() string {
	c := r.cell("original")
	switch {
	case c == nil, c.Ratio == nil, slices.Contains(unpublished, r.Name):
		return ""
	case !r.Counts:
		return "(" + c.Ratio.String() + ")"
	default:
		return c.Ratio.String()
	}
}

func targetText(t *target) string {
	if t == nil {
		return ""
	}
	return t.String()
}
