package server

import (
	"context"
	"fmt"
	"log/slog"
	"reflect"
	"slices"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/core"
	"github.com/sallyport-auth/sallyport/internal/outbound"
	"github.com/sallyport-auth/sallyport/internal/plugin/admin"
	"github.com/sallyport-auth/sallyport/internal/plugin/bearer"
	"github.com/sallyport-auth/sallyport/internal/plugin/genericoauth"
	"github.com/sallyport-auth/sallyport/internal/plugin/jwt"
	"github.com/sallyport-auth/sallyport/internal/plugin/oauthpopup"
	"github.com/sallyport-auth/sallyport/internal/plugin/oauthproxy"
	"github.com/sallyport-auth/sallyport/internal/plugin/onetap"
	"github.com/sallyport-auth/sallyport/internal/plugin/openapi"
	"github.com/sallyport-auth/sallyport/internal/plugin/twofactor"
	"github.com/sallyport-auth/sallyport/internal/plugin/username"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/social"
)

// feature is what the server knows of a plugin before it is made.
type feature struct {
	// tables gives its tables and columns, and the names that the configuration
	// gives them; nil where it has none.
	tables func(*Config) []schema.Table
	build  func(*parts) (auth.Plugin, error)
	// events are what it writes to the audit log, as Plugin.Events says once it is
	// made.
	events []auth.EventKind
}

// parts are what plugins are made of.
type parts struct {
	auth *auth.Auth
	cfg  *Config
	log  *slog.Logger
	set  *schema.Set
	// social carries users through the flows of providers; plugins may add some.
	social *social.Social
	// outbound asks other servers.
	outbound *outbound.Client
	// made are the plugins, all of them once the server is there.
	made []auth.Plugin
	// keys tells of the signing keys; nil where there are none.
	keys func() jwt.KeyState
}

// features are the plugins that can be made, by the names of their options in
// Plugins. A new plugin is one entry here and one field there.
var features = map[string]feature{
	"jwt": {
		tables: func(cfg *Config) []schema.Table {
			return append(slices.Clone(jwt.Tables), cfg.Plugins.JWT.Renames()...)
		},
		build: func(p *parts) (auth.Plugin, error) {
			j, err := jwt.New(p.auth, *p.cfg.Plugins.JWT, p.log)
			if err != nil {
				return auth.Plugin{}, err
			}
			p.keys = j.KeyState
			return j.Plugin(), nil
		},
		events: jwt.Events,
	},
	"username": {
		tables: func(cfg *Config) []schema.Table { return cfg.Plugins.Username.Tables() },
		build: func(p *parts) (auth.Plugin, error) {
			u, err := username.New(p.auth, *p.cfg.Plugins.Username)
			if err != nil {
				return auth.Plugin{}, err
			}
			return u.Plugin(), nil
		},
	},
	"bearer": {
		build: func(p *parts) (auth.Plugin, error) { return bearer.New(p.auth, *p.cfg.Plugins.Bearer).Plugin(), nil },
	},
	"admin": {
		events: admin.Events,
		tables: func(cfg *Config) []schema.Table {
			return append(slices.Clone(admin.Tables), cfg.Plugins.Admin.Renames()...)
		},
		build: func(p *parts) (auth.Plugin, error) {
			a, err := admin.New(p.auth, *p.cfg.Plugins.Admin)
			if err != nil {
				return auth.Plugin{}, err
			}
			return a.Plugin(), nil
		},
	},
	"twoFactor": {
		tables: func(cfg *Config) []schema.Table {
			return append(slices.Clone(twofactor.Tables), cfg.Plugins.TwoFactor.Renames()...)
		},
		build: func(p *parts) (auth.Plugin, error) {
			t, err := twofactor.New(p.auth, *p.cfg.Plugins.TwoFactor)
			if err != nil {
				return auth.Plugin{}, err
			}
			return t.Plugin(), nil
		},
		events: twofactor.Events,
	},
	"genericOAuth": {
		build: func(p *parts) (auth.Plugin, error) {
			g, err := genericoauth.New(p.auth, p.social, p.outbound, *p.cfg.Plugins.GenericOAuth, p.log)
			if err != nil {
				return auth.Plugin{}, err
			}
			return g.Plugin(), nil
		},
	},
	"oneTap": {
		build: func(p *parts) (auth.Plugin, error) {
			d := onetap.Deps{Client: p.outbound}
			for _, entry := range p.cfg.Social.SocialProviders {
				if entry.Name == "google" {
					d.Google = entry.Value.Options
				}
			}
			o, err := onetap.New(p.auth, p.social, *p.cfg.Plugins.OneTap, d)
			if err != nil {
				return auth.Plugin{}, err
			}
			return o.Plugin(), nil
		},
	},
	"oauthPopup": {
		build: func(p *parts) (auth.Plugin, error) {
			o, err := oauthpopup.New(p.auth, p.social)
			if err != nil {
				return auth.Plugin{}, err
			}
			return o.Plugin(), nil
		},
	},
	"oAuthProxy": {
		build: func(p *parts) (auth.Plugin, error) {
			o, err := oauthproxy.New(p.auth, p.social, *p.cfg.Plugins.OAuthProxy)
			if err != nil {
				return auth.Plugin{}, err
			}
			return o.Plugin(), nil
		},
	},
	"openAPI": {
		build: func(p *parts) (auth.Plugin, error) {
			o, err := openapi.New(*p.cfg.Plugins.OpenAPI, p.document)
			if err != nil {
				return auth.Plugin{}, err
			}
			return o.Plugin(), nil
		},
	},
}

