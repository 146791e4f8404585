package admin

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

type setPasswordInput struct {
	NewPassword string      `json:"newPassword" check:"nonempty" empty:"newPassword cannot be empty" doc:"The new password."`
	UserID      api.Coerced `json:"userId" check:"nonempty" empty:"userId cannot be empty" doc:"The user's id."`
}

type statusOutput struct {
	Status bool `json:"status"`
}

// setUserPassword gives a user another password, or a first one. Sessions stay.
func (a *Admin) setUserPassword(ctx context.Context, c *api.Call, in setPasswordInput) (statusOutput, error) {
	if err := a.require(c, "user", "set-password"); err != nil {
		return statusOutput{}, err
	}
	if err := a.auth.CheckNewPassword(in.NewPassword); err != nil {
		return statusOutput{}, err
	}
	// Hashing takes its time, which is spent on users who are there.
	user, err := a.find(ctx, string(in.UserID))
	if err != nil {
		return statusOutput{}, err
	}
	hash, err := a.auth.HashPassword(ctx, c, in.NewPassword)
	if err != nil {
		return statusOutput{}, err
	}
	err = a.auth.Store.InTx(ctx, func(tx *store.Store) error { return a.replacePassword(ctx, tx, c, user.ID, hash) })
	return statusOutput{Status: err == nil}, err
}

func (a *Admin) replacePassword(ctx context.Context, tx *store.Store, c *api.Call, id, hash string) error {
	user, err := tx.LockUser(ctx, id)
	if err != nil {
		return orNotFound(err)
	}
	noting := tx.Noting(a.auth.Note(c, auth.EventUserPasswordSet).About(id))
	if err := a.auth.SetPassword(ctx, noting, id, hash); err != nil {
		return err
	}
	return a.auth.TakeBack(ctx, tx, user)
}
