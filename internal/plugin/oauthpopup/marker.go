package oauthpopup

import (
	"context"
	"encoding/json"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// mark is what the marker cookie remembers of a popup.
type mark struct {
	Origin string `json:"popupOrigin"`
	Nonce  string `json:"popupNonce"`
}

// remember sets the marker cookie.
func (p *Popup) remember(c *api.Call, m mark) error {
	text, err := api.JSON(m)
	if err == nil {
		p.auth.SetSigned(c, p.marker, string(text))
	}
	return err
}

// remembered reads the marker cookie of a request, and tells whether there is one.
// Of one that cannot be read, or that names nobody who is trusted, nothing is left.
func (p *Popup) remembered(c *api.Call) (m mark, ok bool) {
	text, ok := p.auth.Signed(c, p.marker)
	if err := json.Unmarshal([]byte(text), &m); err != nil || !p.auth.Trusted.MatchesOrigin(m.Origin) {
		return mark{}, ok
	}
	return m, ok
}

// forget takes the marker of a popup back that somebody has left: the flow that
// begins now is none of its.
func (p *Popup) forget(_ context.Context, c *api.Call) error {
	if _, has := c.Cookie(p.marker.Name); has {
		c.ExpireCookie(p.marker)
	}
	return nil
}
