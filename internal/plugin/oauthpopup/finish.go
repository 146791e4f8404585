package oauthpopup

import (
	"context"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/origin"
)

// finish puts the page in the place of the redirect with which a callback has
// ended, where a popup has begun the flow.
func (p *Popup) finish(_ context.Context, c *api.Call) error {
	to := c.Location()
	if to == "" || c.Err != nil {
		return nil
	}
	m, ok := p.remembered(c)
	if !ok {
		return nil
	}
	c.ExpireCookie(p.marker)
	if m.Origin == "" {
		return nil
	}
	out := outcome{Target: m.Origin, Nonce: m.Nonce}
	if out.Token = p.token(c); out.Token != "" {
		out.RedirectTo = to
	} else if out.Error = failureOf(to); out.Error == nil {
		return nil
	}
	answer, err := page(c, out)
	if err == nil {
		c.Respond(answer)
	}
	return err
}

// token is the session token that the answer sets, signed, empty where it sets
// none.
func (p *Popup) token(c *api.Call) string {
	for _, cookie := range c.SetCookies() {
		if cookie.Name == p.auth.SessionCookieName() && cookie.Value != "" {
			return cookie.Value
		}
	}
	return ""
}

// failureOf reads the error off the address of an error page; nil where there is
// none.
func failureOf(address string) *failure {
	address, _, _ = strings.Cut(address, "#")
	_, query, _ := strings.Cut(address, "?")
	f := &failure{Code: first(query, "error"), Description: first(query, "error_description")}
	if f.Code == "" {
		return nil
	}
	return f
}

func first(query, name string) string {
	for _, pair := range origin.ReadForm(query) {
		if pair.Name == name {
			return pair.Value
		}
	}
	return ""
}
