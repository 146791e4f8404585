package ratelimit_test

import (
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/ratelimit"
)

// passes is how many of ten requests to a path are allowed.
func passes(l *ratelimit.Limiter, path string) int {
	n := 0
	for range 10 {
		if ok, _ := check(l, "203.0.113.7", path); ok {
			n++
		}
	}
	return n
}

func rule(limit int) ratelimit.CustomRule {
	return ratelimit.CustomRule{Window: config.Duration(time.Minute), Max: limit}
}

// off is a rule that the file has as false.
func off() ratelimit.CustomRule {
	r := ratelimit.CustomRule{}
	r.SwitchOff()
	return r
}

// The global rule gives way to the built-in ones, these to the first match of a
// plugin in the order of plugins, and that to the operator's first match.
func TestWhichRuleCounts(t *testing.T) {
	t.Parallel()
	l := ratelimit.New(ratelimit.Options{
		Config: ratelimit.Config{Max: 9, CustomRules: config.Ordered[ratelimit.CustomRule]{
			{Name: "/sign-in/both", Value: rule(1)},
			{Name: "/custom/*", Value: rule(2)},
			{Name: "/custom/late", Value: rule(1)},
			{Name: "/off/**", Value: off()},
			{Name: "/off/on", Value: rule(1)},
			{Name: "/sign-up/**", Value: off()},
			{Name: "/plugin/off", Value: off()},
		}},
		Plugins: []ratelimit.Rule{
			{Match: ratelimit.Prefix("/sign-in/plugin", "/sign-in/both"), Window: time.Minute, Max: 5},
			{Match: ratelimit.Prefix("/plugin"), Window: time.Minute, Max: 6},
			{Match: ratelimit.Prefix("/plugin/second"), Window: time.Minute, Max: 1},
		},
		Now: (&clock{}).now,
	})
	for path, want := range map[string]int{
		"/get-session": 9, "/sign-in/email": 3, "/sign-in/plugin": 5, "/sign-in/both": 1,
		"/plugin": 6, "/plugin/second": 6, "/plugin/off": 10,
		"/custom/a": 2, "/custom/late": 2, "/custom": 9,
		"/off": 10, "/off/on": 10, "/sign-up/email": 10,
	} {
		if got := passes(l, path); got != want {
			t.Errorf("%s: %d pass, want %d", path, got, want)
		}
	}
	if l.Longest() != time.Minute {
		t.Errorf("the longest window is %v", l.Longest())
	}
}

func TestTheLongestWindowIsThatOfAnyRule(t *testing.T) {
	t.Parallel()
	for want, cfg := range map[time.Duration]ratelimit.Config{
		time.Minute: {},
		time.Hour:   {Window: config.Duration(time.Hour)},
		2 * time.Hour: {CustomRules: config.Ordered[ratelimit.CustomRule]{
			{Name: "/a", Value: ratelimit.CustomRule{Window: config.Duration(2 * time.Hour), Max: 1}},
		}},
	} {
		if got := limiter(cfg, &clock{}).Longest(); got != want {
			t.Errorf("%v, want %v", got, want)
		}
	}
}
