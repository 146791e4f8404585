// Package social is the flow of a sign-in with somebody else's identity: it
// sends a browser to a provider with a state, takes the code that it brings back,
// asks who that is, and decides which user this is, under which conditions an
// account joins a user, and when a new user is made.
//
// What differs between providers is package oauth/provider's; plugins add
// providers of their own and have flows of their own made of the same steps. The
// tokens of accounts that exist are handed out and renewed by package core.
package social

import (
	"fmt"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/oauth/provider"
	"github.com/sallyport-auth/sallyport/internal/outbound"
)

// Config holds the options of social sign-in that do not belong to accounts.
type Config struct {
	SocialProviders config.Ordered[ProviderOptions] `yaml:"socialProviders" doc:"Providers to sign in with, by name."`
}

// Deps is what New needs besides the configuration.
type Deps struct {
	// Client asks the providers.
	Client *outbound.Client
}

// Social knows the providers and carries users through their flows.
type Social struct {
	auth      *auth.Auth
	providers map[string]*oauth.Provider
}

// New makes the providers of a configuration.
func New(a *auth.Auth, cfg Config, d Deps) (*Social, error) {
	s := &Social{auth: a, providers: map[string]*oauth.Provider{}}
	for _, entry := range cfg.SocialProviders {
		o := entry.Value.Options
		config.SetDefaults(&o)
		if !*o.Enabled {
			continue
		}
		p, err := provider.New(entry.Name, o, provider.Deps{Client: d.Client, Now: a.Now})
		if err != nil {
			return nil, fmt.Errorf("socialProviders.%s: %w", entry.Name, err)
		}
		s.Add(p)
	}
	return s, nil
}

// Add adds a plugin's provider. It shadows a built-in one of the same id. It is
// for the start, before the first call.
func (s *Social) Add(p *oauth.Provider) { s.providers[p.ID] = p }

// Provider finds a provider; nil where there is none.
func (s *Social) Provider(id string) *oauth.Provider { return s.providers[id] }

// CallbackURL is where a provider sends the browser back to.
func (s *Social) CallbackURL(p *oauth.Provider) string {
	switch {
	case p.CallbackPath == "":
		return s.auth.BaseURL + "/callback/" + p.ID
	case p.CallbackPath[0] == '/':
		return s.auth.BaseURL + p.CallbackPath
	}
	return s.auth.BaseURL + "/" + p.CallbackPath
}
