package core

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
)

// signOutInput is what a logout at a provider needs.
type signOutInput struct {
	CallbackURL     *string `json:"callbackURL" doc:"Where the provider sends the browser after it has ended its own session."`
	DisableRedirect *bool   `json:"disableRedirect" doc:"Whether the answer has no Location header."`
	State           *string `json:"state" doc:"What the provider brings back."`
}

type signOutOutput struct {
	Success  bool    `json:"success"`
	URL      *string `json:"url,omitempty" doc:"Where a provider ends its own session."`
	Redirect *bool   `json:"redirect,omitempty" doc:"Whether the client is to go there."`
}

// signOut succeeds whether or not there was a session.
func (c *Core) signOut(ctx context.Context, call *api.Call, in *signOutInput) (signOutOutput, error) {
	address := ""
	if token, ok := c.auth.SessionToken(call); ok {
		var err error
		if address, err = c.logoutAt(ctx, token, in); err != nil {
			return signOutOutput{}, err
		}
		if _, err := c.auth.Store.Noting(c.auth.Entry(call, auth.EventSignOut)).DeleteSession(ctx, token); err != nil {
			return signOutOutput{}, err
		}
	}
	c.auth.ClearSessionCookies(call)
	if address == "" {
		return signOutOutput{Success: true}, nil
	}
	redirect := in == nil || in.DisableRedirect == nil || !*in.DisableRedirect
	if redirect {
		call.SetLocation(address)
	}
	return signOutOutput{Success: true, URL: &address, Redirect: &redirect}, nil
}
