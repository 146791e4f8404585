package core

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

type deleteUserInput struct {
	CallbackURL *string `json:"callbackURL" doc:"Where the link in the mail leads to when the user is deleted."`
	Password    *string `json:"password" check:"own" doc:"The user's password; without it the session must be fresh."`
	Token       *string `json:"token" check:"own" doc:"The token of a deletion link that was mailed to the user."`
}

type deleteUserOutput struct {
	Success bool   `json:"success"`
	Message string `json:"message"`
}

var (
	userDeleted    = deleteUserOutput{Success: true, Message: "User deleted"}
	deletionMailed = deleteUserOutput{Success: true, Message: "Verification email sent"}
)

// deleteUser deletes the caller. Where deletion is confirmed by mail, a right
// password brings no more than that mail.
func (c *Core) deleteUser(ctx context.Context, call *api.Call, in deleteUserInput) (deleteUserOutput, error) {
	cfg := &c.auth.Config.User.DeleteUser
	if !cfg.Enabled {
		return deleteUserOutput{}, errDeletionOff
	}
	password := textOf(in.Password)
	if password != "" {
		if _, err := c.ownCredential(ctx, call, password); err != nil {
			return deleteUserOutput{}, err
		}
	}
	switch token := textOf(in.Token); {
	case token != "":
		return userDeleted, c.deleteWithToken(ctx, call, token)
	case cfg.SendDeleteAccountVerification:
		return deletionMailed, c.mailDeletion(ctx, call, textOf(in.CallbackURL))
	case password == "" && c.auth.Stale(call.Session):
		return deleteUserOutput{}, errSessionExpired
	}
	return userDeleted, c.deleteNow(ctx, call)
}

func (c *Core) deleteNow(ctx context.Context, call *api.Call) error {
	err := c.auth.Store.InTx(ctx, func(tx *store.Store) error { return c.deleteRows(ctx, tx, call) })
	if err == nil {
		c.auth.ClearSessionCookies(call)
	}
	return err
}

// deleteRows deletes the caller with everything that is the user's, the one-time
// values that were sent and not used included.
func (c *Core) deleteRows(ctx context.Context, tx *store.Store, call *api.Call) error {
	if _, err := tx.DeleteVerificationsOf(ctx, call.User.ID); err != nil {
		return err
	}
	_, err := tx.Noting(c.auth.Note(call, auth.EventUserDeleted)).DeleteUser(ctx, call.User.ID)
	return err
}

type deletionLink struct {
	Token       string  `json:"token" check:"own" doc:"The token of the link."`
	CallbackURL *string `json:"callbackURL" check:"own" doc:"Where to go when the user is deleted."`
}

// followDeletion is where the link of the mail leads to: only in a browser in
// which the user is signed in.
func (c *Core) followDeletion(ctx context.Context, call *api.Call, in deletionLink) (any, error) {
	callback := textOf(in.CallbackURL)
	if err := c.auth.CheckCallback(call, callback); err != nil {
		return nil, err
	}
	if !c.auth.Config.User.DeleteUser.Enabled {
		return nil, errDeletionLinkOff
	}
	if err := c.auth.FindStoredSession(ctx, call); err != nil {
		return nil, err
	}
	if call.Session == nil {
		return nil, errNoUserInfo
	}
	if err := c.deleteWithToken(ctx, call, in.Token); err != nil {
		return nil, err
	}
	if callback == "" {
		return userDeleted, nil
	}
	return api.Redirect(c.auth.RedirectTarget(callback)), nil
}
