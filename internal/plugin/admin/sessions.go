package admin

import (
	"context"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

type sessionsOutput struct {
	Sessions []api.Object `json:"sessions" model:"session"`
}

// successOutput is the answer of endpoints that have nothing to tell.
type successOutput struct {
	Success bool `json:"success"`
}

// listUserSessions lists the sessions of a user, impersonated ones too, and those
// that have ended and are still there.
func (a *Admin) listUserSessions(ctx context.Context, c *api.Call, in userInput) (sessionsOutput, error) {
	if err := a.require(c, "session", "list"); err != nil {
		return sessionsOutput{}, err
	}
	sessions, err := a.auth.Store.ListSessions(ctx, string(in.UserID), time.Time{}, a.auth.Config.Advanced.Database.DefaultFindManyLimit)
	if err != nil {
		return sessionsOutput{}, err
	}
	out := sessionsOutput{make([]api.Object, len(sessions))}
	for i, s := range sessions {
		out.Sessions[i] = a.auth.SessionOutput(s)
	}
	return out, nil
}

type revokeUserSessionInput struct {
	SessionToken string `json:"sessionToken" doc:"The token of the session."`
}

// revokeUserSession answers alike whether or not there was such a session.
func (a *Admin) revokeUserSession(ctx context.Context, c *api.Call, in revokeUserSessionInput) (successOutput, error) {
	if err := a.require(c, "session", "revoke"); err != nil {
		return successOutput{}, err
	}
	_, err := a.revoking(c, "one").DeleteSession(ctx, in.SessionToken)
	return successOutput{Success: err == nil}, err
}

// revokeUserSessions answers alike whether or not there is such a user.
func (a *Admin) revokeUserSessions(ctx context.Context, c *api.Call, in userInput) (successOutput, error) {
	if err := a.require(c, "session", "revoke"); err != nil {
		return successOutput{}, err
	}
	_, err := a.revoking(c, "all").DeleteUserSessions(ctx, string(in.UserID))
	return successOutput{Success: err == nil}, err
}

// revoking gives a store that notes the end of sessions. Whose they were is taken
// from the rows.
func (a *Admin) revoking(c *api.Call, which string) *store.Store {
	return a.auth.Store.Noting(a.auth.Note(c, auth.EventSessionRevoked).About("").With("which", which))
}

// hideImpersonated keeps sessions of administrators out of what users see of
// their own.
func (a *Admin) hideImpersonated(_ context.Context, c *api.Call) error {
	sessions, ok := c.Output.([]api.Object)
	if !ok || c.Err != nil {
		return nil
	}
	own := make([]api.Object, 0, len(sessions))
	for _, s := range sessions {
		if by, _ := s.Get("impersonatedBy"); by == nil || by == "" {
			own = append(own, s)
		}
	}
	c.Output = own
	return nil
}
