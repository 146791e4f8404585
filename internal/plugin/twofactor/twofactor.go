// Package twofactor asks for a second proof after the first: a code of an
// authenticator app (RFC 6238), one that is sent, or a backup code.
//
// A user sets it up in a session (/two-factor/enable, /verify-totp), and from then
// on every sign-in ends with a question instead of a session, until a code has
// been given. Secrets, codes, cookies and counters are those of Better Auth, in
// its tables and its forms; which code of an app was used last is remembered in a
// table of our own, so that none is good for two.
//
// Not here: functions that make, hash or encrypt codes, which a file cannot hold.
package twofactor

import (
	"context"
	"time"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/ratelimit"
	"github.com/sallyport-auth/sallyport/internal/store/db"
	"github.com/sallyport-auth/sallyport/internal/sweep"
)

// TwoFactor is the plugin.
type TwoFactor struct {
	auth *auth.Auth
	cfg  Config
	// enabled is the field of users that tells who has a second factor.
	enabled auth.UserColumn
}

// New takes the options. They are all checked as they are read.
func New(a *auth.Auth, cfg Config) *TwoFactor {
	config.SetDefaults(&cfg)
	return &TwoFactor{auth: a, cfg: cfg, enabled: a.UserColumn("twoFactorEnabled")}
}

// Plugin lists what the plugin adds.
func (t *TwoFactor) Plugin() auth.Plugin {
	return auth.Plugin{
		ID:         "two-factor",
		Events:     Events,
		Expiring:   []sweep.Table{{Name: "totp_step", Rows: sweep.Query(t.sweepSteps)}},
		RateLimits: []ratelimit.Rule{{Match: ratelimit.Prefix("/two-factor/"), Window: 10 * time.Second, Max: 3}},
	}
}

func (t *TwoFactor) sweepSteps(ctx context.Context, before time.Time, limit int) (int64, error) {
	return t.auth.Store.TwoFactorSweepSteps(ctx, db.TwoFactorSweepStepsParams{Before: before, Most: int32(limit)})
}
