package genericoauth

import (
	"net/url"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/origin"
)

// logout gives the address at which the provider ends its own session (OpenID
// Connect RP-Initiated Logout 1.0); nil where it has none or is not to be asked.
func (p *provider) logout(base string) func(oauth.Logout) string {
	if p.DisableProviderLogout || !isWeb(p.endSession) {
		return nil
	}
	return func(l oauth.Logout) string {
		var query []origin.Pair
		set := func(name, value string) { query = append(query, origin.Pair{Name: name, Value: value}) }
		if l.IDToken != "" {
			set("id_token_hint", l.IDToken)
		}
		back := p.comesBack(l.RedirectURI, base)
		switch {
		case back != "":
			set("post_logout_redirect_uri", back)
			set("client_id", p.ClientID)
			if l.State != "" {
				set("state", l.State)
			}
		case l.IDToken == "":
			set("client_id", p.ClientID)
		}
		address, err := origin.SetQuery(base, p.endSession, query...)
		if err != nil {
			return ""
		}
		return address
	}
}

// comesBack is where the browser comes back to; empty for nowhere.
func (p *provider) comesBack(asked, base string) string {
	if asked == "" {
		asked = p.PostLogoutRedirectURI
	}
	if asked == "" {
		return ""
	}
	at, err := url.Parse(base)
	if err != nil {
		return ""
	}
	back, err := at.Parse(asked)
	if err != nil {
		return ""
	}
	if back.Path == "" {
		back.Path = "/"
	}
	return back.String()
}

func sameOrigin(a, b string) bool {
	x, err := url.Parse(a)
	if err != nil {
		return false
	}
	y, err := url.Parse(b)
	return err == nil && x.Scheme == y.Scheme && strings.EqualFold(x.Host, y.Host)
}
