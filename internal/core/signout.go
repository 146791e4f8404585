package core

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
)

// signOutInput is what a logout at a provider would need; the password alone
// has nowhere to log out.
type signOutInput struct {
	CallbackURL     *string `json:"callbackURL"`
	DisableRedirect *bool   `json:"disableRedirect"`
	State           *string `json:"state"`
}

type successOutput struct {
	Success bool `json:"success"`
}

// signOut succeeds whether or not there was a session.
func (c *Core) signOut(ctx context.Context, call *api.Call, _ *signOutInput) (successOutput, error) {
	if token, ok := c.auth.SessionToken(call); ok {
		if _, err := c.auth.Store.Noting(c.auth.Entry(call, auth.EventSignOut)).DeleteSession(ctx, token); err != nil {
			return successOutput{}, err
		}
	}
	c.auth.ClearSessionCookies(call)
	return successOutput{Success: true}, nil
}
