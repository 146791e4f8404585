package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/postgres"
)

// databases makes one database for each server and drops them at the end.
type databases struct {
	admin   string // URL of a role that may create databases
	names   []string
	private *postgres.Server // nil when the server was given
}

// openDatabases uses the given Postgres server, or starts one in folder.
func openDatabases(ctx context.Context, admin, folder string) (*databases, error) {
	if admin != "" {
		return &databases{admin: admin}, nil
	}
	// Postgres may run as another account, which must get through to its folder.
	if err := os.Chmod(folder, 0o755); err != nil {
		return nil, err
	}
	p, err := postgres.Start(ctx, postgres.Options{Dir: filepath.Join(folder, "postgres"), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return nil, err
	}
	return &databases{admin: p.URL(), private: p}, nil
}

// create makes an empty database and returns its URL.
func (d *databases) create(ctx context.Context, name string) (string, error) {
	name = fmt.Sprintf("bench_%d_%s", os.Getpid(), name)
	if err := d.exec(ctx, "create database "+pgx.Identifier{name}.Sanitize()+" template template0"); err != nil {
		return "", fmt.Errorf("creating a database: %w", err)
	}
	d.names = append(d.names, name)
	u, err := url.Parse(d.admin)
	if err != nil {
		return "", err
	}
	u.Path = "/" + name
	return u.String(), nil
}

// close drops what was made, and stops the server if it was started here.
func (d *databases) close() {
	ctx := context.Background()
	for _, name := range d.names {
		if err := d.exec(ctx, "drop database if exists "+pgx.Identifier{name}.Sanitize()+" with (force)"); err != nil {
			fmt.Fprintln(os.Stderr, "bench: dropping a database:", err)
		}
	}
	if d.private != nil {
		_ = d.private.Stop(ctx)
	}
}

func (d *databases) exec(ctx context.Context, statement string) error {
	conn, err := pgx.Connect(ctx, d.admin)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, statement)
	return err
}
