package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strconv"

	"github.com/sallyport-auth/sallyport/internal/migrate"
	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
	"github.com/sallyport-auth/sallyport/internal/server"
	"github.com/sallyport-auth/sallyport/internal/transcript"
)

// serveInside does what startServer does within this process. The server asks
// the stand-in wherever it would ask a provider, which no option of a program that
// serves can say.
func serveInside(ctx context.Context, c transcript.Conversation, database string, m *transcript.Mailbox, provider *idptest.Server) (string, func(), error) {
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	config, err := c.ConfigWith(m)
	if err != nil {
		return "", nil, err
	}
	cfg, err := server.ParseConfig(config, []string{
		"HOST=127.0.0.1", "PORT=" + strconv.Itoa(port), "DATABASE_URL=" + database, "BETTER_AUTH_SECRET=" + c.EnvironmentSecret(),
	})
	if err != nil {
		return "", nil, err
	}
	var output bytes.Buffer // read after the server has ended
	s, err := newServer(ctx, cfg, server.Deps{Log: slog.New(slog.NewTextHandler(&output, nil)), Outbound: provider.Transport()})
	if err != nil {
		return "", nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	go func() { err = s.Run(ctx); close(ended) }()
	stop := func() { cancel(); <-ended; s.Close() }
	base := "http://127.0.0.1:" + strconv.Itoa(port)
	if notReady := waitReady(ctx, base, ended); notReady != nil {
		stop()
		return "", nil, fmt.Errorf("%w: %v\n%s", notReady, err, &output)
	}
	return base, stop, nil
}

// newServer makes a server with its tables.
func newServer(ctx context.Context, cfg *server.Config, deps server.Deps) (*server.Server, error) {
	if err := server.Complete(cfg, server.ModeOf(cfg)); err != nil {
		return nil, err
	}
	set, err := server.Schema(cfg)
	if err != nil {
		return nil, err
	}
	if err := migrate.Up(ctx, server.MigrateOptions(cfg, set, deps.Log)); err != nil {
		return nil, err
	}
	return server.New(ctx, cfg, deps)
}
