package twofactor

import (
	"context"
	"errors"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/store"
)

type statusOutput struct {
	Status bool `json:"status"`
}

// disable gives up the second factor: the secret, the backup codes, and the trust
// in this browser.
func (t *TwoFactor) disable(ctx context.Context, c *api.Call, password *string) (statusOutput, error) {
	if err := t.prove(ctx, c, password, t.cfg.AllowPasswordless); err != nil {
		return statusOutput{}, err
	}
	err := t.inTx(ctx, func(tx *store.Store) (func(), error) {
		if _, err := tx.LockUser(ctx, c.User.ID); err != nil {
			return nil, gone(err)
		}
		if _, err := tx.TwoFactorDelete(ctx, c.User.ID); err != nil {
			return nil, err
		}
		enter, err := t.switchTo(ctx, tx, c, false)
		if err != nil {
			return nil, err
		}
		forget, err := t.distrust(ctx, tx, c)
		if err != nil {
			return nil, err
		}
		return func() { enter(); forget() }, tx.Note(ctx, t.auth.Note(c, EventDisabled))
	})
	return statusOutput{Status: err == nil}, err
}

// gone is the answer to a user who has been deleted while the call went on.
func gone(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return api.ErrUnauthorized
	}
	return err
}
