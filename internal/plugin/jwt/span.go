package jwt

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// spanPattern is the form of a span of time in the original's utils/time.
var spanPattern = regexp.MustCompile(`(?i)^(\+|-)? ?(\d+|\d+\.\d+) ?(seconds?|secs?|s|minutes?|mins?|m|hours?|hrs?|h|days?|d|weeks?|w|months?|mo|years?|yrs?|y)(?: (ago|from now))?$`)

// spanUnits are the lengths of units in seconds. A month is 30 days and a year
// 365.25, as in the original.
var spanUnits = []struct {
	prefix  string
	seconds float64
}{
	{"mo", 30 * 86400}, {"mi", 60}, {"m", 60}, {"s", 1}, {"h", 3600}, {"d", 86400}, {"w", 7 * 86400}, {"y", 365.25 * 86400},
}

// parseSpan reads a span such as "15m", "1 hour" or "2 days ago" as a number of
// seconds, rounded; one in the past is negative.
func parseSpan(text string) (int64, error) {
	m := spanPattern.FindStringSubmatch(text)
	if m == nil || m[1] != "" && m[4] != "" {
		return 0, fmt.Errorf("%q is no span of time: write one like 15m, 1 hour or 7d", text)
	}
	n, err := strconv.ParseFloat(m[2], 64)
	if err != nil {
		return 0, fmt.Errorf("%q is no span of time: %w", text, err)
	}
	seconds := n * unitSeconds(strings.ToLower(m[3]))
	if seconds > math.MaxInt32*100 {
		return 0, fmt.Errorf("%q is too long a span of time", text)
	}
	if m[1] == "-" || strings.EqualFold(m[4], "ago") {
		seconds = -seconds
	}
	// JavaScript rounds halves up, also below zero.
	return int64(math.Floor(seconds + 0.5)), nil
}

func unitSeconds(unit string) float64 {
	for _, u := range spanUnits {
		if strings.HasPrefix(unit, u.prefix) {
			return u.seconds
		}
	}
	return 0
}
