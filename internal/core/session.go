package core

import (
	"context"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
)

type getSessionInput struct {
	DisableCookieCache api.Truthy `json:"disableCookieCache"`
	DisableRefresh     api.Truthy `json:"disableRefresh"`
}

type sessionOutput struct {
	Session      api.Object `json:"session" model:"session"`
	User         api.Object `json:"user" model:"user"`
	NeedsRefresh *bool      `json:"needsRefresh,omitempty"`
}

func (c *Core) getSession(ctx context.Context, call *api.Call, in getSessionInput) (*sessionOutput, error) {
	noStore(call)
	return c.readSession(ctx, call, auth.Read{NoRefresh: bool(in.DisableRefresh), NoCache: bool(in.DisableCookieCache)})
}

func (c *Core) renewSession(ctx context.Context, call *api.Call, in getSessionInput) (*sessionOutput, error) {
	noStore(call)
	if !c.auth.Config.Session.DeferSessionRefresh {
		return nil, auth.ErrDeferSessionRefresh
	}
	return c.readSession(ctx, call, auth.Read{Write: true, NoRefresh: bool(in.DisableRefresh), NoCache: bool(in.DisableCookieCache)})
}

func noStore(call *api.Call) {
	call.SetHeader("Cache-Control", "no-store")
	call.SetHeader("Pragma", "no-cache")
}

func (c *Core) readSession(ctx context.Context, call *api.Call, how auth.Read) (*sessionOutput, error) {
	due, err := c.auth.ReadSession(ctx, call, how)
	if err != nil || call.Session == nil {
		return nil, err
	}
	return &sessionOutput{
		Session: c.auth.SessionOutput(call.Session), User: c.auth.UserOutput(call.User), NeedsRefresh: due,
	}, nil
}

func (c *Core) listSessions(ctx context.Context, call *api.Call, _ api.None) ([]api.Object, error) {
	sessions, err := c.auth.Store.ListSessions(ctx, call.User.ID, c.auth.Time(), c.listLimit())
	if err != nil {
		return nil, err
	}
	out := make([]api.Object, len(sessions))
	for i, s := range sessions {
		out[i] = c.auth.SessionOutput(s)
	}
	return out, nil
}

type revokeSessionInput struct {
	Token string `json:"token"`
}

// revokeSession answers alike for tokens of other users and of nobody.
func (c *Core) revokeSession(ctx context.Context, call *api.Call, in revokeSessionInput) (statusOutput, error) {
	noting := c.auth.Store.Noting(c.auth.Note(call, auth.EventSessionRevoked).With("which", "one"))
	if _, err := noting.DeleteSessionOf(ctx, call.User.ID, in.Token); err != nil {
		return statusOutput{}, err
	}
	if in.Token == call.Session.Token {
		c.auth.ClearSessionCookies(call)
	}
	return statusOutput{Status: true}, nil
}

func (c *Core) revokeSessions(ctx context.Context, call *api.Call, _ api.None) (statusOutput, error) {
	noting := c.auth.Store.Noting(c.auth.Note(call, auth.EventSessionRevoked).With("which", "all"))
	if _, err := noting.DeleteUserSessions(ctx, call.User.ID); err != nil {
		return statusOutput{}, err
	}
	c.auth.ClearSessionCookies(call)
	return statusOutput{Status: true}, nil
}

func (c *Core) revokeOtherSessions(ctx context.Context, call *api.Call, _ api.None) (statusOutput, error) {
	noting := c.auth.Store.Noting(c.auth.Note(call, auth.EventSessionRevoked).With("which", "others"))
	_, err := noting.DeleteOtherSessions(ctx, call.User.ID, call.Session.Token, c.auth.Time())
	return statusOutput{Status: err == nil}, err
}
