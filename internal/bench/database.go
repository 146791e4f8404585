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

// deployed are settings of a deployment whose tables fit into memory. Nothing is taken from its safety: every
// commit waits for the disk.
var deployed = []string{"shared_buffers=1GB", "max_connections=200", "max_wal_size=4GB", "maintenance_work_mem=256MB", "synchronous_commit=on"}

// openDatabases uses the given Postgres server, or starts one in folder.
func openDatabases(ctx context.Context, admin, folder string) (*databases, error) {
	if admin != "" {
		return &databases{admin: admin}, nil
	}
	// Postgres may run as another account, which must get through to its folder.
	if err := os.Chmod(folder, 0o755); err != nil {
		return nil, err
	}
	p, err := postgres.Start(ctx, postgres.Options{
		Dir: filepath.Join(folder, "postgres"), Log: slog.New(slog.DiscardHandler), Settings: deployed,
	})
	if err != nil {
		return nil, err
	}
	return &databases{admin: p.URL(), private: p}, nil
}

// create makes an empty database and returns its URL.
func (d *databases) create(ctx context.Context, name string) (string, error) {
	return d.createFrom(ctx, name, "template0")
}

// copy makes a database with the tables and rows of another one of d, to which
// nobody may be connected, and returns its URL.
func (d *databases) copy(ctx context.Context, name, from string) (string, error) {
	return d.createFrom(ctx, name, d.full(from))
}

func (d *databases) createFrom(ctx context.Context, name, template string) (string, error) {
	name = d.full(name)
	// Copying files is the faster way once there are some hundred megabytes.
	statement := fmt.Sprintf("create database %s template %s strategy file_copy", pgx.Identifier{name}.Sanitize(), pgx.Identifier{template}.Sanitize())
	if err := d.exec(ctx, statement); err != nil {
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

// full is a database's name in Postgres, which no other run has.
func (d *databases) full(name string) string { return fmt.Sprintf("bench_%d_%s", os.Getpid(), name) }

// describe tells which Postgres it is and how much it is made to do.
func (d *databases) describe(ctx context.Context) (text string, err error) {
	conn, err := pgx.Connect(ctx, d.admin)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	err = conn.QueryRow(ctx, `select 'Postgres ' || (select setting from pg_settings where name = 'server_version') || ': ' ||
		string_agg(name || ' ' || current_setting(name), ', ' order by name)
		from pg_settings where name in ('shared_buffers', 'synchronous_commit', 'fsync')`).Scan(&text)
	return text, err
}

// settle has Postgres write to disk now what it would write amid the measuring.
// A role that may not ask for that goes without.
func (d *databases) settle(ctx context.Context) { _ = d.exec(ctx, "checkpoint") }

// close drops what was made, and stops the server if it was started here.
func (d *databases) close() {
	ctx := context.Background()
	for _, name := range d.names {
		if err := d.dropFull(ctx, name); err != nil {
			fmt.Fprintln(os.Stderr, "bench: dropping a database:", err)
		}
	}
	if d.private != nil {
		_ = d.private.Stop(ctx)
	}
}

// drop takes one away that is not needed any more.
func (d *databases) drop(ctx context.Context, name string) error {
	return d.dropFull(ctx, d.full(name))
}

func (d *databases) dropFull(ctx context.Context, name string) error {
	return d.exec(ctx, "drop database if exists "+pgx.Identifier{name}.Sanitize()+" with (force)")
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
