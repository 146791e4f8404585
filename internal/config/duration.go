package config

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"time"
)

// Duration is a length of time as the file writes it: a number of seconds, or a number and a unit as in
// "15m" or "7d". Underneath it is a time.Duration.
type Duration time.Duration

// Seconds returns the whole seconds in d, rounded down, the unit of Better Auth's options.
func (d Duration) Seconds() int64 { return int64(time.Duration(d) / time.Second) }

// Std returns d as a time.Duration.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// String writes d as time.Duration does.
func (d Duration) String() string { return time.Duration(d).String() }

// maxSeconds keeps a number of seconds within what a time.Duration can hold.
const maxSeconds = int64(math.MaxInt64 / int64(time.Second))

var spanForm = regexp.MustCompile(`^([0-9]{1,18}) ?(ms|s|m|h|d|w)$`)

var spanUnits = map[string]time.Duration{
	"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour,
	"d": 24 * time.Hour, "w": 7 * 24 * time.Hour,
}

// ParseDuration reads "15m", "7d" or a bare number of seconds such as "900".
func ParseDuration(text string) (Duration, error) {
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return secondsDuration(seconds)
	}
	parts := spanForm.FindStringSubmatch(text)
	if parts == nil {
		return 0, errDurationForm
	}
	count, err := strconv.ParseInt(parts[1], 10, 64)
	unit := spanUnits[parts[2]]
	if err != nil || count > math.MaxInt64/int64(unit) {
		return 0, errDurationRange
	}
	return Duration(count) * Duration(unit), nil
}

var (
	errDurationForm  = fmt.Errorf(`must be a number of seconds, or a number and a unit such as "15m" or "7d"`)
	errDurationRange = fmt.Errorf("is longer than 292 years")
)

func secondsDuration(seconds int64) (Duration, error) {
	if seconds > maxSeconds || seconds < -maxSeconds {
		return 0, errDurationRange
	}
	return Duration(seconds) * Duration(time.Second), nil
}
