// Package ratelimit decides how many requests an address may make to a path.
//
// Rules and decisions are Better Auth's (api/rate-limiter): one counter and the
// time of the last allowed request for each address and path. A window begins
// anew with every allowed request, so a block lasts until a whole window after
// the last one.
package ratelimit

import (
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/config"
)

// Config holds the rate limit options.
type Config struct {
	Enabled       *bool           `yaml:"enabled" doc:"Whether requests are limited; default is yes in production and no in development."`
	Window        config.Duration `yaml:"window" default:"10" min:"0" doc:"How long a window lasts; 0 means the default."`
	Max           int             `yaml:"max" default:"100" min:"0" doc:"How many requests one address may make to one path in a window; 0 means the default."`
	Storage       string          `yaml:"storage" enum:"memory" default:"memory" doc:"Where counters are kept."`
	CustomRules   config.Later    `yaml:"customRules" doc:"Rules of your own by path."`
	ModelName     config.Later    `yaml:"modelName" doc:"The table of counters."`
	Fields        config.Later    `yaml:"fields" doc:"Columns of the counters by field name."`
	CustomStorage config.Never    `yaml:"customStorage" instead:"leave it out, counters are kept in memory"`
}

// Rule is a limit for some paths.
type Rule struct {
	// Match tells whether the rule is for a path, given without base path and
	// trailing slashes.
	Match  func(path string) bool
	Window time.Duration
	Max    int
}

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

// unknownAddress is the name of the one bucket for all whose address is
// unknown.
const unknownAddress = "no-trusted-ip"

// Limiter decides.
type Limiter struct {
	global  Rule
	plugins []Rule
	memory  *memory
}

// New gives a limiter with the rules of plugins, the first match of which beats
// the built-in rules.
func New(cfg Config, plugins []Rule, now func() time.Time) *Limiter {
	config.SetDefaults(&cfg)
	return &Limiter{
		global:  Rule{Window: cfg.Window.Std(), Max: cfg.Max},
		plugins: plugins,
		memory:  newMemory(now),
	}
}

// Check counts one request of an address to a path. A refusal comes with the
// seconds to wait.
func (l *Limiter) Check(address, path string) (allowed bool, retryAfter int) {
	if address == "" {
		address = unknownAddress
	}
	return l.Consume(address+"|"+path, l.rule(path))
}

// Consume counts one request against a key under a rule.
func (l *Limiter) Consume(key string, r Rule) (allowed bool, retryAfter int) {
	return l.memory.consume(key, r)
}

// rule gives the rule of a path: that of a plugin, else a built-in one, else
// the global one.
func (l *Limiter) rule(path string) Rule {
	for _, rules := range [][]Rule{l.plugins, builtIn} {
		for _, r := range rules {
			if r.Match(path) {
				return r
			}
		}
	}
	return l.global
}
