package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/version"
)

// eventServerStarted is the one event of the server itself.
const eventServerStarted auth.Event = "server-started"

// AuditEvents are all events of the audit log, whatever the configuration.
func AuditEvents() []auth.EventKind {
	all := slices.Clone(auth.Events)
	for _, name := range pluginNames() {
		all = append(all, features[name].events...)
	}
	return append(all, auth.EventKind{
		Name: eventServerStarted,
		Doc:  "An instance began to listen, with its version, its mode and the SHA-256 of its configuration, secrets left out.",
	})
}

// newEventMetric counts what the audit log tells of, whether it is on or not.
func newEventMetric() *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "sallyport_auth_events_total", Help: "Events of the audit log by what came of them, counted once they are committed.",
	}, []string{"event", "outcome"})
}

// noteStart writes that an instance has started.
func (s *Server) noteStart(ctx context.Context) error {
	n := s.Auth.Note(nil, eventServerStarted).With("version", version.Version).With("mode", s.cfg.Server.Mode).With("configuration", s.fingerprint)
	if err := s.store.Note(ctx, n); err != nil {
		return fmt.Errorf("writing to the audit log: %w", err)
	}
	return nil
}

// fingerprint is a hash of the configuration by which two instances can be
// compared. Secrets are not in it.
func (c *Config) fingerprint() (string, error) {
	text, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("writing the configuration down: %w", err)
	}
	hash := sha256.Sum256(text)
	return hex.EncodeToString(hash[:]), nil
}

// WithStore opens the database for work on what is stored.
func WithStore(ctx context.Context, cfg *Config, log *slog.Logger, do func(*store.Store) error) error {
	set, err := Schema(cfg)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, StoreOptions(cfg, set, log))
	if err != nil {
		return err
	}
	defer s.Close()
	return do(s)
}
