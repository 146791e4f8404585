package postgres

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// reachable returns a new folder that every account can enter.
func reachable(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "folder-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	dir, err = filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// stranger is an account that root would drop to and that owns nothing.
var stranger = account{name: "stranger", uid: 54321, gid: 54321, drop: true}

// closed makes a folder, named in the folder dir, that only its owner may enter.
func closed(t *testing.T, dir, name string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.Mkdir(path, 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLocateKeepsAFolderThatCanBeReached(t *testing.T) {
	want := filepath.Join(reachable(t), "new", "data")
	path, moved, err := locate(want, stranger, "/system")
	if path != want || moved || err != nil {
		t.Errorf("got %q, %t, %v", path, moved, err)
	}
}

func TestLocateMovesTheDefaultFolderOutOfAClosedHome(t *testing.T) {
	home := closed(t, reachable(t), "home")
	t.Chdir(home)
	path, moved, err := locate("", stranger, "/system")
	if err != nil || !moved || filepath.Dir(path) != "/system" {
		t.Fatalf("got %q, %t, %v", path, moved, err)
	}
	if again, _, _ := locate(DefaultDir, stranger, "/system"); again != path {
		t.Errorf("got %q, and %q the next time", path, again)
	}
	t.Chdir(closed(t, home, "other"))
	if other, _, _ := locate("", stranger, "/system"); other == path {
		t.Errorf("two projects share %q", path)
	}
	if own, moved, err := locate("", account{}, "/system"); moved || err != nil {
		t.Errorf("an ordinary user was moved to %q: %v", own, err)
	}
}

func TestLocateRefusesAChosenFolderThatCannotBeReached(t *testing.T) {
	home := closed(t, reachable(t), "home")
	_, _, err := locate(filepath.Join(home, "data"), stranger, "/system")
	if err == nil {
		t.Fatal("a folder in a closed home was taken")
	}
	for _, want := range []string{"stranger", home, "SALLYPORT_DATA", "/var/lib/sallyport"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q does not say %q", err, want)
		}
	}
}

func TestLocateGivesOneNameToOneFolder(t *testing.T) {
	dir := reachable(t)
	real := filepath.Join(dir, "real")
	link := filepath.Join(dir, "link")
	if err := os.Mkdir(real, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(real, link); err != nil {
		t.Fatal(err)
	}
	path, _, err := locate(filepath.Join(link, "data"), account{}, "/system")
	if path != filepath.Join(real, "data") || err != nil {
		t.Errorf("got %q, %v", path, err)
	}
}

func TestEnterReadsTheBitsThatCount(t *testing.T) {
	dir := reachable(t)
	owner, group := uint32(os.Getuid()), uint32(os.Getgid())
	for _, c := range []struct {
		mode  os.FileMode
		who   account
		enter bool
	}{
		{0o701, stranger, true},
		{0o770, stranger, false},
		{0o011, account{uid: owner, gid: group, drop: true}, false},
		{0o710, account{uid: 54321, gid: group, drop: true}, true},
		{0o701, account{uid: 54321, gid: group, drop: true}, false},
	} {
		if err := os.Chmod(dir, c.mode); err != nil {
			t.Fatal(err)
		}
		if err := c.who.enter(dir); (err == nil) != c.enter {
			t.Errorf("mode %o, uid %d, gid %d: %v", c.mode, c.who.uid, c.who.gid, err)
		}
	}
}

func TestOpenFolderTakesAFolderThatIsThere(t *testing.T) {
	dir := closed(t, reachable(t), "data")
	f, err := OpenFolder(dir, "", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.account.reach(dir); err != nil {
		t.Error(err)
	}
	if err := f.account.owns(f.runDir()); err != nil {
		t.Error(err)
	}
	// It may be the project itself.
	if _, err := os.Stat(f.File(".gitignore")); !os.IsNotExist(err) {
		t.Errorf("git was told to ignore it: %v", err)
	}
}

func TestOpenFolderHidesANewFolderFromGit(t *testing.T) {
	f, err := OpenFolder(filepath.Join(reachable(t), "data"), "", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(f.File(".gitignore")); string(text) != "*\n" {
		t.Errorf(".gitignore holds %q: %v", text, err)
	}
}

func TestNewFoldersLetTheAccountThroughWhateverTheUmask(t *testing.T) {
	dir := filepath.Join(reachable(t), "system", "project")
	defer syscall.Umask(syscall.Umask(0o077))
	f, err := OpenFolder(dir, "", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := f.account.reach(f.path); err != nil {
		t.Error(err)
	}
}

func TestAFolderOfAnotherAccountIsNamed(t *testing.T) {
	info, err := os.Stat("/usr")
	if err != nil {
		t.Fatal(err)
	}
	if info.Sys().(*syscall.Stat_t).Uid != 0 {
		t.Skip("/usr does not belong to root here")
	}
	if err := stranger.owns("/usr"); err == nil || !strings.Contains(err.Error(), "/usr belongs to account root") {
		t.Errorf("%v", err)
	}
}

func TestRootDropsToTheAccount(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root drops to another account")
	}
	who, err := lookupAccount("")
	if err != nil || !who.drop || who.name != "postgres" {
		t.Fatalf("%+v, %v", who, err)
	}
	if groups := who.attributes().Credential.Groups; groups == nil || len(groups) != 0 {
		t.Errorf("the groups are %v", groups)
	}
	for _, name := range []string{"nobody", "root", "no-such-account"} {
		if _, err := lookupAccount(name); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("account %q: %v", name, err)
		}
	}
}

func TestEnvironmentHoldsNoSecrets(t *testing.T) {
	t.Setenv("BETTER_AUTH_SECRET", "secret")
	t.Setenv("PGPORT", "1")
	for _, entry := range environment() {
		if strings.HasPrefix(entry, "BETTER_AUTH") || strings.HasPrefix(entry, "PG") {
			t.Error(entry)
		}
	}
}
