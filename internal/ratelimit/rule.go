package ratelimit

import (
	"strings"
	"time"
)

// Rule is a limit for some paths.
type Rule struct {
	// Match tells whether the rule is for a path, given without base path and
	// trailing slashes.
	Match  func(path string) bool
	Window time.Duration
	Max    int
	// By tells whose requests count together; empty means ByAddress.
	By By
	// Off is the rule that nothing is limited.
	Off bool
}

// By is whose requests are counted together.
type By string

// What requests may be counted by. Who has no session is counted by address.
const (
	ByAddress        By = "ip"
	ByUser           By = "user"
	ByAddressAndUser By = "ip+user"
)

// user tells whether the user counts.
func (b By) user() bool { return b == ByUser || b == ByAddressAndUser }

// Prefix gives a Match for paths that begin with one of these texts.
func Prefix(prefixes ...string) func(string) bool {
	return func(path string) bool {
		for _, p := range prefixes {
			if strings.HasPrefix(path, p) {
				return true
			}
		}
		return false
	}
}

// builtIn are the stricter rules for what costs a hash or sends a message.
var builtIn = []Rule{
	{Match: Prefix("/sign-in", "/sign-up", "/change-password", "/change-email"), Window: 10 * time.Second, Max: 3},
	{Match: sendsMail, Window: time.Minute, Max: 3},
}

func sendsMail(path string) bool {
	switch path {
	case "/request-password-reset", "/send-verification-email", "/email-otp/send-verification-otp", "/email-otp/request-password-reset":
		return true
	}
	return strings.HasPrefix(path, "/forget-password")
}

// ruleset finds the rule of a path.
type ruleset struct {
	// lists are asked in their order: the operator's, the plugins', the
	// built-in ones. In each the first match counts.
	lists  [][]Rule
	global Rule
}

func (r *ruleset) rule(path string) *Rule {
	for _, list := range r.lists {
		for i := range list {
			if list[i].Match(path) {
				return &list[i]
			}
		}
	}
	return &r.global
}

// longest is the longest window of all rules.
func (r *ruleset) longest() time.Duration {
	most := r.global.Window
	for _, list := range r.lists {
		for i := range list {
			most = max(most, list[i].Window)
		}
	}
	return most
}
