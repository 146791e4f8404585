package admin

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// removeUser deletes a user with everything that is the user's.
func (a *Admin) removeUser(ctx context.Context, c *api.Call, in userInput) (successOutput, error) {
	if err := a.require(c, "user", "delete"); err != nil {
		return successOutput{}, err
	}
	err := a.auth.Store.InTx(ctx, func(tx *store.Store) error { return a.remove(ctx, tx, c, string(in.UserID)) })
	return successOutput{Success: err == nil}, err
}

// remove deletes the rows of a user, and the one-time values that were sent and
// not used. The user's row comes first, as in everything else that is done to a
// user. An id may be written in several ways: the row tells whose it is.
func (a *Admin) remove(ctx context.Context, tx *store.Store, c *api.Call, id string) error {
	user, err := tx.LockUser(ctx, id)
	switch {
	case err != nil:
		return orNotFound(err)
	case user.ID == c.User.ID:
		return errRemoveOneself
	}
	if _, err := tx.DeleteVerificationsOf(ctx, user.ID); err != nil {
		return err
	}
	_, err = tx.Noting(a.auth.Note(c, auth.EventUserDeleted).About(user.ID)).DeleteUser(ctx, user.ID)
	return err
}
