package server

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/core"
	"github.com/sallyport-auth/sallyport/internal/plugin/bearer"
	"github.com/sallyport-auth/sallyport/internal/plugin/jwt"
	"github.com/sallyport-auth/sallyport/internal/schema"
)

// feature is what the server knows of a plugin before it is made.
type feature struct {
	tables []schema.Table
	// renames gives the names of its tables that the configuration changes.
	renames func(*Config) []schema.Table
	build   func(context.Context, *auth.Auth, *Config, *slog.Logger) (auth.Plugin, error)
}

// features are the plugins that can be made, by the names of their options in
// Plugins. A new plugin is one entry here and one field there.
var features = map[string]feature{
	"jwt": {tables: jwt.Tables, renames: func(cfg *Config) []schema.Table { return cfg.Plugins.JWT.Renames() }, build: func(ctx context.Context, a *auth.Auth, cfg *Config, log *slog.Logger) (auth.Plugin, error) {
		p, err := jwt.New(ctx, a, *cfg.Plugins.JWT, log)
		if err != nil {
			return auth.Plugin{}, err
		}
		return p.Plugin(), nil
	}},
	"bearer": {build: func(_ context.Context, a *auth.Auth, cfg *Config, _ *slog.Logger) (auth.Plugin, error) {
		return bearer.New(a, *cfg.Plugins.Bearer).Plugin(), nil
	}},
}

// describing is the plugin that is made last, because it describes the others.
const describing = "openAPI"

// plugins makes the core and the enabled plugins. On an error it closes what
// it had made.
func plugins(ctx context.Context, a *auth.Auth, cfg *Config, log *slog.Logger) ([]auth.Plugin, error) {
	c, err := core.New(a)
	if err != nil {
		return nil, err
	}
	made := []auth.Plugin{c.Plugin()}
	for _, name := range cfg.Plugins.Order() {
		if name == describing {
			continue
		}
		p, err := features[name].build(ctx, a, cfg, log)
		if err != nil {
			closePlugins(made)
			return nil, fmt.Errorf("plugins.%s: %w", name, err)
		}
		made = append(made, p)
	}
	if cfg.Plugins.OpenAPI != nil {
		p, err := describe(a, cfg, made)
		if err != nil {
			closePlugins(made)
			return nil, fmt.Errorf("plugins.%s: %w", describing, err)
		}
		made = append(made, p)
	}
	if err := uniqueRoutes(made); err != nil {
		closePlugins(made)
		return nil, err
	}
	return made, nil
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

func closePlugins(made []auth.Plugin) {
	for i := len(made) - 1; i >= 0; i-- {
		if made[i].Close != nil {
			made[i].Close()
		}
	}
}
