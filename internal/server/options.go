package server

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/clientip"
	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/plugin/jwt"
	"github.com/sallyport-auth/sallyport/internal/schema"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/trace"
	"github.com/sallyport-auth/sallyport/internal/users"
	"github.com/sallyport-auth/sallyport/internal/version"
)

// StoreOptions are the options with which a configuration opens its database.
func StoreOptions(cfg *Config, set *schema.Set, log *slog.Logger) store.Options {
	return store.Options{
		URL: cfg.Database.URL.Reveal(), Schema: cfg.Database.SchemaName, OwnSchema: cfg.Server.Schema, Set: set, Log: log,
		Audit: *cfg.Server.Audit.Enabled,
	}
}

// MigrateOptions are the options with which a configuration is migrated.
func MigrateOptions(cfg *Config, set *schema.Set, log *slog.Logger) migrate.Options {
	url := cfg.Database.DirectURL
	if url.IsZero() {
		url = cfg.Database.URL
	}
	return migrate.Options{URL: url.Reveal(), Schema: cfg.Database.SchemaName, OwnSchema: cfg.Server.Schema, Set: set, Log: log}
}

// newTracer makes what sends traces; nil where the configuration sends none.
func newTracer(ctx context.Context, cfg *Config, log *slog.Logger) (*trace.Tracer, error) {
	return trace.New(ctx, cfg.Traces, trace.Options{Version: version.Version, BaseURL: cfg.BaseURL, Log: log})
}

// passwordOptions are the options with which a configuration hashes passwords.
func passwordOptions(cfg *Config) secure.PasswordOptions {
	return secure.PasswordOptions{Slots: cfg.Server.HashSlots}
}

// clientAddresses makes the resolver of client addresses.
func clientAddresses(cfg *Config, log *slog.Logger) (*clientip.Resolver, error) {
	ip := &cfg.Advanced.IPAddress
	r, err := clientip.New(clientip.Config{
		Headers: ip.IPAddressHeaders, TrustedProxies: ip.TrustedProxies, IPv6Subnet: *ip.IPv6Subnet, Disabled: ip.DisableIPTracking,
	})
	if err != nil {
		return nil, fmt.Errorf("advanced.ipAddress.%w", err)
	}
	r.OnIgnored = func(peer string) {
		log.Warn("a forwarded header came from a peer that is no trusted proxy and is ignored; if it is your proxy, list it",
			"peer", peer, "option", "advanced.ipAddress.trustedProxies")
	}
	return r, nil
}

// WithKeys opens the database for work on the signing keys.
func WithKeys(ctx context.Context, cfg *Config, log *slog.Logger, do func(*jwt.Keys) error) error {
	if cfg.Plugins.JWT == nil {
		return fmt.Errorf("there are no signing keys: the jwt plugin is not on (plugins.jwt)")
	}
	s := &Server{cfg: cfg, log: log}
	defer s.Close()
	if err := s.open(ctx, Deps{Log: log, Now: now, via: auth.ViaCommand}); err != nil {
		return err
	}
	return do(jwt.NewKeys(s.Auth, *cfg.Plugins.JWT, log))
}

// WithUsers opens the database for work on users, by the rules of the plugins that
// are on. None of them is started.
func WithUsers(ctx context.Context, cfg *Config, log *slog.Logger, do func(*users.Users) error) error {
	s := &Server{cfg: cfg, log: log}
	defer s.Close()
	if err := s.open(ctx, Deps{Log: log, Now: now, via: auth.ViaCommand}); err != nil {
		return err
	}
	made, err := plugins(s.Auth, cfg, log, newOutbound(cfg, nil, nil))
	if err != nil {
		return err
	}
	s.Auth.Attach(made.made)
	return do(users.New(s.Auth))
}

// ListenAddress is where the public listener of a configuration is.
func ListenAddress(cfg *Config, mode Mode) string {
	completeListen(cfg, mode)
	return cfg.Server.Listen
}

// basePath is the path of a base URL.
func basePath(a *auth.Auth) string { return strings.TrimPrefix(a.BaseURL, a.Origin) }
