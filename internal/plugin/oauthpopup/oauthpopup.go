// Package oauthpopup signs users in at a provider in a popup: the application
// stays where it is, and the popup tells it how the flow has ended.
//
// A popup begins at GET /oauth-popup/start, which remembers the application's
// origin and the nonce of its try in a signed cookie, and goes on as any sign-in
// at a provider. When the provider sends the browser back, the redirect that
// would follow becomes a page that posts the session token or the error to the
// window which has opened it, at that origin and no other.
//
// Not here: the flow itself, which is package social's, and taking the token as a
// bearer token, which is package bearer's.
package oauthpopup

import (
	"fmt"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/social"
)

// Config holds the options of the plugin: there are none.
type Config struct{}

// ID is the name of the plugin among those of a server.
const ID = "oauth-popup"

const (
	markerKey  = "oauth_popup"
	markerLife = 10 * time.Minute
)

// Popup is the plugin.
type Popup struct {
	auth   *auth.Auth
	social *social.Social
	// marker is the cookie that ties a callback to a popup, without a value.
	marker api.Cookie
}

// New gives the plugin.
func New(a *auth.Auth, s *social.Social) (*Popup, error) {
	marker, err := a.NewCookie(markerKey, markerLife)
	if err != nil {
		return nil, fmt.Errorf("advanced.cookies.%s: %w", markerKey, err)
	}
	return &Popup{auth: a, social: s, marker: marker}, nil
}

// Plugin lists what the plugin adds.
func (p *Popup) Plugin() auth.Plugin {
	return auth.Plugin{
		ID: ID,
		Routes: []api.Route{
			api.GET("/oauth-popup/start", api.Public, p.start, api.Answers[api.File](), api.Fails(errOrigin), api.MayRedirect(),
				api.Doc("Begins a sign-in at a provider in a popup, which a browser opens at this address; the answer is the page that tells the application of an error, or sends the popup on to the provider.")),
		},
		After: []auth.Hook{
			{On: isCallback, Run: p.finish},
			{On: api.Path("/sign-in/social", "/link-social", "/sign-in/oauth2", "/oauth2/link"), Run: p.forget},
		},
	}
}

// isCallback tells whether a provider has sent the browser back. One that posts is
// first sent here again, as GET.
func isCallback(c *api.Call) bool {
	path := c.Route.Path
	return c.Request.Method == "GET" && (strings.HasPrefix(path, "/callback/") || strings.HasPrefix(path, "/oauth2/callback/"))
}
