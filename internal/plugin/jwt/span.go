package jwt

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// spanPattern is the form of a span of time in the original's utils/time.
var spanPattern = regexp.MustCompile(`(?i)^(\+|-)? ?(\d+|\d+\.\d+) ?(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|months?|mo|years?|yrs?|y)(?: (ago|from now))?$`)

// spanUnits are the lengths of units in milliseconds. A month is 30 days and a
// year 365.25, as in the original.
var spanUnits = []struct {
	prefix string
	ms     float64
}{
	{"mo", 30 * 86_400e3}, {"m", 60e3}, {"s", 1e3}, {"h", 3600e3}, {"d", 86_400e3}, {"w", 7 * 86_400e3}, {"y", 365.25 * 86_400e3},
}

// maxSpan is a thousand years in seconds; a longer one is a mistyped one.
const maxSpan = 1000 * 365.25 * 86400

// parseSpan reads a span such as "15m", "1 hour" or "2 days ago" as a number of
// seconds, rounded; one in the past is negative.
func parseSpan(text string) (int64, error) {
	m := spanPattern.FindStringSubmatch(text)
	if m == nil || m[1] != "" && m[4] != "" || !ascii(text) {
		return 0, fmt.Errorf("%q is no span of time: write one like 15m, 1 hour or 7d", text)
	}
	n, err := strconv.ParseFloat(m[2], 64)
	seconds := n * unitMS(strings.ToLower(m[3])) / 1e3
	if err != nil || seconds > maxSpan {
		return 0, fmt.Errorf("%q is too long a span of time", text)
	}
	// Better Auth matches the words in any case and then looks for "ago" in
	// lower case only.
	if m[1] == "-" || m[4] == "ago" {
		seconds = -seconds
	}
	// JavaScript rounds halves up, also below zero.
	return int64(math.Floor(seconds + 0.5)), nil
}

// ascii keeps out letters such as the long s, which Go's patterns take for an s
// and JavaScript's do not.
func ascii(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

func unitMS(unit string) float64 {
	for _, u := range spanUnits {
		if strings.HasPrefix(unit, u.prefix) {
			return u.ms
		}
	}
	return 0
}
