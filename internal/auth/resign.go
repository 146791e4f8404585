package auth

import (
	"context"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

// resign sends the cookies of the call's session again, which an older secret has
// signed, so that they outlive its removal. Nothing counts for longer than it did:
// the browser is told the life that the session has left.
func (a *Auth) resign(ctx context.Context, c *api.Call) error {
	if !a.sendsSession(c) {
		a.resignSession(c)
	}
	for _, plugin := range a.resigners {
		if err := plugin(ctx, c); err != nil {
			return err
		}
	}
	return nil
}

// sendsSession tells whether the answer sets the session cookie already, as that
// of an extended session does.
func (a *Auth) sendsSession(c *api.Call) bool {
	for _, cookie := range c.SetCookies() {
		if cookie.Name == a.cookies.sessionToken.Name {
			return true
		}
	}
	return false
}

func (a *Auth) resignSession(c *api.Call) {
	if a.Remembered(c) {
		a.SetSignedUntil(c, a.cookies.sessionToken, c.Session.Token, c.Session.ExpiresAt)
		return
	}
	cookie := a.cookies.sessionToken
	cookie.MaxAge = nil
	a.SetSigned(c, cookie, c.Session.Token)
	a.sendRemember(c, false)
}

// Resign sends a cookie of the call again if an older secret has signed it.
func (a *Auth) Resign(c *api.Call, cookie api.Cookie) {
	if value, by := a.SignedBy(c, cookie); by == secure.OlderSecret {
		a.SetSigned(c, cookie, value)
	}
}

// SetSignedUntil is SetSigned with an age that ends at a time.
func (a *Auth) SetSignedUntil(c *api.Call, cookie api.Cookie, value string, until time.Time) {
	left := int64(until.Sub(a.Time()) / time.Second)
	cookie.MaxAge = api.SecondsPtr(min(left, api.MaxCookieAge))
	a.SetSigned(c, cookie, value)
}
