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

	"github.com/sallyport-auth/sallyport/internal/api"
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
	cookies cookies
}

// New checks the options.
func New(a *auth.Auth, cfg Config) (*TwoFactor, error) {
	config.SetDefaults(&cfg)
	cookies, err := newCookies(a, &cfg)
	return &TwoFactor{auth: a, cfg: cfg, enabled: a.UserColumn("twoFactorEnabled"), cookies: cookies}, err
}

// Plugin lists what the plugin adds.
func (t *TwoFactor) Plugin() auth.Plugin {
	return auth.Plugin{
		ID:         "two-factor",
		Routes:     append(t.routes(), t.otpRoutes()...),
		Resign:     t.resign,
		Sealed:     t.sealed,
		Gate:       auth.Gate{Asks: t.asks, Pass: t.pass},
		Records:    auth.RecordHooks{UserValues: map[string]func(string) error{"twoFactorEnabled": onlyFalse}},
		Events:     Events,
		Expiring:   []sweep.Table{{Name: "totp_step", Rows: sweep.Query(t.sweepSteps)}},
		RateLimits: []ratelimit.Rule{{Match: ratelimit.Prefix("/two-factor/"), Window: 10 * time.Second, Max: 3}},
	}
}

// onlyFalse refuses a user from elsewhere who had a second factor: the factor itself
// does not come along, and without it nobody could sign in.
func onlyFalse(value string) error {
	if value == "true" {
		return errFactorStays
	}
	return nil
}

// routes lists the endpoints. Those that take a password require it unless users may
// do without one.
func (t *TwoFactor) routes() []api.Route {
	uri, codes := or(t.cfg.TOTPOptions.AllowPasswordless, t.cfg.AllowPasswordless), or(t.cfg.BackupCodeOptions.AllowPasswordless, t.cfg.AllowPasswordless)
	return []api.Route{
		t.enableRoute(t.cfg.AllowPasswordless),
		proven("/two-factor/disable", api.Sensitive, t.cfg.AllowPasswordless, t.disable,
			api.Doc("Gives up the second factor."), api.Fails(errInvalidPassword)),
		proven("/two-factor/get-totp-uri", api.SignedIn, uri, t.totpURI,
			api.Doc("Gives what an authenticator app reads, once more."), api.Fails(errTOTPNotConfigured, errTOTPNotEnabled, errInvalidPassword)),
		api.POST("/two-factor/verify-totp", api.Public, t.verifyTOTP,
			api.Doc("Takes a code of an authenticator app: the first one, or the one that a sign-in waits for."),
			api.Fails(errTOTPNotConfigured, errInvalidCookie, errTOTPNotEnabled, errLocked, errTooManyAttempts, errInvalidCode)),
		api.POST("/two-factor/verify-backup-code", api.Public, t.verifyBackupCode,
			api.Doc("Takes a backup code in the place of the second factor."),
			api.Fails(errInvalidCookie, errBackupCodesNotEnabled, errLocked, errTooManyAttempts, errInvalidBackupCode)),
		proven("/two-factor/generate-backup-codes", api.SignedIn, codes, t.generateBackupCodes,
			api.Doc("Gives new backup codes in the place of the old ones."), api.Fails(errNotEnabled, errInvalidPassword)),
	}
}

func (t *TwoFactor) sweepSteps(ctx context.Context, before time.Time, limit int) (int64, error) {
	return t.auth.Store.TwoFactorSweepSteps(ctx, db.TwoFactorSweepStepsParams{Before: before, Most: int32(limit)})
}

func (t *TwoFactor) totp() totp {
	return totp{digits: t.cfg.TOTPOptions.Digits, period: t.cfg.TOTPOptions.Period.Std()}
}
