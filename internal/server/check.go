package server

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/origin"
	"github.com/sallyport-auth/sallyport/internal/plugin/jwt"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// Level grades a Finding.
type Level string

// The levels of a finding.
const (
	LevelOK      Level = "ok"
	LevelWarning Level = "warning"
	LevelError   Level = "error"
)

// Finding is one line of `sallyport check`: what was looked at, what was seen,
// and what to do about it.
type Finding struct {
	Level   Level
	Subject string
	Text    string
}

// checker gathers findings.
type checker struct {
	cfg      *Config
	log      *slog.Logger
	findings []Finding
}

func (k *checker) add(l Level, subject, format string, args ...any) {
	k.findings = append(k.findings, Finding{l, subject, fmt.Sprintf(format, args...)})
}

// Check looks at a complete configuration and at what it names: secret, proxy,
// database, tables, keys, clock, and, given an origin, what that app and this
// server need to work together.
func Check(ctx context.Context, cfg *Config, log *slog.Logger, appOrigin string) []Finding {
	k := &checker{cfg: cfg, log: log}
	k.add(LevelOK, "configuration", "mode %s, base URL %s", cfg.Server.Mode, cfg.BaseURL)
	k.checkSecret()
	k.checkOrigins()
	k.checkSignUp()
	k.checkProxy()
	k.checkThrottle()
	k.checkTLS(time.Now())
	k.checkFiles()
	k.checkMemory()
	k.checkMessaging(ctx)
	k.checkRedis(ctx)
	k.checkDatabase(ctx)
	if appOrigin != "" {
		k.checkApp(appOrigin)
	}
	return k.findings
}

// Doubts are the findings that a start warns of: what works, and had better be
// otherwise, and can be seen without the database.
func Doubts(cfg *Config) []Finding {
	k := &checker{cfg: cfg}
	k.checkSecret()
	k.checkOrigins()
	k.checkProxy()
	k.checkWebhook()
	k.checkTLS(time.Now())
	k.checkFiles()
	k.checkMemory()
	return slices.DeleteFunc(k.findings, func(f Finding) bool { return f.Level == LevelOK })
}

func (k *checker) checkSecret() {
	secrets, err := Secrets(k.cfg)
	if err != nil {
		k.add(LevelError, "secret", "%v", err)
		return
	}
	warnings := secrets.Warnings()
	for _, w := range warnings {
		k.add(LevelWarning, "secret", "%s", w)
	}
	if len(warnings) == 0 {
		k.add(LevelOK, "secret", "long and random enough")
	}
}

func (k *checker) checkOrigins() {
	list, err := origin.Parse(k.cfg.TrustedOrigins)
	if err != nil {
		k.add(LevelError, "trustedOrigins", "%v", err)
		return
	}
	for _, pattern := range list.Unmatchable() {
		k.add(LevelWarning, "trustedOrigins", "%q matches no origin: write scheme and host without a path, as in https://app.example.com", pattern)
	}
}

// checkSignUp tells what strangers can learn from the sign-up.
func (k *checker) checkSignUp() {
	e := &k.cfg.EmailAndPassword
	if !e.Enabled || e.DisableSignUp || !*e.AutoSignIn {
		return
	}
	k.add(LevelOK, "sign-up", "an address that has an account is answered 422, as Better Auth does; with emailAndPassword.autoSignIn: false all are answered alike")
}

func (k *checker) checkProxy() {
	addresses, err := clientAddresses(k.cfg, k.log)
	if err != nil {
		k.add(LevelError, "advanced.ipAddress", "%v", err)
		return
	}
	if addresses.TrustsEverybody() {
		k.add(LevelWarning, "proxy", "advanced.ipAddress.trustedProxies holds every address, so that each client may say which address is its own: list your proxies")
		return
	}
	k.add(LevelOK, "proxy", "%s", addresses)
}

func (k *checker) checkDatabase(ctx context.Context) {
	set, err := Schema(k.cfg)
	if err != nil {
		k.add(LevelError, "tables", "%v", err)
		return
	}
	s, err := store.Open(ctx, StoreOptions(k.cfg, set, k.log))
	if err != nil {
		k.add(LevelError, "database", "%v", err)
		return
	}
	defer s.Close()
	k.add(LevelOK, "database", "answers")
	k.checkClock(ctx, s)
	if err := migrate.Check(ctx, MigrateOptions(k.cfg, set, k.log)); err != nil {
		k.add(LevelError, "tables", "%v", err)
		return
	}
	k.add(LevelOK, "tables", "up to date")
	k.checkIndexes(ctx, set)
	k.checkPlugins(ctx)
	k.checkKeys(ctx)
}

// checkPlugins finds out what their options would be refused for at start, and
// whether what they have stored can be read.
func (k *checker) checkPlugins(ctx context.Context) {
	s := &Server{cfg: k.cfg, log: k.log}
	defer s.Close()
	err := s.open(ctx, Deps{Log: k.log, Now: now})
	client := newOutbound(k.cfg, nil, nil)
	var made *parts
	if err == nil {
		made, err = plugins(s.Auth, k.cfg, k.log, client)
	}
	if err != nil {
		k.add(LevelError, "plugins", "%v", err)
		return
	}
	k.checkSocial(ctx, made.social, client)
	k.checkSealed(ctx, s.Auth.Secrets, made.made)
}

func (k *checker) checkClock(ctx context.Context, s *store.Store) {
	skew, err := ClockSkew(ctx, s, time.Now)
	if err != nil {
		k.add(LevelError, "clock", "%v", err)
		return
	}
	level, text := gradeClock(skew)
	k.add(level, "clock", "%s", text)
}

// gradeClock tells what a difference between the clocks means.
func gradeClock(skew time.Duration) (Level, string) {
	switch off := skew.Round(time.Millisecond).String(); {
	case skew.Abs() >= MaxClockSkew:
		return LevelError, off + " off the database's: the server would not become ready; set both by NTP"
	case skew.Abs() >= WarnClockSkew:
		return LevelWarning, off + " off the database's: set both by NTP"
	default:
		return LevelOK, "agrees with the database's"
	}
}

func (k *checker) checkKeys(ctx context.Context) {
	if k.cfg.Plugins.JWT == nil {
		return
	}
	err := WithKeys(ctx, k.cfg, k.log, func(keys *jwt.Keys) error {
		list, err := keys.List(ctx)
		if err != nil {
			return err
		}
		for _, key := range list {
			if !key.Usable {
				k.add(LevelWarning, "keys", "no configured secret opens key %s (%s): it stays published and signs nothing; put its secret back into BETTER_AUTH_SECRETS or BETTER_AUTH_SECRET, or retire it with `sallyport keys retire %s`",
					key.ID, secure.SecretOf(key.Tag), key.ID)
			}
		}
		k.add(LevelOK, "keys", "%d stored", len(list))
		return nil
	})
	if err != nil {
		k.add(LevelError, "keys", "%v", err)
	}
}
