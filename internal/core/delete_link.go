package core

import (
	"context"
	"errors"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// Tokens of deletion links: what their identifiers begin with, and the
// alphabet and length of the original's.
const (
	deletionPurpose  = "delete-account-"
	deletionAlphabet = "0123456789abcdefghijklmnopqrstuvwxyz"
	deletionLength   = 32
)

// mailDeletion sends the user a link that deletes the account.
func (c *Core) mailDeletion(ctx context.Context, call *api.Call, callback string) error {
	user := call.User
	token, err := secure.RandomString(c.auth.Rand, deletionAlphabet, deletionLength)
	if err != nil {
		return err
	}
	if callback == "" {
		callback = "/"
	}
	url := c.auth.BaseURL + "/delete-user/callback?token=" + token + "&callbackURL=" + api.EncodeURIComponent(callback)
	life := c.auth.Config.User.DeleteUser.DeleteTokenExpiresIn.Std()
	return c.auth.Store.InTx(ctx, func(tx *store.Store) error {
		noting := tx.Noting(c.auth.Note(call, auth.EventUserDeletionAsked))
		row, err := c.auth.KeepVerification(ctx, noting, deletionPurpose+token, user.ID, life)
		if err != nil {
			return err
		}
		link := auth.Link{URL: url, Token: token, ExpiresAt: row.ExpiresAt}
		return c.auth.Send(ctx, tx, c.auth.LinkMessage("sendDeleteAccountVerification", user, link))
	})
}

// deleteWithToken takes the token and deletes the caller in one transaction.
// The token of another user stays what it was.
func (c *Core) deleteWithToken(ctx context.Context, call *api.Call, token string) error {
	err := c.auth.Store.InTx(ctx, func(tx *store.Store) error {
		if _, err := tx.LockUser(ctx, call.User.ID); err != nil {
			return err
		}
		if err := c.auth.ConsumeVerificationOf(ctx, tx, deletionPurpose+token, call.User.ID); err != nil {
			return err
		}
		return c.deleteRows(ctx, tx, call)
	})
	if errors.Is(err, store.ErrNotFound) {
		return errDeletionToken
	}
	if err == nil {
		c.auth.ClearSessionCookies(call)
	}
	return err
}
