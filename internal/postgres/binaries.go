package postgres

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// oldest is the oldest major version of Postgres that sallyport works on.
const oldest = 15

// places are where packagers put the binaries of Postgres, as patterns.
var places = []string{
	"/usr/lib/postgresql/*/bin",                       // Debian, Ubuntu
	"/usr/pgsql-*/bin",                                // the project's own packages for Red Hat
	"/opt/homebrew/opt/postgresql@*/bin",              // Homebrew on Apple silicon
	"/usr/local/opt/postgresql@*/bin",                 // Homebrew on Intel
	"/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin", // Homebrew on Linux
	"/Applications/Postgres.app/Contents/Versions/*/bin",
}

// ErrNoBinaries means that there is no Postgres to run. Its text names the
// command that installs one.
var ErrNoBinaries = fmt.Errorf("no Postgres %d or newer was found and no DATABASE_URL is set: "+
	"run `sallyport db install`, or set DATABASE_URL", oldest)

// Binaries is an installed Postgres.
type Binaries struct {
	Dir   string // holds postgres and initdb
	Major int    // 17 for 17.10
}

// Find returns the binaries to run the database of the folder with. They are
// those in binDir when it is not empty. Else they are looked for where
// packagers put them, in PATH and in what `sallyport db install` fetched: the
// version that made the database when there is one already, else the newest.
// The error is ErrNoBinaries when nothing was found.
func Find(binDir string, f Folder) (Binaries, error) {
	found, err := candidates(binDir, f)
	if err != nil {
		return Binaries{}, err
	}
	made, err := f.major()
	if err != nil {
		return Binaries{}, err
	}
	if made == 0 {
		return found[0], nil
	}
	for _, b := range found {
		if b.Major == made {
			return b, nil
		}
	}
	return Binaries{}, fmt.Errorf("%s was made by Postgres %d and the Postgres here is %d, which cannot read it: "+
		"install Postgres %d; or, to move, run pg_dump with that version, remove the folder, start again and load the dump with psql",
		f.DataDir(), made, found[0].Major, made)
}

// candidates returns the binaries there are, newest first.
func candidates(binDir string, f Folder) ([]Binaries, error) {
	if binDir != "" {
		b, err := f.inspect(binDir)
		return []Binaries{b}, err
	}
	var found []Binaries
	for _, dir := range searched(f) {
		if b, err := f.inspect(dir); err == nil && b.Major >= oldest {
			found = append(found, b)
		}
	}
	if len(found) == 0 {
		return nil, ErrNoBinaries
	}
	slices.SortStableFunc(found, func(a, b Binaries) int { return b.Major - a.Major })
	return found, nil
}

// searched returns the folders in which binaries may be, each once.
func searched(f Folder) []string {
	var dirs []string
	for _, pattern := range append(places, filepath.Join(f.InstallDir(), "*", "bin")) {
		matches, _ := filepath.Glob(pattern)
		dirs = append(dirs, matches...)
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		// What is in PATH is often a link to one of the above.
		if real, err := filepath.EvalSymlinks(path); err == nil && !slices.Contains(dirs, filepath.Dir(real)) {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	return dirs
}

// version matches what `postgres -V` prints, such as "postgres (PostgreSQL) 17.10".
var version = regexp.MustCompile(`\(PostgreSQL\) (\d+)`)

// inspect asks the binaries in dir, which the folder's account must be able to
// run, for their version.
func (f Folder) inspect(dir string) (Binaries, error) {
	if err := f.account.reach(dir); err != nil {
		return Binaries{}, err
	}
	if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
		return Binaries{}, fmt.Errorf("%s holds no Postgres server: %w", dir, err)
	}
	out, err := exec.Command(filepath.Join(dir, "postgres"), "-V").Output()
	if err != nil {
		return Binaries{}, fmt.Errorf("asking the Postgres in %s for its version: %w", dir, err)
	}
	match := version.FindSubmatch(out)
	if match == nil {
		return Binaries{}, fmt.Errorf("the Postgres in %s does not tell its version", dir)
	}
	major, err := strconv.Atoi(string(match[1]))
	return Binaries{Dir: dir, Major: major}, err
}

// major returns the major version that made the folder's database, and 0 when
// there is none yet.
func (f Folder) major() (int, error) {
	text, err := os.ReadFile(filepath.Join(f.DataDir(), "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("reading the version of the database: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("reading the version of the database: %w", err)
	}
	return major, nil
}
