package postgres

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// role is the only role of the server, and its owner. It must not have the name
// of our schema: Postgres looks for tables in a schema named like the role first.
const role = "owner"

// initialise makes the folder's database with a new password, unless there is
// one. It works in another folder that gets its name at the end, so that a
// pgdata folder is always a whole one.
func (o Options) initialise(ctx context.Context, f Folder, bin Binaries) error {
	if made, err := f.major(); err != nil || made != 0 {
		return err
	}
	half := f.File("pgdata.new")
	if err := os.RemoveAll(half); err != nil {
		return err
	}
	if err := f.account.mkdir(half); err != nil {
		return err
	}
	password := rand.Text()
	if err := replaceFile(f.passwordFile(), password); err != nil {
		return fmt.Errorf("keeping the database password: %w", err)
	}
	if err := o.initdb(ctx, f, bin, half, password); err != nil {
		return err
	}
	return os.Rename(half, f.DataDir())
}

// initdb runs the program of that name.
func (o Options) initdb(ctx context.Context, f Folder, bin Binaries, dir, password string) error {
	file, err := f.lendPassword(password)
	if err != nil {
		return err
	}
	defer os.Remove(file)
	arguments := []string{
		"--pgdata=" + dir, "--username=" + role, "--pwfile=" + file, "--auth=" + o.authentication(),
		// Sorting by code point is alike on every machine, so no index is ever
		// spoilt by an upgrade of the system; letters must still have cases.
		"--encoding=UTF8", "--locale=C", "--lc-ctype=" + letters(), "--no-instructions",
	}
	if o.ForTest {
		arguments = append(arguments, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin.Dir, "initdb"), arguments...)
	cmd.Dir, cmd.Env, cmd.SysProcAttr = dir, environment(), f.account.attributes()
	if out, err := cmd.CombinedOutput(); ctx.Err() != nil {
		return fmt.Errorf("making a database: %w", ctx.Err())
	} else if err != nil {
		return fmt.Errorf("making a database with %s: %w: %s", cmd.Path, err, lastLines(out))
	}
	return nil
}

// authentication is by password, but for tests that connect by the thousand: the
// socket's folder and permissions keep everybody else out.
func (o Options) authentication() string {
	if o.Trust {
		return "trust"
	}
	return "scram-sha-256"
}

// letters returns the locale that knows the cases of letters in UTF-8.
func letters() string {
	if runtime.GOOS == "darwin" {
		return "UTF-8"
	}
	return "C.UTF-8"
}

// lendPassword writes the password to a file that the account can read, as
// initdb takes it no other way that works after root is dropped.
func (f Folder) lendPassword(password string) (string, error) {
	file, err := os.CreateTemp(f.runDir(), "password-")
	if err != nil {
		return "", err
	}
	if f.account.drop {
		if err := file.Chown(int(f.account.uid), int(f.account.gid)); err != nil {
			return "", closing(file, err)
		}
	}
	_, err = file.WriteString(password + "\n")
	return file.Name(), closing(file, err)
}

// passwordFile returns the path of the file that keeps the password of role.
func (f Folder) passwordFile() string { return f.File("password") }

// password reads the password of role.
func (f Folder) password() (string, error) {
	text, err := os.ReadFile(f.passwordFile())
	if errors.Is(err, os.ErrNotExist) {
		return "", fmt.Errorf("%s is gone, and without it the database beside it cannot be opened: "+
			"restore the file, or remove %s to start with an empty database", f.passwordFile(), f.DataDir())
	}
	return strings.TrimSpace(string(text)), err
}

// replaceFile writes a 0600 file and sees it onto the disk.
func replaceFile(path, text string) error {
	if err := os.Remove(path); err != nil && !os.IsNotExist(err) {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if _, err := file.WriteString(text + "\n"); err != nil {
		return closing(file, err)
	}
	return closing(file, file.Sync())
}

// lastLines returns the end of a program's output as one line, without blanks.
func lastLines(out []byte) string {
	const kept = 4
	var lines []string
	for line := range bytes.Lines(out) {
		if line = bytes.TrimSpace(line); len(line) > 0 {
			lines = append(lines, string(line))
		}
	}
	return strings.Join(lines[max(0, len(lines)-kept):], "; ")
}
