package twofactor

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// switchTo turns the second factor of the caller on or off, and puts a new session
// in the place of the one in use, in the transaction of what led there. after
// sends its cookies.
func (t *TwoFactor) switchTo(ctx context.Context, tx *store.Store, c *api.Call, on bool) (after func(), err error) {
	user, err := t.auth.UpdateUser(ctx, tx, c, c.User.ID,
		store.Change{Field: "twoFactorEnabled", Value: on}, store.Change{Field: "updatedAt", Value: t.auth.Time()})
	if err != nil {
		return nil, err
	}
	s, err := t.auth.Successor(ctx, tx, c, user)
	if err != nil {
		return nil, err
	}
	there, err := tx.DeleteSession(ctx, c.Session.Token)
	switch {
	case err != nil:
		return nil, err
	case !there: // revoked meanwhile
		return nil, api.ErrUnauthorized
	}
	entry := t.auth.Entry(c, auth.EventSignIn).With("replaces", c.Session.ID)
	if err := t.auth.KeepSession(ctx, tx.Noting(entry), c, s); err != nil {
		return nil, err
	}
	return func() { t.auth.Reenter(c, s, user) }, nil
}
