package transcript

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Difference is one place where two servers did not do the same.
type Difference struct {
	Conversation string
	// Number counts the steps from one, as placeholders do.
	Number    int
	Step      string
	What      string // "status", "body", "header location", "cookie 2", "row 1"...
	Want, Got string
}

// String is a report of several lines that shows where the two part.
func (d Difference) String() string {
	return fmt.Sprintf("%s, step %d %q: %s\n  want %s\n  got  %s\n       %s^",
		d.Conversation, d.Number, d.Step, d.What, d.Want, d.Got, strings.Repeat(" ", firstDifference(d.Want, d.Got)))
}

// firstDifference is the position, in characters, of the first that differs.
func firstDifference(a, b string) int {
	left, right := []rune(a), []rune(b)
	for i := range min(len(left), len(right)) {
		if left[i] != right[i] {
			return i
		}
	}
	return min(len(left), len(right))
}

// absent stands in a report for a value that is not there.
const absent = "(none)"

// Compare lists every difference between two recordings of one conversation.
// Headers that got has beyond want's are forgiven where the table of extra
// headers allows them, and nowhere else.
func Compare(want, got Recording) []Difference {
	var all []Difference
	for i := range max(len(want.Answers), len(got.Answers)) {
		one := comparison{conversation: want.Conversation, number: i + 1}
		switch {
		case i >= len(want.Answers):
			one.note("the whole step", absent, got.Answers[i].Step)
		case i >= len(got.Answers):
			one.note("the whole step", want.Answers[i].Step, absent)
		default:
			one.step = want.Answers[i].Step
			one.answers(want.Answers[i], got.Answers[i])
		}
		all = append(all, one.found...)
	}
	return all
}

// comparison gathers the differences of one step.
type comparison struct {
	conversation, step string
	number             int
	found              []Difference
}

func (c *comparison) note(what, want, got string) {
	if want != got {
		c.found = append(c.found, Difference{c.conversation, c.number, c.step, what, want, got})
	}
}

func (c *comparison) answers(want, got Answer) {
	c.note("step", want.Step, got.Step)
	c.note("origin sent", want.Origin, got.Origin)
	c.note("status", fmt.Sprint(want.Status), fmt.Sprint(got.Status))
	c.note("body", want.Body, got.Body)
	c.lists("cookie", want.Cookies, got.Cookies)
	c.lists("message", want.Messages, got.Messages)
	c.lists("request to a provider", want.Asked, got.Asked)
	c.lists("row", want.Rows, got.Rows)
	c.headers(want, got)
}

func (c *comparison) lists(what string, want, got []string) {
	for i := range max(len(want), len(got)) {
		left, right := absent, absent
		if i < len(want) {
			left = want[i]
		}
		if i < len(got) {
			right = got[i]
		}
		c.note(fmt.Sprintf("%s %d", what, i+1), left, right)
	}
}

func (c *comparison) headers(want, got Answer) {
	left, right := byName(want.Headers), byName(got.Headers)
	names := make([]string, 0, len(left)+len(right))
	for name := range left {
		names = append(names, name)
	}
	for name := range right {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range slices.Compact(names) {
		if slices.Equal(left[name], right[name]) || forgiven(name, left[name], right[name], got) {
			continue
		}
		c.lists("header "+name, orNone(left[name]), orNone(right[name]))
	}
}

func orNone(values []string) []string {
	if len(values) == 0 {
		return []string{absent}
	}
	return values
}

func byName(lines []string) map[string][]string {
	headers := map[string][]string{}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		headers[name] = append(headers[name], value)
	}
	return headers
}
