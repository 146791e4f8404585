package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
	"github.com/sallyport-auth/sallyport/internal/transcript"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

// errNotPlayed says that a conversation makes no sense under other settings, such
// as one about a plugin without it.
var errNotPlayed = errors.New("not with these settings")

// compare plays one conversation to both sides. It returns the original's
// recording too.
func compare(ctx context.Context, o options, c transcript.Conversation) ([]transcript.Difference, transcript.Recording, error) {
	original, err := originalOf(ctx, o, c)
	if err != nil && o.matrix {
		return nil, original, fmt.Errorf("%w: %w", errNotPlayed, err)
	}
	if err != nil {
		return nil, original, fmt.Errorf("the original: %w", err)
	}
	mailbox, err := mailboxOf(c)
	if err != nil {
		return nil, original, err
	}
	defer mailbox.Close()
	target, stop, err := subject(ctx, o, c, mailbox)
	if err != nil {
		return nil, original, err
	}
	defer stop()
	got, err := transcript.Play(ctx, c, target)
	if err != nil {
		return nil, original, err
	}
	expected := original
	switch {
	case o.serve == "oracle":
	case o.matrix:
		expected = c.ExpectUnder(original, got)
	default:
		if expected, err = c.Expect(original); err != nil {
			return nil, original, err
		}
	}
	return transcript.Compare(expected, got), original, nil
}

// originalOf plays the conversation to the original, or reads its recording.
func originalOf(ctx context.Context, o options, c transcript.Conversation) (transcript.Recording, error) {
	if o.recorded {
		return transcript.ReadRecording(testdata(), c)
	}
	mailbox, err := mailboxOf(c)
	if err != nil {
		return transcript.Recording{}, err
	}
	defer mailbox.Close()
	target, stop, err := startOracle(ctx, o, c, mailbox)
	if err != nil {
		return transcript.Recording{}, err
	}
	defer stop()
	return transcript.Play(ctx, c, target)
}

// mailboxOf receives what a conversation makes a server send; nil if nothing.
func mailboxOf(c transcript.Conversation) (*transcript.Mailbox, error) {
	if !c.SendsMessages() {
		return nil, nil
	}
	return transcript.NewMailbox()
}

func startOracle(ctx context.Context, o options, c transcript.Conversation, m *transcript.Mailbox) (transcript.Target, func(), error) {
	database, drop, err := freshDatabase(ctx, o.postgres)
	if err != nil {
		return transcript.Target{}, nil, err
	}
	provider, gone, err := providerOf(c)
	if err != nil {
		drop()
		return transcript.Target{}, nil, err
	}
	options := oracle.Options{Config: c.Config, DatabaseURL: database, Receiver: m.Address()}
	if provider != nil {
		options.Provider = provider.URL
	}
	process, err := oracle.Start(ctx, options, c.EnvironmentSecret())
	if err != nil {
		gone()
		drop()
		return transcript.Target{}, nil, err
	}
	target := transcript.Target{BaseURL: process.URL, DatabaseURL: database, Messages: m.Take, Provider: provider}
	return target, func() { process.Stop(); gone(); drop() }, nil
}

// providerOf stands in for the identity providers that a server asks; nil if none.
func providerOf(c transcript.Conversation) (*idptest.Server, func(), error) {
	if !c.AsksProviders() {
		return nil, func() {}, nil
	}
	provider, err := idptest.Start()
	if err != nil {
		return nil, nil, err
	}
	return provider, provider.Close, nil
}

// keysReread is a little longer than sallyport takes to notice key rows that
// something else changed.
const keysReread = 8 * time.Second

