package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// patience is how long a server that is up may take to answer, and a server
// that was told to stop may take to do so.
const patience = 10 * time.Second

// moment is how long a server that breaks connections is given to be one that
// is just ending.
const moment = 300 * time.Millisecond

// join returns the server that runs in the folder, and nil when none does. A
// server that does not answer as it should is stopped if we are alone.
func (o Options) join(ctx context.Context, f Folder, alone bool) (*Server, error) {
	found, err := f.settled(ctx)
	if found == nil || err != nil {
		return nil, err
	}
	s, err := f.answering(ctx, *found)
	if err == nil {
		o.Log.Debug("joined the private Postgres that was running", "pid", found.pid, "folder", f.path)
		return s, nil
	}
	if found.gone(ctx, f, moment) == nil {
		return nil, f.forget(found.pid)
	}
	if ctx.Err() != nil || !alone {
		return nil, fmt.Errorf("joining the server with process id %d: %w", found.pid, err)
	}
	o.Log.Warn("the private Postgres that was running does not answer and is started again", "pid", found.pid, "error", err)
	return nil, found.stop(ctx, f)
}

// settled returns the server that runs in the folder once it is neither
// starting nor stopping, and nil when there is none.
func (f Folder) settled(ctx context.Context) (*postmaster, error) {
	for {
		found, err := readPostmaster(f.DataDir())
		if found == nil || err != nil {
			return nil, err
		}
		if !serves(found.pid, f.DataDir()) {
			return nil, f.forget(found.pid)
		}
		if found.status == "ready" {
			return found, nil
		}
		if err := pause(ctx); err != nil {
			return nil, fmt.Errorf("waiting for the server with process id %d, which is %q: %w", found.pid, found.status, err)
		}
	}
}

// forget removes the postmaster.pid of a server that is dead. Postgres does so
// itself unless another process has the same id by now, and then it would
// refuse to start.
func (f Folder) forget(pid int) error {
	now, err := readPostmaster(f.DataDir())
	if now == nil || err != nil || now.pid != pid {
		return err
	}
	if err := os.Remove(pidFile(f.DataDir())); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// answering connects to the server and checks that the one that answers is the
// one that postmaster.pid names.
func (f Folder) answering(ctx context.Context, p postmaster) (*Server, error) {
	password, err := f.password()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	url := connectionURL(p.socket, password)
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close(ctx) }()
	if err := f.identify(ctx, conn, p); err != nil {
		return nil, err
	}
	return &Server{url: url, folder: f}, nil
}

// identify asks a server who it is. It reads postmaster.pid in its working
// folder, which is its data folder, even if another has taken that one's path.
func (f Folder) identify(ctx context.Context, conn *pgx.Conn, p postmaster) error {
	var dir, text string
	query := "SELECT current_setting('data_directory'), pg_read_file('postmaster.pid')"
	if err := conn.QueryRow(ctx, query).Scan(&dir, &text); err != nil {
		return fmt.Errorf("asking the server who it is: %w", err)
	}
	if filepath.Clean(dir) != f.DataDir() {
		return fmt.Errorf("the server that answers has its data in %s", dir)
	}
	if pid, _, _ := strings.Cut(text, "\n"); strings.TrimSpace(pid) != strconv.Itoa(p.pid) {
		return fmt.Errorf("the server that answers has process id %s and not %d", pid, p.pid)
	}
	return nil
}

// stopServer ends the server that runs in the folder, if there is one.
func (f Folder) stopServer(ctx context.Context) error {
	found, err := f.settled(ctx)
	if found == nil || err != nil {
		return err
	}
	return found.stop(ctx, f)
}

// stop ends the server: fast, which breaks its connections and writes
// everything to disk, and at once if that takes too long.
func (p postmaster) stop(ctx context.Context, f Folder) error {
	defer f.removeSocketDir(p.socket)
	if err := p.signal(ctx, f, syscall.SIGINT); err == nil {
		return nil
	}
	return p.signal(context.WithoutCancel(ctx), f, syscall.SIGQUIT)
}

// signal sends the server a signal to end and waits until it is gone.
func (p postmaster) signal(ctx context.Context, f Folder, signal syscall.Signal) error {
	if !serves(p.pid, f.DataDir()) {
		return nil
	}
	if err := syscall.Kill(p.pid, signal); err != nil {
		return err
	}
	return p.gone(ctx, f, patience)
}

// gone waits until the server is gone, and returns an error when it is not
// after that long.
func (p postmaster) gone(ctx context.Context, f Folder, within time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	for serves(p.pid, f.DataDir()) {
		if err := pause(ctx); err != nil {
			return fmt.Errorf("process %d does not end: %w", p.pid, err)
		}
	}
	return nil
}
