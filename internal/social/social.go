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
	"sync/atomic"

	"github.com/sallyport-auth/sallyport/internal/api"
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
	auth *auth.Auth
	// providers are those of an id; what points nowhere is not there yet.
	providers map[string]*atomic.Pointer[oauth.Provider]
	keeper    keeper
	// base gives the base URL of a call's flow, empty for the server's own; nil
	// where no plugin has another.
	base func(*api.Call) string
}

// New makes the providers of a configuration.
func New(a *auth.Auth, cfg Config, d Deps) (*Social, error) {
	s := &Social{auth: a, providers: map[string]*atomic.Pointer[oauth.Provider]{}}
	var err error
	if s.keeper, err = s.newKeeper(); err != nil {
		return nil, err
	}
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
func (s *Social) Add(p *oauth.Provider) { s.AddLate(p.ID)(p) }

// AddLate is Add for a provider of which not everything is known yet. There is
// none of that id until what it gives is called, which may be at any time, and no
// built-in one either: its users would be taken for those of the other.
func (s *Social) AddLate(id string) (arrive func(*oauth.Provider)) {
	place := new(atomic.Pointer[oauth.Provider])
	s.providers[id] = place
	return place.Store
}

// Provider finds a provider; nil where there is none.
func (s *Social) Provider(id string) *oauth.Provider {
	place := s.providers[id]
	if place == nil {
		return nil
	}
	return place.Load()
}

// EndsSessions tells whether any provider has a session of its own to end.
func (s *Social) EndsSessions() bool {
	for _, place := range s.providers {
		if p := place.Load(); p != nil && p.EndSession != nil {
			return true
		}
	}
	return false
}

// SendBackTo lets a plugin name the server to which a provider sends the browser of
// a call back, by its base URL; empty means this one. It is for the start.
func (s *Social) SendBackTo(base func(*api.Call) string) { s.base = base }

// CallbackURL is where a provider sends the browser back to.
func (s *Social) CallbackURL(p *oauth.Provider) string { return callbackUnder(s.auth.BaseURL, p) }

// CallbackTo is where a provider sends the browser back to that has no address of its own.
func (s *Social) CallbackTo(id string) string {
	return callbackUnder(s.auth.BaseURL, &oauth.Provider{ID: id})
}

// callbackOf is CallbackURL for a call whose flow begins.
func (s *Social) callbackOf(c *api.Call, p *oauth.Provider) string {
	if s.base != nil {
		if base := s.base(c); base != "" {
			return callbackUnder(base, p)
		}
	}
	return s.CallbackURL(p)
}

func callbackUnder(base string, p *oauth.Provider) string {
	switch {
	case p.CallbackPath == "":
		return base + "/callback/" + p.ID
	case p.CallbackPath[0] == '/':
		return base + p.CallbackPath
	}
	return base + "/" + p.CallbackPath
}
