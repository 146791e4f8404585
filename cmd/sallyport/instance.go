package main

import (
	"context"
	"log/slog"
	"os"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/logs"
	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/postgres"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// options are the flags that every command takes.
type options struct{ file string }

// instance is a configuration with everything settled: mode, database, secret.
type instance struct {
	cfg     *server.Config
	log     *slog.Logger
	access  *slog.Logger // one line for each request
	mode    server.Mode
	private *postgres.Server // nil when a database is configured
	release func()           // gives the private folder up; nil when a database is configured
}

// load reads the configuration and makes the logger. Nothing is started.
func (o *options) load() (*instance, error) {
	cfg, warnings, err := server.LoadConfig(o.file)
	if err != nil {
		return nil, err
	}
	in := &instance{cfg: cfg, mode: server.ModeOf(cfg)}
	in.log, in.access = logs.New(os.Stderr, cfg.Logger.Level, cfg.LogFormat)
	if cfg.Starter {
		logs.Notice(in.log, "there is no "+config.DefaultFile+", so the starter configuration applies")
	}
	for _, w := range warnings {
		in.log.Warn(w)
	}
	return in, nil
}

// open is load, and then starts the private Postgres when no database is
// configured, or joins the one that runs. close must follow.
func (o *options) open(ctx context.Context) (*instance, error) {
	return o.openWith(ctx, func(postgres.Folder) (func(), error) { return func() {}, nil })
}

// openAlone is open for serve, of which there is one for each folder.
func (o *options) openAlone(ctx context.Context) (*instance, error) {
	return o.openWith(ctx, postgres.Lock)
}

func (o *options) openWith(ctx context.Context, claim func(postgres.Folder) (func(), error)) (_ *instance, err error) {
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
		if err := in.openPrivate(ctx, claim); err != nil {
			return nil, err
		}
	}
	return in, server.Complete(in.cfg, in.mode)
}

// openPrivate claims the folder before anything in it is started or made.
func (in *instance) openPrivate(ctx context.Context, claim func(postgres.Folder) (func(), error)) error {
	folder, err := postgres.OpenFolder(in.cfg.DataDir, "", in.log)
	if err != nil {
		return err
	}
	if in.release, err = claim(folder); err != nil {
		return err
	}
	if in.private, err = postgres.Start(ctx, postgres.Options{Dir: folder.Path(), Log: in.log}); err != nil {
		return err
	}
	in.cfg.Database.URL = config.NewSecret(in.private.URL())
	if in.cfg.Secret.IsZero() && len(in.cfg.Secrets) == 0 && in.mode == server.Development {
		in.cfg.Secret, err = keptSecret(folder.File(secretFile), in.log)
	}
	return err
}

// close ends what open began. The folder is given up last, when nothing of
// this process runs there any more.
func (in *instance) close() {
	if in.private != nil {
		if err := in.private.Stop(context.Background()); err != nil {
			in.log.Error("stopping the private Postgres", "error", err)
		}
	}
	if in.release != nil {
		in.release()
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
