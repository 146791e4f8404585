// Package genericoauth adds providers that are set up by options alone: any that
// speaks OAuth 2.0 (RFC 6749) or OpenID Connect, and ten that are known as presets.
//
// It has no endpoints. Its providers stand beside those that are built in, and
// before them where they have the same id: /sign-in/social, /link-social and
// /callback/<id> serve them. What a provider says of itself (OpenID Connect
// Discovery 1.0) is read at the start, and again when somebody asks for a provider
// whose document could not be read.
//
// Not here: ways to get tokens and profiles that only a function could express.
package genericoauth

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/outbound"
	"github.com/sallyport-auth/sallyport/internal/social"
)

// GenericOAuth is the plugin.
type GenericOAuth struct {
	auth   *auth.Auth
	client *client
	log    *slog.Logger
	// late are the providers that are there once their document has been read.
	late map[string]*late

	ctx     context.Context
	stop    context.CancelFunc
	reading sync.WaitGroup
}

// New checks the options and adds the providers. Nobody is asked before the start.
func New(a *auth.Auth, s *social.Social, c *outbound.Client, cfg Config, log *slog.Logger) (*GenericOAuth, error) {
	g := &GenericOAuth{auth: a, client: &client{c}, log: log, late: map[string]*late{}}
	g.ctx, g.stop = context.WithCancel(context.Background())
	have := map[string]bool{}
	for i := range cfg.Config {
		o := cfg.Config[i]
		if err := o.settle(); err != nil {
			return nil, fmt.Errorf("config[%d] %w", i, err)
		}
		if err := o.check(); err != nil {
			return nil, fmt.Errorf("config[%d] %w", i, err)
		}
		if have[o.ProviderID] {
			log.Warn("two generic OAuth providers have the same id: the first counts", "provider", o.ProviderID)
			continue
		}
		have[o.ProviderID] = true
		g.add(s, &o)
	}
	return g, nil
}

// add puts a provider before one of the same id that is built in.
func (g *GenericOAuth) add(s *social.Social, o *Provider) {
	if s.Provider(o.ProviderID) != nil {
		g.log.Warn("a generic OAuth provider hides the built-in one of the same id", "provider", o.ProviderID)
	}
	if o.DiscoveryURL == "" {
		s.Add(g.newProvider(o, &document{}))
		return
	}
	g.late[o.ProviderID] = &late{options: o, arrive: s.AddLate(o.ProviderID)}
}

// Plugin lists what the plugin adds.
func (g *GenericOAuth) Plugin() auth.Plugin {
	return auth.Plugin{
		ID:     "genericOAuth",
		Before: []auth.Hook{{On: func(c *api.Call) bool { return g.late[wanted(c)] != nil }, Run: g.await}},
		Start:  g.start,
		Close:  func() { g.stop(); g.reading.Wait() },
	}
}

// wanted is the provider that a request names, wherever it does.
func wanted(c *api.Call) string {
	for _, name := range []any{
		c.BodyField("provider"), c.BodyField("providerId"), c.QueryField("provider"), pathID(c),
	} {
		if name != nil {
			id, _ := name.(string)
			return id
		}
	}
	return ""
}

func pathID(c *api.Call) any {
	if id := c.Request.PathValue("id"); id != "" {
		return id
	}
	return nil
}
