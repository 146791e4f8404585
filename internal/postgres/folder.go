package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
)

// DefaultDir is the folder used when none is configured.
const DefaultDir = "./.sallyport"

// systemDir holds, when root runs sallyport where the account of Postgres
// cannot go, one folder per project.
const systemDir = "/var/lib/sallyport"

// Folder is the place where sallyport keeps what it makes for itself when no
// database is configured:
//
//	pgdata/       the database, owned by the account that runs Postgres
//	run/          its socket, owned by the same account
//	postgresql/   binaries that `sallyport db install` fetched, by version
//	password      the database password, 0600
//	postgres.log  what the server printed
//	*.lock        who uses the folder
//
// Files of other packages, such as the generated secret, may stand beside them.
type Folder struct {
	path    string
	account account
}

// OpenFolder makes the folder dir, or takes the one that is there. An empty
// dir means DefaultDir. Only root needs account, the name of the unprivileged
// account that Postgres is run by; empty means "postgres". Where that account
// cannot reach the default folder, one under /var/lib/sallyport is used
// instead, which is logged; where it cannot reach a folder that was asked for,
// the error says what to do.
func OpenFolder(dir, account string, log *slog.Logger) (Folder, error) {
	who, err := lookupAccount(account)
	if err != nil {
		return Folder{}, err
	}
	path, moved, err := locate(dir, who, systemDir)
	if err != nil {
		return Folder{}, err
	}
	f := Folder{path: path, account: who}
	if err := f.prepare(); err != nil {
		return Folder{}, fmt.Errorf("preparing the data folder: %w", err)
	}
	if moved {
		log.Info("the account that runs Postgres cannot reach "+DefaultDir+" here, so another folder is used",
			"account", who.name, "folder", path)
	}
	return f, nil
}

// locate turns the configured folder into an absolute path without symbolic
// links that the account can reach. It reports whether that is a folder of the
// project under system instead of the default one.
func locate(dir string, who account, system string) (path string, moved bool, err error) {
	byDefault := dir == "" || dir == DefaultDir
	if byDefault {
		dir = DefaultDir
	}
	path, err = resolve(dir)
	if err != nil {
		return "", false, err
	}
	err = who.reach(filepath.Dir(path))
	switch {
	case err == nil:
		return path, false, nil
	case !byDefault:
		return "", false, fmt.Errorf("%w: set SALLYPORT_DATA to a folder it can reach, such as %s", err, systemDir)
	}
	sum := sha256.Sum256([]byte(path))
	return filepath.Join(system, hex.EncodeToString(sum[:4])), true, nil
}

// resolve returns the absolute path of dir with the symbolic links of the part
// that exists replaced, so that one folder has one name.
func resolve(dir string) (string, error) {
	path, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(path)
	if err == nil {
		return real, nil
	}
	if !os.IsNotExist(err) || path == filepath.Dir(path) {
		return "", err
	}
	parent, err := resolve(filepath.Dir(path))
	return filepath.Join(parent, filepath.Base(path)), err
}

// prepare makes the folder and the part of it that Postgres writes to.
func (f Folder) prepare() error {
	if err := f.account.pass(filepath.Dir(f.path)); err != nil {
		return err
	}
	switch err := os.Mkdir(f.path, 0o700); {
	case err == nil:
		// The folder holds secrets, which do not belong in a project's git history.
		if err := os.WriteFile(f.File(".gitignore"), []byte("*\n"), 0o644); err != nil {
			return err
		}
	case !os.IsExist(err):
		return err
	}
	// The account goes through it to pgdata, and cannot list it.
	if err := f.account.admit(f.path); err != nil {
		return err
	}
	return f.account.mkdir(f.runDir())
}

// Path returns the absolute path of the folder.
func (f Folder) Path() string { return f.path }

// File returns the path of the file or folder with this name in the folder.
func (f Folder) File(name string) string { return filepath.Join(f.path, name) }

// DataDir returns the path of the database's own folder.
func (f Folder) DataDir() string { return f.File("pgdata") }

// InstallDir returns the path of the folder that `sallyport db install` fills,
// with one folder per version of Postgres.
func (f Folder) InstallDir() string { return f.File("postgresql") }

// runDir returns the path of the folder for the socket.
func (f Folder) runDir() string { return f.File("run") }

// closing closes file and returns the first error.
func closing(file *os.File, err error) error {
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	return err
}
