package server

import (
	"crypto/rand"
	"log/slog"

	"github.com/sallyport-auth/sallyport/internal/auth"
)

// Try completes a configuration and makes what serve makes of it before it opens
// the database, so that what serve would refuse there is refused here. Nothing
// is started.
func Try(cfg *Config, mode Mode) error {
	if err := Complete(cfg, mode); err != nil {
		return err
	}
	set, err := Schema(cfg)
	if err != nil {
		return err
	}
	secrets, err := Secrets(cfg)
	if err != nil {
		return err
	}
	log := slog.New(slog.DiscardHandler)
	if _, err := clientAddresses(cfg, log); err != nil {
		return err
	}
	a, err := auth.New(cfg.Config, auth.Deps{Secrets: secrets, Schema: set, Now: now, Rand: rand.Reader})
	if err != nil {
		return err
	}
	_, err = plugins(a, cfg, log, newOutbound(cfg, nil, nil))
	return err
}