// pluginNames lists the plugins that can be made, in the order of Plugins.
func pluginNames() []string {
	var names []string
	for field := range reflect.TypeFor[Plugins]().Fields() {
		if field.Type.Kind() == reflect.Pointer {
			names = append(names, field.Tag.Get("yaml"))
		}
	}
	return names
}

// plugins makes the core and the enabled plugins, and starts none.
func plugins(a *auth.Auth, cfg *Config, log *slog.Logger, client *outbound.Client) (*parts, error) {
	flows, err := social.New(a, cfg.Social, social.Deps{Client: client})
	if err != nil {
		return nil, err
	}
	c, err := core.New(a, flows)
	if err != nil {
		return nil, err
	}
	set, err := Schema(cfg)
	if err != nil {
		return nil, err
	}
	p := &parts{auth: a, cfg: cfg, log: log, set: set, social: flows, outbound: client, made: []auth.Plugin{c.Plugin()}}
	for _, name := range cfg.Plugins.Order() {
		plugin, err := features[name].build(p)
		if err != nil {
			return nil, fmt.Errorf("plugins.%s: %w", name, err)
		}
		p.made = append(p.made, plugin)
	}
	return p, uniqueRoutes(p.made)
}

// uniqueRoutes refuses a path that an option has moved onto another one.
func uniqueRoutes(made []auth.Plugin) error {
	owners := map[string]string{}
	for _, p := range made {
		for _, r := range p.Routes {
			name := r.Method + " " + r.Path
			if other, taken := owners[name]; taken {
				return fmt.Errorf("plugins.%s: %s is already answered by %s: choose another path", p.ID, name, other)
			}
			owners[name] = p.ID
		}
	}
	return nil
}

func startPlugins(ctx context.Context, made []auth.Plugin) error {
	for _, p := range made {
		if p.Start == nil {
			continue
		}
		if err := p.Start(ctx); err != nil {
			return fmt.Errorf("plugins.%s: %w", p.ID, err)
		}
	}
	return nil
}

func closePlugins(made []auth.Plugin) {
	for i := len(made) - 1; i >= 0; i-- {
		if made[i].Close != nil {
			made[i].Close()
		}
	}
}
