package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"syscall"
)

// Options say which server Start joins or starts.
type Options struct {
	Dir     string       // the folder, as OpenFolder takes it
	BinDir  string       // holds postgres and initdb; empty means they are looked for
	Account string       // runs Postgres when sallyport runs as root; empty means postgres
	Log     *slog.Logger // required
	ForTest bool         // more connections and no fsync: a crash of the machine may lose the data
	Trust   bool         // no password is asked for, for tests: whoever reaches the socket is let in

	// Settings are further ones, as name=value, for measurements; they go before those above. A server
	// that runs already keeps its own.
	Settings []string
}

// Server is a running private Postgres, in use by this process.
type Server struct {
	url    string
	folder Folder
	use    *os.File // the shared lock
}

// Start joins the server of the folder, or starts one when none runs, making
// the database first when there is none. The caller calls Stop when it has
// closed its connections. ctx bounds the start only.
func Start(ctx context.Context, o Options) (*Server, error) {
	folder, err := OpenFolder(o.Dir, o.Account, o.Log)
	if err != nil {
		return nil, err
	}
	starting, err := lock(ctx, folder.File(startLock), syscall.LOCK_EX)
	if err != nil {
		return nil, err
	}
	defer starting.Close()
	use, err := openLock(folder.File(useLock))
	if err != nil {
		return nil, err
	}
	alone := syscall.Flock(int(use.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil
	s, err := o.obtain(ctx, folder, alone)
	if err == nil {
		// Does not wait: nobody takes this lock alone without the other one.
		err = syscall.Flock(int(use.Fd()), syscall.LOCK_SH)
	}
	if err != nil {
		return nil, closing(use, fmt.Errorf("starting the private Postgres: %w", err))
	}
	s.use = use
	return s, nil
}

// obtain returns the server that runs in the folder, or starts one. It is told
// whether we are alone, as a server that others use must not be stopped.
func (o Options) obtain(ctx context.Context, f Folder, alone bool) (*Server, error) {
	if err := f.account.owns(f.DataDir()); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	s, err := o.join(ctx, f, alone)
	if s != nil || err != nil {
		return s, err
	}
	bin, err := Find(o.BinDir, f)
	if err != nil {
		return nil, err
	}
	if err := o.initialise(ctx, f, bin); err != nil {
		return nil, err
	}
	return o.launch(ctx, f, bin)
}

// URL returns the connection URL, which holds the password.
func (s *Server) URL() string { return s.url }

// Folder returns the folder of the server.
func (s *Server) Folder() Folder { return s.folder }

// Stop ends this process's use of the server. The last process to do so ends
// the server, and Stop returns when it is gone. Connections that are still
// open are broken then. When ctx ends first the server is made to end at once,
// which costs it a recovery at the next start but no data.
func (s *Server) Stop(ctx context.Context) error {
	defer s.use.Close()
	starting, err := lock(ctx, s.folder.File(startLock), syscall.LOCK_EX)
	if err != nil {
		return err
	}
	defer starting.Close()
	err = syscall.Flock(int(s.use.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil // others use it
	}
	if err == nil {
		err = s.folder.stopServer(ctx)
	}
	if err != nil {
		return fmt.Errorf("stopping the private Postgres: %w", err)
	}
	return nil
}
