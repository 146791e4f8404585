package core

import (
	"context"
	"errors"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// followChange takes a step of a change of address. The link is void once the
// user has another address, or the password was changed after it was mailed.
func (c *Core) followChange(ctx context.Context, call *api.Call, token auth.EmailToken, callback string) (api.Object, error) {
	user, err := c.userOfChange(ctx, c.auth.Store.UserByID, token)
	if err != nil {
		return nil, err
	}
	ended, err := c.auth.LinksEnded(ctx, c.auth.Store, user.ID)
	switch {
	case err != nil:
		return nil, err
	case token.Until(ended, true):
		return nil, auth.ErrInvalidToken
	}
	if err := c.liveSession(ctx, call); err != nil {
		return nil, err
	}
	if call.Session != nil && call.User.ID != user.ID {
		return nil, errInvalidUser
	}
	if token.RequestType == auth.ConfirmChange {
		return status(), c.askNewAddress(ctx, call, user, token, callback)
	}
	return c.changeByLink(ctx, call, token, callback)
}

// userOfChange finds the user of a link by find, with the address that the link
// was mailed for.
func (c *Core) userOfChange(ctx context.Context, find func(context.Context, string) (*store.User, error), token auth.EmailToken) (*store.User, error) {
	user, err := find(ctx, token.UserID)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil, errNoUser
	case err != nil:
		return nil, err
	case strings.ToLower(user.Email) != token.Email:
		return nil, auth.ErrInvalidToken
	}
	return user, nil
}

// askNewAddress mails the second link, to the new address.
func (c *Core) askNewAddress(ctx context.Context, call *api.Call, user *store.User, token auth.EmailToken, callback string) error {
	if !c.auth.Config.EmailVerification.SendVerificationEmail {
		return nil
	}
	claims := token.EmailClaims
	claims.RequestType = auth.VerifyChange
	link, err := c.auth.NewEmailLink(claims, callback, c.auth.EmailLinkLife())
	if err != nil {
		return err
	}
	addressee := *user
	addressee.Email = token.UpdateTo
	return c.auth.Store.InTx(ctx, func(tx *store.Store) error {
		if err := tx.Note(ctx, c.auth.Note(call, auth.EventEmailChangeConfirmed).About(user.ID)); err != nil {
			return err
		}
		return c.auth.Send(ctx, tx, c.auth.VerificationMessage(&addressee, link))
	})
}

// changeByLink gives the user the new address. It stays as proven as the old
// one was; a link of the older kind leaves it unproven and mails it another one.
func (c *Core) changeByLink(ctx context.Context, call *api.Call, token auth.EmailToken, callback string) (api.Object, error) {
	var user *store.User
	err := c.auth.Store.InTx(ctx, func(tx *store.Store) error {
		old, err := c.userOfChange(ctx, tx.LockUser, token)
		if err != nil {
			return err
		}
		proven := old.EmailVerified && token.RequestType == auth.VerifyChange
		user, err = c.auth.UpdateUser(ctx, tx.Noting(c.auth.Note(call, auth.EventEmailChanged)), call, old.ID,
			store.Change{Field: "email", Value: token.UpdateTo},
			store.Change{Field: "emailVerified", Value: proven},
			store.Change{Field: "updatedAt", Value: c.auth.Time()})
		if err != nil {
			return err
		}
		if err := c.auth.TakeBack(ctx, tx, user); err != nil || token.RequestType == auth.VerifyChange {
			return err
		}
		return c.askToProve(ctx, tx, user, callback)
	})
	if errors.Is(err, store.ErrDuplicate) {
		return nil, auth.ErrUserAlreadyExists.WithCause(err)
	}
	if err != nil {
		return nil, err
	}
	if call.Session != nil {
		seen := *call.User
		seen.Email, seen.EmailVerified = user.Email, user.EmailVerified
		c.auth.Reenter(call, call.Session, &seen)
	}
	return status(api.Member{Key: "user", Value: c.auth.UserOutput(user)}), nil
}

// askToProve mails the link with which an older kind of change ends.
func (c *Core) askToProve(ctx context.Context, tx *store.Store, user *store.User, callback string) error {
	if !c.auth.Config.EmailVerification.SendVerificationEmail {
		return nil
	}
	link, err := c.auth.NewEmailLink(auth.EmailClaims{Email: user.Email, UserID: user.ID}, callback, auth.DefaultLinkLife)
	if err != nil {
		return err
	}
	return c.auth.Send(ctx, tx, c.auth.VerificationMessage(user, link))
}
