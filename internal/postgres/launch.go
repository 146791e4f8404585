package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// longestLog is the size in bytes from which postgres.log is begun anew.
const longestLog = 4 << 20

// Processes of a server that was killed end by themselves, a moment later. Until
// then its memory keeps another from the same data.
const (
	remnantsEnd = 10 * time.Second
	remnants    = "pre-existing shared memory block"
)

// launch starts a server and waits until it is ready, also where remnants of one
// that was killed have to end first.
func (o Options) launch(ctx context.Context, f Folder, bin Binaries) (*Server, error) {
	for deadline := time.Now().Add(remnantsEnd); ; {
		s, err := o.launchOnce(ctx, f, bin)
		if err == nil || !strings.Contains(err.Error(), remnants) || time.Now().After(deadline) {
			return s, err
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return nil, err
		}
	}
}

func (o Options) launchOnce(ctx context.Context, f Folder, bin Binaries) (*Server, error) {
	sockets, err := f.socketDir(o.Log)
	if err != nil {
		return nil, fmt.Errorf("making a folder for the socket: %w", err)
	}
	log, err := f.openLog()
	if err != nil {
		return nil, err
	}
	defer log.Close()
	begin, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	pid, ended, err := o.spawn(f, bin, sockets, log)
	if err != nil {
		f.removeSocketDir(sockets)
		return nil, err
	}
	s, err := f.ready(ctx, pid, ended)
	if err == nil {
		o.Log.Debug("started the private Postgres", "pid", pid, "version", bin.Major, "folder", f.path)
		return s, nil
	}
	failed := postmaster{pid: pid, socket: sockets}
	_ = failed.stop(context.WithoutCancel(ctx), f)
	return nil, fmt.Errorf("%w%s", err, f.printed(begin))
}

// spawn starts the process. The channel is closed when it has ended.
func (o Options) spawn(f Folder, bin Binaries, sockets string, log *os.File) (int, <-chan struct{}, error) {
	cmd := exec.Command(filepath.Join(bin.Dir, "postgres"), o.arguments(f, sockets)...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = f.DataDir(), environment(), f.account.attributes()
	// A file and not a pipe, because the server may outlive this process.
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		return 0, nil, err
	}
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	return cmd.Process.Pid, ended, nil
}

// arguments returns the command line of the server. Settings are here and not
// in its configuration file, so that a newer sallyport brings newer ones.
func (o Options) arguments(f Folder, sockets string) []string {
	settings := []string{
		"listen_addresses=",
		// Quoted, because the value is a list of folders.
		`unix_socket_directories="` + strings.ReplaceAll(sockets, `"`, `""`) + `"`,
		"unix_socket_permissions=0700",
		"shared_buffers=32MB",
		"max_connections=50",
		"jit=off",
		"timezone=UTC",
		"log_timezone=UTC",
		"log_destination=stderr",
		"logging_collector=off",
		"log_checkpoints=off",
		// Failed statements are the client's to log; here they would come with
		// the values of rows, such as addresses of mail.
		"log_min_messages=log",
	}
	if o.ForTest {
		// Of a setting given twice the later one counts.
		settings = append(settings, "max_connections=500", "fsync=off", "synchronous_commit=off", "full_page_writes=off")
	}
	arguments := []string{"-D", f.DataDir(), "-p", "5432"}
	for _, setting := range append(settings, o.Settings...) {
		arguments = append(arguments, "-c", setting)
	}
	return arguments
}

// ready waits until our child, and no other process, says that it is ready.
func (f Folder) ready(ctx context.Context, pid int, ended <-chan struct{}) (*Server, error) {
	for {
		select {
		case <-ended:
			return nil, errors.New("the server ended at once")
		default:
		}
		if found, err := readPostmaster(f.DataDir()); err == nil && found != nil && found.pid == pid && found.status == "ready" {
			return f.answering(ctx, *found)
		}
		if err := pause(ctx); err != nil {
			return nil, fmt.Errorf("waiting for the server to be ready: %w", err)
		}
	}
}

// openLog opens the file for what the server prints.
func (f Folder) openLog() (*os.File, error) {
	path := f.File("postgres.log")
	flags := os.O_WRONLY | os.O_CREATE | os.O_APPEND | syscall.O_NOFOLLOW
	if info, err := os.Stat(path); err == nil && info.Size() > longestLog {
		flags |= os.O_TRUNC
	}
	return os.OpenFile(path, flags, 0o600)
}

// printed returns the end of what the server has printed since its log was
// begin bytes long, as a continuation of an error's text.
func (f Folder) printed(begin int64) string {
	text, err := os.ReadFile(f.File("postgres.log"))
	if err != nil || int64(len(text)) <= begin {
		return ""
	}
	return ": " + lastLines(text[begin:])
}
