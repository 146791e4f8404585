package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// postmaster is what a server writes about itself in postmaster.pid, one value
// to a line (see "Database File Layout" in the manual of Postgres and
// utils/pidfile.h in its source).
type postmaster struct {
	pid    int
	socket string // folder of the socket; empty until it listens
	status string // "starting", "stopping", "ready" or "standby", without padding
}

// The lines of postmaster.pid that are read here.
const (
	pidLine    = 0
	socketLine = 4
	statusLine = 7
)

// readPostmaster reads the postmaster.pid of a data folder. It returns nil
// when there is none, which is so while no server runs there.
func readPostmaster(dataDir string) (*postmaster, error) {
	text, err := os.ReadFile(pidFile(dataDir))
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	// A server that has just begun has written the first lines only.
	lines := append(strings.Split(string(text), "\n"), make([]string, statusLine+1)...)
	pid, err := strconv.Atoi(strings.TrimSpace(lines[pidLine]))
	if err != nil || pid <= 0 {
		return nil, fmt.Errorf("%s holds no process id: remove it if no Postgres runs there", pidFile(dataDir))
	}
	return &postmaster{
		pid:    pid,
		socket: strings.TrimSpace(lines[socketLine]),
		status: strings.TrimSpace(lines[statusLine]),
	}, nil
}

// pidFile returns the path of the file that a running server keeps.
func pidFile(dataDir string) string { return filepath.Join(dataDir, "postmaster.pid") }

// serves reports whether the process is a server of the data folder. A process
// id alone proves nothing: after a reboot, and in containers, it may be anyone's.
// The command line also tells a server from a zombie, which has none, and from
// the server's children, which write a title over theirs.
func serves(pid int, dataDir string) bool {
	if errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return false
	}
	words := strings.ReplaceAll(string(commandLine(pid)), "\x00", " ")
	return strings.Contains(strings.TrimSpace(words)+" ", " -D "+dataDir+" ")
}

// commandLine returns the words with which a process was started, with NUL
// bytes (Linux) or blanks between them.
func commandLine(pid int) []byte {
	id := strconv.Itoa(pid)
	if line, err := os.ReadFile("/proc/" + id + "/cmdline"); err == nil {
		return line
	}
	line, _ := exec.Command("ps", "-ww", "-o", "command=", "-p", id).Output()
	return line
}
