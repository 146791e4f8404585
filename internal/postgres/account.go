package postgres

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// account is who runs Postgres.
type account struct {
	name     string
	uid, gid uint32
	drop     bool // we are root and it is another account
}

// lookupAccount returns who runs Postgres: ourselves, or, for root, the named
// account ("postgres" when name is empty), because Postgres refuses to run as root.
func lookupAccount(name string) (account, error) {
	if os.Geteuid() != 0 {
		return account{uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}, nil
	}
	if name == "" {
		name = "postgres"
	}
	found, err := user.Lookup(name)
	if err != nil {
		return account{}, fmt.Errorf("no account %q to run Postgres by, which refuses to run as root: "+
			"create it (useradd --system %s) or start sallyport as an ordinary user", name, name)
	}
	uid, uidErr := strconv.ParseUint(found.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(found.Gid, 10, 32)
	if err := errors.Join(uidErr, gidErr); err != nil {
		return account{}, fmt.Errorf("reading the ids of account %q: %w", name, err)
	}
	if uid == 0 || name == "nobody" {
		// Other services run as nobody; they could read the database's files.
		return account{}, fmt.Errorf("account %q cannot run Postgres: name one of its own, such as postgres", name)
	}
	return account{name: name, uid: uint32(uid), gid: uint32(gid), drop: true}, nil
}

// attributes returns how to start a process of the account. It gets a session
// of its own, so that Ctrl-C in a terminal reaches sallyport and not Postgres,
// which must outlive the requests that are being finished.
func (a account) attributes() *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setsid: true}
	if a.drop {
		attr.Credential = &syscall.Credential{Uid: a.uid, Gid: a.gid, Groups: []uint32{}}
	}
	return attr
}

// mkdir makes a folder that only the account can enter, or checks that one is. It
// gets its name when it has its owner, because somebody who starts at the same
// time would take one of root's for one that is not ours.
func (a account) mkdir(path string) error {
	if _, err := os.Lstat(path); err == nil {
		return a.owns(path)
	}
	unnamed, err := os.MkdirTemp(filepath.Dir(path), "."+filepath.Base(path)+"-") // 0700
	if err != nil {
		return err
	}
	defer os.Remove(unnamed)
	if err := a.give(unnamed); err != nil {
		return err
	}
	// An empty folder of that name gives way, and any other stays.
	if err := os.Rename(unnamed, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return a.owns(path)
}

// give makes the account the owner of path.
func (a account) give(path string) error {
	if !a.drop {
		return nil
	}
	return os.Lchown(path, int(a.uid), int(a.gid))
}

// owns checks that path belongs to the account, as Postgres demands of its folders.
func (a account) owns(path string) error {
	info, err := os.Lstat(path)
	if err != nil {
		return err
	}
	owner := info.Sys().(*syscall.Stat_t).Uid
	if owner == a.uid && info.IsDir() {
		return nil
	}
	name := strconv.FormatUint(uint64(owner), 10)
	if found, err := user.LookupId(name); err == nil {
		name = found.Username
	}
	return fmt.Errorf("%s belongs to account %s: start sallyport as that account, or name another folder in SALLYPORT_DATA", path, name)
}

// pass makes the folders down to path that do not exist yet. The account may
// pass through them, whatever our umask is.
func (a account) pass(path string) error {
	if _, err := os.Stat(path); !os.IsNotExist(err) {
		return err
	}
	if err := a.pass(filepath.Dir(path)); err != nil {
		return err
	}
	if err := os.Mkdir(path, 0o755); err != nil && !os.IsExist(err) {
		return err
	}
	return a.admit(path)
}

// admit lets the account pass through the folder path to what it owns inside.
func (a account) admit(path string) error {
	if !a.drop || a.enter(path) == nil {
		return nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return os.Chmod(path, info.Mode().Perm()|0o011)
}

// reach checks that the account may pass through every folder down to path.
// Folders that do not exist yet will be made so that it may.
func (a account) reach(path string) error {
	if !a.drop {
		return nil
	}
	if parent := filepath.Dir(path); parent != path {
		if err := a.reach(parent); err != nil {
			return err
		}
	}
	return a.enter(path)
}

// enter checks that the account may pass through one folder, by its mode bits.
func (a account) enter(path string) error {
	info, err := os.Stat(path)
	if os.IsNotExist(err) {
		return nil
	}
	if err != nil {
		return err
	}
	stat := info.Sys().(*syscall.Stat_t)
	bit := os.FileMode(0o001)
	switch {
	case stat.Uid == a.uid:
		bit = 0o100
	case stat.Gid == a.gid:
		bit = 0o010
	}
	if info.Mode().Perm()&bit == 0 {
		return fmt.Errorf("account %s, which runs Postgres for root, cannot enter %s", a.name, path)
	}
	return nil
}

// environment returns what a process of the account sees of ours: enough to
// find its libraries and the time zone, and none of our secrets. PGDATA,
// PGPORT and their like must not reach it either.
func environment() []string {
	env := []string{"LC_ALL=C"}
	for _, name := range []string{"PATH", "TZ", "LD_LIBRARY_PATH"} {
		if value := os.Getenv(name); strings.TrimSpace(value) != "" {
			env = append(env, name+"="+value)
		}
	}
	return env
}
