// Package oauthproxy signs users in at a provider on servers that the provider
// does not know, such as previews: the provider sends every browser back to the
// production server, which trades the code and passes on what it has learnt.
//
// A preview sends the flow's state along, encrypted, in the place of the state.
// The production server answers /callback/{id} with such a state by a redirect to
// GET /callback/{id}/oauth-proxy of the preview, with the account and the user's
// profile, encrypted, and writes nothing down. There the flow goes on as at any
// callback. What the servers tell each other has Better Auth's form, so that
// either of them may be one.
//
// Not here: the rules of users and accounts, which are package social's.
package oauthproxy

import (
	"fmt"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/social"
)

// ID is the name of the plugin among those of a server.
const ID = "oauth-proxy"

// Proxy is the plugin.
type Proxy struct {
	auth   *auth.Auth
	social *social.Social
	cfg    Config
	keys   keys
	// production and current are origins; current is empty where the request tells.
	production, current string
	// path is what stands between an origin and the paths of endpoints.
	path string
}

// New checks the options.
func New(a *auth.Auth, s *social.Social, cfg Config) (*Proxy, error) {
	config.SetDefaults(&cfg)
	p := &Proxy{auth: a, social: s, cfg: cfg, path: strings.TrimPrefix(a.BaseURL, a.Origin)}
	var err error
	if p.production, err = originOf("productionURL", cfg.ProductionURL, true); err != nil {
		return nil, err
	}
	if p.current, err = originOf("currentURL", cfg.CurrentURL, false); err != nil {
		return nil, err
	}
	secrets := a.Secrets
	if own := cfg.Secret.Reveal(); own != "" {
		if secrets, err = secure.NewSecrets(own, nil); err != nil {
			return nil, fmt.Errorf("secret: %w", err)
		}
	}
	p.keys = newKeys(secrets)
	s.SendBackTo(p.base)
	return p, nil
}

// Plugin lists what the plugin adds.
func (p *Proxy) Plugin() auth.Plugin {
	begins := api.Path("/sign-in/social", "/link-social")
	return auth.Plugin{
		ID: ID,
		Routes: []api.Route{
			api.GET("/callback/{id}/oauth-proxy", api.Public, p.complete, api.MayRedirect(), api.Fails(auth.ErrInvalidCallback),
				api.Doc("Ends a sign-in at a provider that sends browsers back to the production server, which has sent the browser here.")),
			api.GET("/oauth-proxy-callback", api.Public, p.completeOld, api.MayRedirect(), api.Fails(auth.ErrInvalidCallback),
				api.Doc("Does the same for a production server that knows this address alone.")),
		},
		Before: []auth.Hook{{On: begins, Run: p.divert}, {On: api.Path("/callback/{id}"), Run: p.passOn}},
		After:  []auth.Hook{{On: begins, Run: p.pack}, {On: api.Path("/callback/{id}"), Run: p.unwrap}},
	}
}
