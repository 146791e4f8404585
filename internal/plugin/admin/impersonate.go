package admin

import (
	"context"
	"errors"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// keyAdminSession is the key of the cookie that holds the session of an
// administrator while they impersonate somebody: its token, a colon, and whether
// the browser is to forget it.
const keyAdminSession = "admin_session"

type entryOutput struct {
	Session api.Object `json:"session" model:"session"`
	User    api.Object `json:"user" model:"user"`
}

// impersonateUser gives the caller a session of another user, which ends soon and
// is not extended.
func (a *Admin) impersonateUser(ctx context.Context, c *api.Call, in userInput) (entryOutput, error) {
	if err := a.require(c, "user", "impersonate"); err != nil {
		return entryOutput{}, err
	}
	user, err := a.find(ctx, string(in.UserID))
	if err != nil {
		return entryOutput{}, err
	}
	if a.isAdmin(user.ID, a.role.Text(user)) && !a.cfg.AllowImpersonatingAdmins {
		if err := a.require(c, "user", "impersonate-admins"); err != nil {
			return entryOutput{}, err
		}
	}
	s, err := a.impersonation(ctx, c, user)
	if err != nil {
		return entryOutput{}, err
	}
	a.leaveFor(c, s, user)
	return entryOutput{a.auth.SessionOutput(s), a.auth.UserOutput(user)}, nil
}

// impersonation makes the session.
func (a *Admin) impersonation(ctx context.Context, c *api.Call, user *store.User) (*store.Session, error) {
	s, err := a.auth.NewSession(ctx, c, user, false)
	if err != nil {
		return nil, err
	}
	s.ExpiresAt = s.CreatedAt.Add(a.cfg.ImpersonationSessionDuration.Std())
	s.From = nil // the address is not one that the user signs in from
	a.impersonatedBy.Set(s, c.User.ID)
	err = a.auth.KeepSession(ctx, a.auth.Store.Noting(a.auth.Note(c, EventImpersonated).About(user.ID)), c, s)
	if errors.Is(err, store.ErrRejected) { // the user is gone meanwhile
		return nil, errUserNotFound.WithCause(err)
	}
	return s, err
}

// leaveFor puts the caller's session by and that of the user in its place.
func (a *Admin) leaveFor(c *api.Call, s *store.Session, user *store.User) {
	kept := c.Session.Token + ":"
	if !a.auth.Remembered(c) {
		kept += "true"
	}
	a.auth.ClearSessionCookies(c)
	a.auth.SetSigned(c, a.kept, kept)
	a.auth.Enter(c, s, user, false)
}

// stopImpersonating ends the impersonation that the caller is in, and goes on with
// the session from before.
func (a *Admin) stopImpersonating(ctx context.Context, c *api.Call, _ api.None) (entryOutput, error) {
	by := a.impersonatedBy.Text(c.Session)
	if by == "" {
		return entryOutput{}, errNotImpersonating
	}
	token, remember, ok := a.keptSession(c)
	if !ok {
		return entryOutput{}, errNoAdminSession
	}
	s, admin, err := a.auth.Store.SessionByToken(ctx, token)
	switch {
	case errors.Is(err, store.ErrNotFound), err == nil && (admin.ID != by || s.ExpiresAt.Before(a.auth.Time())):
		return entryOutput{}, errNoAdminSession
	case err != nil:
		return entryOutput{}, err
	}
	n := a.auth.Note(c, EventImpersonationEnded)
	n.ActorID = by
	if _, err := a.auth.Store.Noting(n).DeleteSession(ctx, c.Session.Token); err != nil {
		return entryOutput{}, err
	}
	a.auth.Enter(c, s, admin, remember)
	c.ExpireCookie(a.expired)
	return entryOutput{a.auth.SessionOutput(s), a.auth.UserOutput(admin)}, nil
}

// keptSession reads the cookie that was set when the impersonation began.
func (a *Admin) keptSession(c *api.Call) (token string, remember, ok bool) {
	value, ok := a.auth.Signed(c, a.kept)
	token, forget, _ := strings.Cut(value, ":")
	forget, _, _ = strings.Cut(forget, ":")
	return token, forget == "", ok
}

// resign sends the cookie of an impersonation again.
func (a *Admin) resign(_ context.Context, c *api.Call) error {
	a.auth.Resign(c, a.kept)
	return nil
}

// endsAsMade tells of impersonations that they are not extended.
func (a *Admin) endsAsMade(s *store.Session) bool { return a.impersonatedBy.Text(s) != "" }

// nameImpersonator writes down who it was that acted as a user.
func (a *Admin) nameImpersonator(c *api.Call, n *store.Note) {
	if by := a.impersonatedBy.Text(c.Session); by != "" {
		n.With("impersonatedBy", by)
	}
}

// cookies are the one that keeps the session of an administrator, whose attributes
// are those of the session cookie, and the one that removes it, which has its own.
func cookies(a *auth.Auth) (kept, expired api.Cookie, err error) {
	if expired, err = a.NewCookie(keyAdminSession, 0); err != nil {
		return kept, expired, err
	}
	kept, err = a.NewCookie("session_token", a.Config.Session.ExpiresIn.Std())
	kept.Name = expired.Name
	return kept, expired, err
}
