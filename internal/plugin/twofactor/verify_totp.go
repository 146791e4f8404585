package twofactor

import (
	"context"
	"fmt"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

type totpURIOutput struct {
	TOTPURI string `json:"totpURI"`
}

// totpURI shows the secret once more. Its issuer is always the name of the
// application, whatever the one was that it was set up with.
func (t *TwoFactor) totpURI(ctx context.Context, c *api.Call, password *string) (totpURIOutput, error) {
	if t.cfg.TOTPOptions.Disable {
		return totpURIOutput{}, errTOTPNotConfigured
	}
	r, err := find(ctx, t.auth.Store, c.User.ID)
	switch {
	case err != nil:
		return totpURIOutput{}, err
	case r == nil:
		return totpURIOutput{}, errTOTPNotEnabled
	}
	if err := t.prove(ctx, c, password, or(t.cfg.TOTPOptions.AllowPasswordless, t.cfg.AllowPasswordless)); err != nil {
		return totpURIOutput{}, err
	}
	key, err := t.key(r.Secret)
	if err != nil {
		return totpURIOutput{}, fmt.Errorf("reading the secret of user %s: %w", c.User.ID, err)
	}
	return totpURIOutput{t.totp().uri(key, t.auth.Config.AppName, c.User.Email)}, nil
}

type codeInput struct {
	Code        string `json:"code" check:"own" doc:"The code."`
	TrustDevice *bool  `json:"trustDevice" doc:"Whether this browser is not asked again for a while."`
}

func (t *TwoFactor) verifyTOTP(ctx context.Context, c *api.Call, in codeInput) (verifyOutput, error) {
	if t.cfg.TOTPOptions.Disable {
		return verifyOutput{}, errTOTPNotConfigured
	}
	v, err := t.verifier(ctx, c)
	if err != nil {
		return verifyOutput{}, err
	}
	return t.try(ctx, c, v, &proof{
		method: methodTOTP, missing: errTOTPNotEnabled, setUp: true, limited: true, wrong: errInvalidCode,
		trust: in.TrustDevice != nil && *in.TrustDevice,
		check: func(ctx context.Context, tx *store.Store, r *row) (right bool, refusal, err error) {
			right, err = t.checkTOTP(ctx, tx, c, r, in.Code)
			return right, nil, err
		},
		complete: func(ctx context.Context, tx *store.Store, r *row, user *store.User, o *outcome) error {
			return t.completeTOTP(ctx, tx, c, r, user, o)
		},
	})
}

// checkTOTP compares a code, and takes it if no code of its step or a later one has
// been taken (RFC 6238, section 5.2). A secret that nobody can read has no codes.
func (t *TwoFactor) checkTOTP(ctx context.Context, tx *store.Store, c *api.Call, r *row, code string) (bool, error) {
	key, err := t.key(r.Secret)
	if err != nil {
		c.Log.Error("the secret of a second factor cannot be read", "row", r.ID, "error", err)
		return false, nil
	}
	o := t.totp()
	step, ok := o.match(key, code, t.auth.Time())
	if !ok {
		return false, nil
	}
	began := o.began(step)
	n, err := tx.TwoFactorAcceptStep(ctx, db.TwoFactorAcceptStepParams{
		TwoFactor: r.ID, Began: began, EndsAt: began.Add((window + 1) * o.period),
	})
	return n > 0, err
}

// completeTOTP turns the second factor on with the first right code.
func (t *TwoFactor) completeTOTP(ctx context.Context, tx *store.Store, c *api.Call, r *row, user *store.User, o *outcome) error {
	if r.Verified != nil && *r.Verified {
		return nil
	}
	if c.Session != nil && !t.enabled.True(user) {
		after, err := t.switchTo(ctx, tx, c, true)
		if err != nil {
			return err
		}
		o.after = append(o.after, after)
		if err := tx.Note(ctx, t.auth.Note(c, EventEnabled).With("method", methodTOTP)); err != nil {
			return err
		}
	}
	return tx.TwoFactorSetVerified(ctx, r.ID)
}
