package postgres

import (
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// socketName is the name Postgres gives its socket on port 5432.
const socketName = ".s.PGSQL.5432"

// longestSocket is the longest path of a socket that is used. The kernel's
// limit is 107 bytes on Linux and 103 on macOS.
const longestSocket = 99

// socketDir returns the folder for the server's socket: the one in f, or, when
// its path will not do, a new one under the system's temporary folder.
func (f Folder) socketDir(log *slog.Logger) (string, error) {
	if fits(f.runDir()) {
		return f.runDir(), nil
	}
	parent := os.TempDir()
	if !fits(filepath.Join(parent, "sallyport-0123456789")) {
		parent = "/tmp"
	}
	if err := f.account.reach(parent); err != nil {
		return "", err
	}
	// A random name, because others may write to the folder, too.
	dir, err := os.MkdirTemp(parent, "sallyport-")
	if err != nil {
		return "", err
	}
	log.Info("the path of the data folder is too long for a socket, so the socket is elsewhere", "folder", dir)
	return dir, f.account.give(dir)
}

// fits reports whether a socket in dir has a path that the kernel takes and
// that a list of hosts, which has commas between them, can hold.
func fits(dir string) bool {
	return len(filepath.Join(dir, socketName)) <= longestSocket && !strings.Contains(dir, ",")
}

// removeSocketDir removes a folder that socketDir made outside of f.
func (f Folder) removeSocketDir(dir string) {
	if dir != f.runDir() {
		_ = os.Remove(dir)
	}
}

// connectionURL returns the URL of the server whose socket is in dir.
func connectionURL(dir, password string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(role, password),
		Path:     "/postgres",
		RawQuery: url.Values{"host": {dir}, "port": {"5432"}, "sslmode": {"disable"}}.Encode(),
	}
	return u.String()
}
