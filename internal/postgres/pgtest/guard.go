package pgtest

import (
	"fmt"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
)

// Folder returns a new folder for a private Postgres. When t ends, and also
// when the test process is killed, a server that runs there is ended and the
// folder removed.
func Folder(t testing.TB) string {
	t.Helper()
	dir, remove, err := guarded()
	if err != nil {
		t.Fatalf("making a folder for Postgres: %v", err)
	}
	t.Cleanup(remove)
	return dir
}

// cleaning is run by a shell that outlives this process: when its input ends,
// which the kernel sees to, it ends the server of the folder $1 and removes
// the folder. A server removes its postmaster.pid when it ends; the wait is
// bounded in case it is killed meanwhile.
const cleaning = `cat >/dev/null
file=$1/pgdata/postmaster.pid
if kill -QUIT "$(head -n 1 "$file")"; then
	i=0
	while [ -e "$file" ] && [ $i -lt 200 ]; do sleep 0.02; i=$((i+1)); done
fi
rm -rf "$1"`

// alive keeps the inputs of guards from the garbage collector, which would
// close them.
var alive sync.Map

// guarded makes a folder with a guard that cleans it up when remove is called
// or this process ends, however it does.
func guarded() (dir string, remove func(), err error) {
	// The name is short, because the path of a socket has to be.
	if dir, err = os.MkdirTemp("", "pgtest-"); err != nil {
		return "", nil, err
	}
	// Run by root, Postgres is another account, which must get in.
	if err = os.Chmod(dir, 0o711); err != nil {
		return "", nil, err
	}
	guard := exec.Command("/bin/sh", "-c", cleaning, "guard", dir)
	// Ctrl-C in a terminal is for the tests, not for what cleans up after them.
	guard.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	input, err := guard.StdinPipe()
	if err != nil {
		return "", nil, err
	}
	if err := guard.Start(); err != nil {
		return "", nil, fmt.Errorf("starting the guard of %s: %w", dir, err)
	}
	alive.Store(dir, input)
	return dir, func() {
		alive.Delete(dir)
		_ = input.Close()
		_ = guard.Wait()
	}, nil
}
