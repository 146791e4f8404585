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

// Schema composes the tables of the core and of the enabled plugins, in the
// order of the configuration.
func Schema(cfg *Config) (*schema.Set, error) {
	parts := [][]schema.Table{schema.Core}
	for _, name := range cfg.Plugins.Order() {
		if name == "jwt" {
			parts = append(parts, jwt.Tables)
		}
	}
	return schema.NewSet(parts...)
}

// plugins makes the core and the enabled plugins. On an error it closes what
// it had made.
func plugins(ctx context.Context, a *auth.Auth, cfg *Config, log *slog.Logger) ([]auth.Plugin, error) {
	made := make([]auth.Plugin, 0, len(cfg.Plugins.Order())+1)
	c, err := core.New(a)
	if err != nil {
		return nil, err
	}
	made = append(made, c.Plugin())
	for _, name := range cfg.Plugins.Order() {
		p, err := plugin(ctx, name, a, cfg, log)
		if err != nil {
			closePlugins(made)
			return nil, fmt.Errorf("plugins.%s: %w", name, err)
		}
		made = append(made, p)
	}
	return made, nil
}

// plugin makes one plugin by the name of its options.
func plugin(ctx context.Context, name string, a *auth.Auth, cfg *Config, log *slog.Logger) (auth.Plugin, error) {
	switch name {
	case "jwt":
		p, err := jwt.New(ctx, a, *cfg.Plugins.JWT, log)
		if err != nil {
			return auth.Plugin{}, err
		}
		return p.Plugin(), nil
	case "bearer":
		return bearer.New(a, *cfg.Plugins.Bearer).Plugin(), nil
	default:
		return auth.Plugin{}, fmt.Errorf("no such plugin")
	}
}

func closePlugins(made []auth.Plugin) {
	for i := len(made) - 1; i >= 0; i-- {
		if made[i].Close != nil {
			made[i].Close()
		}
	}
}
