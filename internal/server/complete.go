package server

import (
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/config"
)

// Mode is what a server is for. It decides a few defaults, and how much must be
// said in the configuration.
type Mode string

// The modes. A private Postgres means development, a named database production,
// unless server.mode says otherwise.
const (
	Development Mode = "development"
	Production  Mode = "production"
)

// devFrontend is where the development servers of most front ends listen.
const devFrontend = "http://localhost:3000"

// productionDrain is longer than most balancers need to ask twice.
const productionDrain = 5 * time.Second

// ModeOf gives the mode of a configuration before it is completed.
func ModeOf(cfg *Config) Mode {
	switch {
	case cfg.Server.Mode != "":
		return Mode(cfg.Server.Mode)
	case cfg.Database.URL.IsZero():
		return Development
	default:
		return Production
	}
}

// Complete fills in what depends on the mode and refuses what the mode does not
// allow. The secret and the database must have been settled before.
func Complete(cfg *Config, mode Mode) error {
	config.SetDefaults(cfg)
	cfg.Server.Mode = string(mode)
	completeListen(cfg, mode)
	completeDrain(cfg, mode)
	if mode == Development {
		completeDevelopment(cfg)
	}
	completeLimits(cfg, mode)
	return validate(cfg, mode)
}

// completeListen puts the address together: server.listen, else HOST and PORT.
// A development server is for this machine alone.
func completeListen(cfg *Config, mode Mode) {
	if cfg.Server.Listen != "" {
		return
	}
	host := cfg.Server.Host
	if host == "" && mode == Development {
		host = "127.0.0.1"
	}
	cfg.Server.Listen = net.JoinHostPort(host, fmt.Sprint(cfg.Server.Port))
}

// completeDrain gives balancers the time to notice that an instance stops.
func completeDrain(cfg *Config, mode Mode) {
	if cfg.Server.Timeouts.Drain != nil {
		return
	}
	drain := config.Duration(0)
	if mode == Production {
		drain = config.Duration(productionDrain)
	}
	cfg.Server.Timeouts.Drain = &drain
}

func completeDevelopment(cfg *Config) {
	if cfg.BaseURL == "" {
		_, port, _ := net.SplitHostPort(cfg.Server.Listen)
		cfg.BaseURL = "http://localhost:" + port
		if cfg.Server.TLS.On() {
			cfg.BaseURL = "https://localhost:" + port
		}
	}
	if !slices.Contains(cfg.TrustedOrigins, devFrontend) {
		cfg.TrustedOrigins = append(slices.Clone(cfg.TrustedOrigins), devFrontend)
	}
}

func validate(cfg *Config, mode Mode) error {
	return errors.Join(validateBaseURL(cfg), validateSecret(cfg, mode), validateListen(cfg), validateTLS(cfg), validateDisabled(cfg), validateKept(cfg), validateSecondaryStorage(cfg), validateMessaging(cfg, mode), cfg.Traces.Check())
}

func validateBaseURL(cfg *Config) error {
	if cfg.BaseURL == "" {
		return errors.New("baseURL is not set: set it, or BETTER_AUTH_URL, to the address that browsers use for this server")
	}
	_, err := auth.BaseURL(cfg.Config)
	return err
}

func validateSecret(cfg *Config, mode Mode) error {
	if cfg.Secret.IsZero() && len(cfg.Secrets) == 0 {
		return errors.New("secret is not set: set BETTER_AUTH_SECRET to what `sallyport secret generate` prints")
	}
	secrets, err := Secrets(cfg)
	if err != nil {
		return err
	}
	if secrets.IsDefault() && mode == Production {
		return errors.New("secret is Better Auth's public default: set BETTER_AUTH_SECRET to what `sallyport secret generate` prints")
	}
	return nil
}

// validateKept refuses what would keep sessions or one-time values elsewhere
// than in Postgres, where alone they can be revoked for certain.
func validateKept(cfg *Config) error {
	isFalse := func(b *bool) bool { return b != nil && !*b }
	var errs []error
	if isFalse(cfg.Session.StoreSessionInDatabase) {
		errs = append(errs, errors.New("session.storeSessionInDatabase cannot be false: sessions are always in Postgres; leave it out"))
	}
	if isFalse(cfg.Verification.StoreInDatabase) {
		errs = append(errs, errors.New("verification.storeInDatabase cannot be false: one-time values are always in Postgres; leave it out"))
	}
	if cfg.Session.PreserveSessionInDatabase {
		errs = append(errs, errors.New("session.preserveSessionInDatabase cannot be true: a session whose row stays is not revoked; leave it out"))
	}
	return errors.Join(errs...)
}

func validateListen(cfg *Config) error {
	err := validateAddress("server.listen", cfg.Server.Listen)
	if cfg.Server.Ops.Listen == "" {
		if cfg.Server.Ops.Pprof {
			err = errors.Join(err, errors.New("server.ops.pprof needs a listener for operators: set server.ops.listen, or OPS_ADDR"))
		}
		return err
	}
	if cfg.Server.Ops.Listen == cfg.Server.Listen && !strings.HasSuffix(cfg.Server.Listen, ":0") {
		err = errors.Join(err, fmt.Errorf("server.ops.listen %q is the address of server.listen: give it a port of its own", cfg.Server.Ops.Listen))
	}
	return errors.Join(err, validateAddress("server.ops.listen", cfg.Server.Ops.Listen))
}

func validateAddress(option, address string) error {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("%s %q must be host:port, or :port for every address", option, address)
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return fmt.Errorf("%s %q has no port from 0 to 65535", option, address)
	}
	return nil
}

func validateDisabled(cfg *Config) error {
	for _, path := range cfg.DisabledPaths {
		if path == "" || path[0] != '/' {
			return fmt.Errorf("disabledPaths: %q must begin with a slash", path)
		}
	}
	return nil
}