// subject starts what is compared with the original.
func subject(ctx context.Context, o options, c transcript.Conversation, m *transcript.Mailbox) (transcript.Target, func(), error) {
	if o.target != "" {
		return transcript.Target{BaseURL: o.target, DatabaseURL: o.database, Settle: keysReread}, func() {}, nil
	}
	if o.serve == "oracle" {
		return startOracle(ctx, o, c, m)
	}
	database, drop, err := freshDatabase(ctx, o.postgres)
	if err != nil {
		return transcript.Target{}, nil, err
	}
	provider, gone, err := providerOf(c)
	if err != nil {
		drop()
		return transcript.Target{}, nil, err
	}
	base, stop, err := serveFor(ctx, o, c, database, m, provider)
	if err != nil {
		gone()
		drop()
		return transcript.Target{}, nil, err
	}
	target := transcript.Target{BaseURL: base, DatabaseURL: database, Settle: keysReread, Provider: provider}
	if m != nil {
		target.Messages = m.Delivered(database)
	}
	return target, func() { stop(); gone(); drop() }, nil
}

// serveFor starts the server by its command line, or within this process where it
// has to ask a stand-in.
func serveFor(ctx context.Context, o options, c transcript.Conversation, database string, m *transcript.Mailbox, provider *idptest.Server) (string, func(), error) {
	if provider != nil {
		return serveInside(ctx, c, database, m, provider)
	}
	return startServer(ctx, o.serve, c, database, m)
}

// startServer runs the command line with --migrate and a conversation's
// configuration, and waits for /readyz.
func startServer(ctx context.Context, line string, c transcript.Conversation, database string, m *transcript.Mailbox) (string, func(), error) {
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	config, err := c.ConfigWith(m)
	if err != nil {
		return "", nil, err
	}
	path, err := writeConfig(config)
	if err != nil {
		return "", nil, err
	}
	words := append(strings.Fields(line), "--migrate")
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "TZ=UTC", "HOST=127.0.0.1", "PORT=" + strconv.Itoa(port),
		"DATABASE_URL=" + database, "BETTER_AUTH_SECRET=" + c.EnvironmentSecret(), "SALLYPORT_CONFIG=" + path,
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	ended := make(chan struct{})
	go func() { _ = cmd.Wait(); close(ended) }()
	stop := func() { _ = cmd.Process.Kill(); <-ended; _ = os.Remove(path) }
	base := "http://127.0.0.1:" + strconv.Itoa(port)
	if err := waitReady(ctx, base, ended); err != nil {
		stop()
		return "", nil, fmt.Errorf("%w\n%s", err, &output)
	}
	return base, stop, nil
}

// startWithin bounds the start of a server that neither answers nor ends.
const startWithin = 30 * time.Second

func waitReady(ctx context.Context, base string, ended <-chan struct{}) error {
	ctx, cancel := context.WithTimeout(ctx, startWithin)
	defer cancel()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/readyz", nil)
		if err != nil {
			return err
		}
		if response, err := http.DefaultClient.Do(request); err == nil {
			_ = response.Body.Close()
			if response.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ended:
			return fmt.Errorf("the server ended before it was ready")
		case <-ctx.Done():
			return fmt.Errorf("the server was not ready: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func freePort() (int, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port, nil
}

func writeConfig(config string) (string, error) {
	f, err := os.CreateTemp("", "sallyport-*.json")
	if err != nil {
		return "", err
	}
	defer f.Close()
	_, err = f.WriteString(config)
	return f.Name(), err
}

var databases atomic.Int64

// freshDatabase creates an empty database and returns how to drop it.
func freshDatabase(ctx context.Context, admin string) (string, func(), error) {
	if admin == "" {
		return "", nil, fmt.Errorf("name a Postgres server: -postgres or SALLYPORT_TEST_DATABASE_URL")
	}
	u, err := url.Parse(admin)
	if err != nil {
		return "", nil, err
	}
	name := fmt.Sprintf("transcript_%d_%d", os.Getpid(), databases.Add(1))
	if err := execute(ctx, admin, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		return "", nil, err
	}
	u.Path = "/" + name
	return u.String(), func() {
		_ = execute(context.WithoutCancel(ctx), admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	}, nil
}

func execute(ctx context.Context, admin, sql string) error {
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, sql)
	return err
}
