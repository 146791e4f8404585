package transcript

import (
	"slices"
	"strconv"
	"strings"
)

// The rows of docs/compatibility.md that allow headers the original does not
// send, each named by its first words.
const (
	rowExtraHeaders = "Every answer carries `X-Content-Type-Options: nosniff`"
	rowRequestID    = "Every answer carries `X-Request-Id`"
	rowRetryAfter   = "A limited request carries the standard `Retry-After`"
	rowCORS         = "Preflights of trusted origins"
)

// extra is a header that sallyport may add to the original's answer.
type extra struct {
	row, header string
	// allows judges the header's only value, given the rest of the answer.
	allows func(value string, got Answer) bool
}

// exposed is the list of headers scripts of trusted origins may read.
var exposed = []string{"set-auth-token", "set-auth-jwt", "x-retry-after", "retry-after"}

// foreign is part of every origin that no conversation trusts.
const foreign = "evil"

// extras is the whole list; anything else is a difference.
var extras = []extra{
	{rowExtraHeaders, "x-content-type-options", func(value string, _ Answer) bool { return value == "nosniff" }},
	{rowExtraHeaders, "cache-control", func(value string, _ Answer) bool { return value == "no-store" }},
	{rowRequestID, "x-request-id", func(value string, _ Answer) bool { return value != "" }},
	{rowExtraHeaders, "referrer-policy", func(value string, _ Answer) bool { return value == "no-referrer" }},
	{rowExtraHeaders, "x-frame-options", func(value string, _ Answer) bool { return value == "DENY" }},
	{rowExtraHeaders, "content-security-policy", func(value string, _ Answer) bool {
		return value == "default-src 'none'; frame-ancestors 'none'"
	}},
	{rowRetryAfter, "retry-after", sameAsXRetryAfter},
	{rowCORS, "vary", func(value string, _ Answer) bool { return value == "Origin" }},
	{rowCORS, "access-control-allow-origin", trustedOrigin},
	{rowCORS, "access-control-allow-credentials", func(value string, got Answer) bool {
		return value == "true" && trustedOrigin(got.Origin, got)
	}},
	{rowCORS, "access-control-expose-headers", func(value string, _ Answer) bool { return onlyExposed(value) }},
}

// forgiven tells whether a header that differs is one sallyport may add, or a
// waiting time that ran down by a second while the conversation went on.
func forgiven(name string, want, got []string, answer Answer) bool {
	if name == "x-retry-after" {
		return len(want) == 1 && len(got) == 1 && aSecondApart(want[0], got[0])
	}
	for _, e := range extras {
		if e.header != name || len(got) != 1 || !e.allows(got[0], answer) {
			continue
		}
		return len(want) == 0 || name == "access-control-expose-headers" && extends(got[0], want)
	}
	return false
}

func aSecondApart(a, b string) bool {
	left, errLeft := strconv.Atoi(a)
	right, errRight := strconv.Atoi(b)
	return errLeft == nil && errRight == nil && left > 0 && right > 0 && max(left-right, right-left) <= 1
}

func sameAsXRetryAfter(value string, got Answer) bool {
	return slices.Contains(got.Headers, "x-retry-after: "+value)
}

// trustedOrigin wants the request's own origin back, and never a stranger's.
func trustedOrigin(value string, got Answer) bool {
	return value != "" && value == got.Origin && value != "null" && !strings.Contains(strings.ToLower(value), foreign)
}

func onlyExposed(value string) bool {
	for _, name := range strings.Split(value, ",") {
		if !slices.Contains(exposed, strings.ToLower(strings.TrimSpace(name))) {
			return false
		}
	}
	return true
}

// extends tells whether a list of header names holds all the original's.
func extends(value string, want []string) bool {
	var have []string
	for _, name := range strings.Split(value, ",") {
		have = append(have, strings.ToLower(strings.TrimSpace(name)))
	}
	for _, name := range strings.Split(strings.Join(want, ","), ",") {
		if !slices.Contains(have, strings.ToLower(strings.TrimSpace(name))) {
			return false
		}
	}
	return true
}
