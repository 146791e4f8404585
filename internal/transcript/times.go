package transcript

import (
	"fmt"
	"math"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"time"
)

// clock names a time by the step during which it was made and its distance
// from it in seconds: "<step 3>", "<step 3 +604800s>". Only distances the
// conversation knows are recognised; anything else is "<about ...>", rounded to
// the minute, and so still differs when it is wrong by more.
//
// A server may make things (its first signing key) when it starts; such a time
// is "<before step 1>".
type clock struct {
	steps   []window
	offsets []int64
}

type window struct{ from, to time.Time }

var wholeNumber = regexp.MustCompile(`\d+`)

// newClock takes the distances from the numbers and spans of the configuration;
// the others are the defaults of the contract.
func newClock(config string, further []int64) *clock {
	found := map[int64]bool{0: true}
	add := func(list ...int64) {
		for _, seconds := range list {
			found[seconds], found[-seconds] = true, true
		}
	}
	add(60, 300, 600, 900, 3600, 86400, 604800, 2592000)
	add(further...)
	for _, text := range wholeNumber.FindAllString(config, -1) {
		if n, err := strconv.ParseInt(text, 10, 32); err == nil && n >= 60 {
			add(n)
		}
	}
	c := &clock{}
	for seconds := range found {
		c.offsets = append(c.offsets, seconds)
	}
	sort.Slice(c.offsets, func(i, j int) bool {
		return math.Abs(float64(c.offsets[i])) < math.Abs(float64(c.offsets[j]))
	})
	return c
}

func (c *clock) begin(now time.Time) { c.steps = append(c.steps, window{from: now, to: now}) }

func (c *clock) end(now time.Time) { c.steps[len(c.steps)-1].to = now }

// remote is how far from the conversation a time is too far to have been made in
// it: such a time was written by a statement and is compared as it stands.
const remote = 400 * 24 * time.Hour

// name describes a time that was stored with the given grain (a millisecond in
// JSON and in rows, a second in a JWT).
func (c *clock) name(t time.Time, grain time.Duration) string {
	for _, offset := range c.offsets {
		moment := t.Add(-time.Duration(offset) * time.Second)
		for i := len(c.steps) - 1; i >= 0; i-- {
			w := c.steps[i]
			if !moment.Before(w.from.Truncate(grain)) && !moment.After(w.to) {
				return describe(i+1, offset)
			}
		}
	}
	if offset, ok := c.beforeFirst(t); ok {
		return strings.Replace(describe(1, offset), "step", "before step", 1)
	}
	distance := t.Sub(c.steps[0].from).Round(time.Minute)
	return fmt.Sprintf("<about %+ds>", int64(distance.Seconds()))
}

// startup is how long before the first step a server may have started.
const startup = 30 * time.Second

// beforeFirst finds the distance of a time made while the server started. Its
// window is wide, so only distances ahead are looked for, the longest first.
func (c *clock) beforeFirst(t time.Time) (int64, bool) {
	for i := len(c.offsets) - 1; i >= 0; i-- {
		moment := t.Add(-time.Duration(c.offsets[i]) * time.Second)
		first := c.steps[0].from
		if c.offsets[i] >= 0 && moment.Before(first) && moment.After(first.Add(-startup)) {
			return c.offsets[i], true
		}
	}
	return 0, false
}

func describe(step int, offset int64) string {
	if offset == 0 {
		return fmt.Sprintf("<step %d>", step)
	}
	return fmt.Sprintf("<step %d %+ds>", step, offset)
}

var (
	isoTime = regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`)
	rowTime = regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00$`)
)

// text names a whole text that is a time as JavaScript or Postgres writes it.
func (c *clock) text(text string) (string, bool) {
	switch {
	case isoTime.MatchString(text):
		if t, err := time.Parse("2006-01-02T15:04:05.000Z", text); err == nil && c.near(t) {
			return c.name(t, time.Millisecond), true
		}
	case rowTime.MatchString(text):
		t, err := time.Parse("2006-01-02 15:04:05.999999999-07", text)
		if err != nil || !c.near(t) {
			return "", false
		}
		name := c.name(t, time.Millisecond)
		// A value finer than JavaScript's would not survive a round trip.
		if t.Nanosecond()%int(time.Millisecond) != 0 {
			name += " finer than milliseconds"
		}
		return name, true
	}
	return "", false
}

func (c *clock) near(t time.Time) bool { return t.Sub(c.steps[0].from).Abs() < remote }

// seconds names a NumericDate of a JWT.
func (c *clock) seconds(number string) (string, bool) {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return "", false
	}
	return c.name(time.Unix(n, 0), time.Second), true
}

// during names a NumericDate by its distance from the conversation, whichever of
// its steps it was.
func (c *clock) during(number string) (string, bool) {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return "", false
	}
	from, to := c.steps[0].from.Truncate(time.Second), c.steps[len(c.steps)-1].to
	for _, offset := range c.offsets {
		if moment := time.Unix(n-offset, 0); !moment.Before(from) && !moment.After(to) {
			return strings.Replace(describe(0, offset), "step 0", "during", 1), true
		}
	}
	return "", false
}
