// Package ratelimit decides how many requests a client may make to a path.
//
// Rules and decisions are Better Auth's (api/rate-limiter): one counter and the
// time of the last allowed request for each address and path. A window begins
// anew with every allowed request, so a block lasts until a whole window after
// the last one.
//
// Counters are kept in a Storage. One outside of this process may be away; then
// the same rules are counted here, and no limit is ever open.
package ratelimit

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"log/slog"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/sallyport-auth/sallyport/internal/config"
)

// unknownAddress is the name of the one bucket for all whose address is
// unknown.
const unknownAddress = "no-trusted-ip"

// longPath is the length from which a path stands in a key by its hash. A path
// may be as long as a request header; what is stored must not be. No path is
// spelled like the hash, since each begins with a slash.
const longPath = 1024

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

// Options are what a Limiter is made of.
type Options struct {
	Config Config
	// Plugins are the rules of plugins in their order.
	Plugins []Rule
	// Storage is where counters are kept; nil means in this process.
	Storage Storage
	// Untracked says that addresses are not known on purpose: only what counts
	// by user is limited.
	Untracked bool
	Now       func() time.Time
	Log       *slog.Logger
	// AnswerWithin is how long a request waits for the storage, or for who its user
	// is; 0 means the package's own.
	AnswerWithin time.Duration
}

// Limiter decides.
type Limiter struct {
	ruleset
	untracked bool
	storage   Storage // nil for fallback
	// fallback counts while storage cannot.
	fallback *Memory
	// local counts what the storage is not asked for, in its kind of windows.
	local          *Memory
	unshared       atomic.Int64
	storing, users *breaker
}

// New gives a limiter. The first match among the operator's rules beats the
// first among those of plugins, and that the built-in rules and the global one.
func New(o Options) *Limiter {
	cfg := o.Config
	config.SetDefaults(&cfg)
	l := &Limiter{
		ruleset: ruleset{
			lists:  [][]Rule{cfg.rules(), o.Plugins, builtIn},
			global: Rule{Window: cfg.Window.Std(), Max: cfg.Max},
		},
		untracked: o.Untracked,
		storage:   o.Storage,
		fallback:  NewMemory(o.Now),
		storing:   newBreaker(o, "rate limits are counted in this process alone, because their storage does not answer"),
		users:     newBreaker(o, "rate limits of users are counted by address, because sessions cannot be read"),
	}
	l.local = l.fallback
	if s, ok := o.Storage.(*Secondary); ok {
		l.local = s.fallback
	}
	return l
}

// Request is what a Limiter has to know of one.
type Request struct {
	// Address is the client's; empty when it is unknown.
	Address string
	// Path is without base path and trailing slashes.
	Path string
	// Counter is the path in the name of the counter where that is not Path: a
	// path that holds a value would make as many counters as there are values,
	// and tell the value, which may be a token, to whoever reads them.
	Counter string
	// Nowhere says that there is no such path. What such requests are counted in
	// stays in this process, where it is bounded: nobody is to fill a storage
	// with paths that they make up.
	Nowhere bool
	// User finds the id of the user whose session the request carries; it is
	// empty where there is none. It is asked only where a rule counts by user.
	User func(context.Context) (id string, err error)
}

// Check counts one request.
func (l *Limiter) Check(ctx context.Context, r Request) Decision {
	rule := l.rule(r.Path)
	if rule.Off {
		return Decision{Allowed: true}
	}
	who := l.who(ctx, r, rule.By)
	if who == "" {
		return Decision{Allowed: true}
	}
	key := who + "|" + bounded(cmp.Or(r.Counter, r.Path))
	if r.Nowhere {
		return l.local.count(key, *rule)
	}
	return l.consume(ctx, key, *rule)
}

// who names the client under which a request counts; it is empty for nobody.
func (l *Limiter) who(ctx context.Context, r Request, by By) string {
	address := r.Address
	if address == "" && !l.untracked {
		address = unknownAddress
	}
	if !by.user() {
		return address
	}
	user := l.user(ctx, r)
	if user == "" {
		return address
	}
	// No address begins like this, and no id can pretend to hold more than one.
	user = "user:" + url.QueryEscape(user)
	if by == ByUser || address == "" {
		return user
	}
	return address + "|" + user
}

// user asks whose session a request carries. Where that cannot be found out the
// request counts as one without a session.
func (l *Limiter) user(ctx context.Context, r Request) (id string) {
	err := l.users.ask(ctx, func(ctx context.Context) (err error) {
		id, err = r.User(ctx)
		return err
	})
	if err != nil {
		return ""
	}
	return id
}

func (l *Limiter) consume(ctx context.Context, key string, rule Rule) (d Decision) {
	if l.storage == nil {
		return l.fallback.count(key, rule)
	}
	err := l.storing.ask(ctx, func(ctx context.Context) (err error) {
		d, err = l.storage.Consume(ctx, key, rule)
		return err
	})
	if err != nil {
		l.unshared.Add(1)
		return l.fallback.count(key, rule)
	}
	return d
}

// Unshared is how many decisions were made in this process because the storage
// did not answer.
func (l *Limiter) Unshared() int64 {
	if s, ok := l.storage.(*Secondary); ok {
		return s.unshared.Load()
	}
	return l.unshared.Load()
}

// Longest is the longest window of all rules: a counter that was not used for
// as long says nothing.
func (l *Limiter) Longest() time.Duration { return l.longest() }

// bounded gives a path as it stands in a key.
func bounded(path string) string {
	if len(path) < longPath {
		return path
	}
	sum := sha256.Sum256([]byte(path))
	return "sha256:" + hex.EncodeToString(sum[:])
}
