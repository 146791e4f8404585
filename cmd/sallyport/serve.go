package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/spf13/cobra"

	"github.com/sallyport-auth/sallyport/internal/logs"
	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/server"
)

func newServe(o *options) *cobra.Command {
	var migrateFirst bool
	c := &cobra.Command{
		Use: "serve", Short: "Run the server", Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return serve(cmd.Context(), o, migrateFirst) },
	}
	c.Flags().BoolVar(&migrateFirst, "migrate", false, "apply pending migrations first")
	return c
}

// serve runs until ctx ends. It listens last, so that whatever is wrong ends
// the process before anybody can connect.
func serve(ctx context.Context, o *options, migrateFirst bool) error {
	relaxCollector()
	in, err := o.openAlone(ctx)
	if err != nil {
		return err
	}
	defer in.close()
	server.LimitHeap(in.cfg)
	if in.private != nil {
		logs.Notice(in.log, "no database is configured, so a private Postgres is used", "folder", in.private.Folder().Path())
	}
	for _, f := range server.Doubts(in.cfg) {
		in.log.Warn(f.Text, "option", f.Subject)
	}
	tables := in.beginTables(ctx, migrateFirst || in.private != nil)
	s, err := server.New(ctx, in.cfg, server.Deps{Log: in.log, Access: in.access, Tables: tables})
	if failed := tables(); failed != nil {
		err = failed // of one trouble with the database it tells more
	}
	if err != nil {
		return err
	}
	defer s.Close()
	s.ShareCores()
	return s.Run(ctx)
}

// beginTables prepares the tables while the server is made, and gives what waits
// for them.
func (in *instance) beginTables(ctx context.Context, allowed bool) (wait func() error) {
	done := make(chan error, 1)
	go func() { done <- in.prepareTables(ctx, allowed) }()
	return sync.OnceValue(func() error { return <-done })
}

// prepareTables applies what is pending where that is allowed, and refuses to
// go on where it is not.
func (in *instance) prepareTables(ctx context.Context, allowed bool) error {
	m, err := in.migration()
	if err != nil {
		return err
	}
	if allowed {
		if err := migrate.Up(ctx, m); err != nil {
			return fmt.Errorf("migrating: %w", err)
		}
		return nil
	}
	return migrate.Check(ctx, m)
}
