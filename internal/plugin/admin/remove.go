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
	id := string(in.UserID)
	if id == c.User.ID {
		return successOutput{}, errRemoveOneself
	}
	err := a.auth.Store.InTx(ctx, func(tx *store.Store) error { return a.remove(ctx, tx, c, id) })
	return successOutput{Success: err == nil}, err
}

// remove deletes the rows of a user, and the one-time values that were sent and
// not used.
func (a *Admin) remove(ctx context.Context, tx *store.Store, c *api.Call, id string) error {
	if _, err := tx.DeleteVerificationsOf(ctx, id); err != nil {
		return err
	}
	found, err := tx.Noting(a.auth.Note(c, auth.EventUserDeleted).About(id)).DeleteUser(ctx, id)
	if err == nil && !found {
		return errUserNotFound
	}
	return err
}
