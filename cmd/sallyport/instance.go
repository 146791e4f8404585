package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/postgres"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// options are the flags that every command takes.
type options struct{ file string }

// secretFile keeps the secret that serve made up, in the private folder.
const secretFile = "secret"

// instance is a configuration with everything settled: mode, database, secret.
type instance struct {
	cfg     *server.Config
	log     *slog.Logger
	mode    server.Mode
	private *postgres.Server // nil when a database is configured
}

// load reads the configuration and makes the logger. Nothing is started.
func (o *options) load() (*instance, error) {
	cfg, warnings, err := server.LoadConfig(o.file)
	if err != nil {
		return nil, err
	}
	in := &instance{cfg: cfg, log: newLogger(os.Stderr, cfg), mode: server.ModeOf(cfg)}
	for _, w := range warnings {
		in.log.Warn(w)
	}
	return in, nil
}

// open is load, and then starts the private Postgres when no database is
// configured. close must follow.
func (o *options) open(ctx context.Context) (_ *instance, err error) {
	in, err := o.load()
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			in.close()
		}
	}()
	if in.cfg.Database.URL.IsZero() {
		if err := in.openPrivate(ctx); err != nil {
			return nil, err
		}
	}
	return in, server.Complete(in.cfg, in.mode)
}

func (in *instance) openPrivate(ctx context.Context) error {
	p, err := postgres.Start(ctx, postgres.Options{Dir: os.Getenv("SALLYPORT_DATA"), Log: in.log})
	if err != nil {
		return err
	}
	in.private = p
	in.cfg.Database.URL = config.NewSecret(p.URL())
	if in.cfg.Secret.IsZero() && len(in.cfg.Secrets) == 0 && in.mode == server.Development {
		return in.keepSecret(p.Folder())
	}
	return nil
}

// keepSecret takes the secret of the private folder, or makes one there.
func (in *instance) keepSecret(folder postgres.Folder) error {
	path := folder.File(secretFile)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		secret := newSecretText()
		text = []byte(secret)
		if err := os.WriteFile(path, []byte(secret+"\n"), 0o600); err != nil {
			return fmt.Errorf("keeping a new secret: %w", err)
		}
		in.log.Warn("no secret is configured, so one was made and is kept in the data folder", "file", path)
	} else if err != nil {
		return fmt.Errorf("reading the secret: %w", err)
	}
	in.cfg.Secret = config.NewSecret(strings.TrimSpace(string(text)))
	return nil
}

func (in *instance) close() {
	if in.private == nil {
		return
	}
	if err := in.private.Stop(context.Background()); err != nil {
		in.log.Error("stopping the private Postgres", "error", err)
	}
}

// migration gives the options of package migrate.
func (in *instance) migration() (migrate.Options, error) {
	set, err := server.Schema(in.cfg)
	if err != nil {
		return migrate.Options{}, err
	}
	return server.MigrateOptions(in.cfg, set, in.log), nil
}
