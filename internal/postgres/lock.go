package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
)

// The lock files of a folder. The kernel frees a lock when its process ends,
// however it does, so none is ever stale.
const (
	serveLock = "serve.lock" // held by the one `serve` of the folder
	startLock = "start.lock" // held while the server is being started or stopped
	useLock   = "use.lock"   // shared by all processes that use the server
)

// Lock claims the folder for one `serve` until release is called or the
// process ends. When another process has it, the error names that process.
func Lock(f Folder) (release func(), err error) {
	file, err := openLock(f.File(serveLock))
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		defer file.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("locking %s: %w", file.Name(), err)
		}
		return nil, fmt.Errorf("%s is in use by another sallyport serve%s: stop it, or name another folder in SALLYPORT_DATA",
			f.Path(), holder(file))
	}
	if err := sign(file); err != nil {
		return nil, closing(file, fmt.Errorf("writing %s: %w", file.Name(), err))
	}
	return func() { _ = closing(file, file.Truncate(0)) }, nil
}

// sign writes our process id into a lock file for others to read.
func sign(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := fmt.Fprintln(file, os.Getpid())
	return err
}

// holder returns who signed a lock file, as part of a sentence. It is empty
// in the moment before the other process has signed.
func holder(file *os.File) string {
	text, err := os.ReadFile(file.Name())
	pid := strings.TrimSpace(string(text))
	if err != nil || pid == "" {
		return ""
	}
	return " (process " + pid + ")"
}

// lock takes a lock, shared (LOCK_SH) or alone (LOCK_EX), as soon as others
// let it. Closing the file frees it.
func lock(ctx context.Context, path string, how int) (*os.File, error) {
	file, err := openLock(path)
	if err != nil {
		return nil, err
	}
	for {
		err := syscall.Flock(int(file.Fd()), how|syscall.LOCK_NB)
		if err == nil {
			return file, nil
		}
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, closing(file, fmt.Errorf("locking %s: %w", path, err))
		}
		if err := pause(ctx); err != nil {
			return nil, closing(file, fmt.Errorf("waiting for another process that holds %s: %w", path, err))
		}
	}
}

// openLock opens a lock file, making it if need be. Processes started by us do
// not inherit it, as Go marks every file close-on-exec.
func openLock(path string) (*os.File, error) {
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
}

// pause waits a moment between two looks at something that another process
// changes. It returns the context's error once that has ended.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(5 * time.Millisecond):
		return nil
	}
}
