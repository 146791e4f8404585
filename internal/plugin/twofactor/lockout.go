package twofactor

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

// counts tells whether wrong codes are counted in a row: those of a sign-in, if
// the configuration wants it.
func (t *TwoFactor) counts(v *verifier, r *row) bool {
	return *t.cfg.AccountLockout.Enabled && v.challenge != nil && r != nil
}

// locked refuses a code while the second factor of the user is shut. When that
// time is over, the count begins anew.
func (t *TwoFactor) locked(ctx context.Context, tx *store.Store, v *verifier, r *row) (refusal, err error) {
	if !t.counts(v, r) || r.LockedUntil == nil {
		return nil, nil
	}
	now := t.auth.Time()
	if r.LockedUntil.After(now) {
		return errLocked, nil
	}
	return nil, tx.TwoFactorUnlock(ctx, db.TwoFactorUnlockParams{ID: r.ID, Now: now})
}

func (t *TwoFactor) countFailure(ctx context.Context, tx *store.Store, v *verifier, r *row) error {
	if !t.counts(v, r) {
		return nil
	}
	lockout := &t.cfg.AccountLockout
	return tx.TwoFactorCountFailure(ctx, db.TwoFactorCountFailureParams{
		ID: r.ID, Most: int32(lockout.MaxFailedAttempts), Until: t.auth.Time().Add(lockout.DurationSeconds.Std()),
	})
}

func (t *TwoFactor) forgetFailures(ctx context.Context, tx *store.Store, v *verifier, r *row) error {
	if !t.counts(v, r) {
		return nil
	}
	return tx.TwoFactorForgetFailures(ctx, r.ID)
}

// throttled runs a try under the limit that passwords have too, where the row of
// the user does not count: in a session, and for who has no row.
func (t *TwoFactor) throttled(ctx context.Context, c *api.Call, v *verifier, try func(context.Context) (bool, error)) error {
	if *t.cfg.AccountLockout.Enabled && v.challenge != nil {
		switch r, err := find(ctx, t.auth.Store, v.user.ID); {
		case err != nil:
			return err
		case r != nil:
			_, err := try(ctx)
			return err
		}
	}
	_, err := t.auth.Attempt(ctx, c, "two-factor:"+v.user.ID, try)
	return err
}
