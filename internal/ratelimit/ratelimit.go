// Package ratelimit decides how many requests an address may make to a path.
//
// Rules and decisions are Better Auth's (api/rate-limiter): one counter and the
// time of the last allowed request for each address and path. A window begins
// anew with every allowed request, so a block lasts until a whole window after
// the last one.
package ratelimit

import (
	"context"
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

// Decision is what becomes of a request. RetryAfter is the seconds to wait when
// it is not allowed.
type Decision struct {
	Allowed    bool
	RetryAfter int
}

// Storage keeps counters.
type Storage interface {
	// Consume counts a request against a key under a rule, in one step. An error
	// means that it could not be counted.
	Consume(ctx context.Context, key string, r Rule) (Decision, error)
}

// Limiter decides.
type Limiter struct {
	global  Rule
	plugins []Rule
	storage Storage
	// spare counts while storage cannot, so that no limit is ever open.
	spare *Memory
}

// New gives a limiter with the rules of plugins, the first match of which beats
// the built-in rules. A nil storage means the memory of this process.
func New(cfg Config, plugins []Rule, storage Storage, now func() time.Time) *Limiter {
	config.SetDefaults(&cfg)
	l := &Limiter{
		global:  Rule{Window: cfg.Window.Std(), Max: cfg.Max},
		plugins: plugins,
		storage: storage,
		spare:   NewMemory(now),
	}
	if storage == nil {
		l.storage = l.spare
	}
	return l
}

// Check counts one request of an address to a path.
func (l *Limiter) Check(ctx context.Context, address, path string) Decision {
	if address == "" {
		address = unknownAddress
	}
	key, rule := address+"|"+path, l.rule(path)
	d, err := l.storage.Consume(ctx, key, rule)
	if err != nil {
		d, _ = l.spare.Consume(ctx, key, rule)
	}
	return d
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
