package swap_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
)

// patience is for a busy machine.
const patience = 2 * time.Minute

// Whoever follows docs/existing-database.md, command by command, arrives and comes back.
func TestThePageLeadsThereAndBack(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	host := newHost(t)
	y := &story{shape: shape{name: "page", original: configured("")}, host: host, database: pgtest.URL(t)}
	t.Run("before", y.before)
	f := newFollower(t, y)
	f.reads(t, func(at *place) {
		for _, p := range y.old {
			p.returns(at)
		}
		y.old[0].wrongly(at)
	})
	t.Run("handed back", func(t *testing.T) {
		at := y.begin(t, true)
		for _, p := range y.old {
			p.returns(at)
		}
		arrive(at, "afterwards", nil).isKnown(at)
	})
}

// follower is somebody at a shell, in the application's folder, with the page.
type follower struct {
	dir, port string
	env       []string
	// prelude is what the page has the shell read, once it has.
	prelude string
	serving *exec.Cmd
}

func newFollower(t *testing.T, y *story) *follower {
	t.Helper()
	f := &follower{dir: t.TempDir(), port: authtest.FreePort(t)}
	lay(t, f.dir, "testdata/app/auth.mjs", "../../docs/migrate/print-options.mjs")
	modules, err := filepath.Abs("../transcript/oracle/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(f.dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("go", "build", "-o", filepath.Join(f.dir, "bin", "sallyport"), "../../cmd/sallyport").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	p := y.old[0]
	f.env = []string{
		"PATH=" + filepath.Join(f.dir, "bin") + ":" + os.Getenv("PATH"), "HOME=" + f.dir,
		"COOKIE=" + p.cookies, "EMAIL=" + p.email, "PASSWORD=" + p.password,
		"DATABASE_URL=" + y.database, // of the shell in which the backup is made
	}
	return f
}

// lay copies files into a folder.
func lay(t *testing.T, dir string, files ...string) {
	t.Helper()
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, filepath.Base(name)), string(text))
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

var pageBlock = regexp.MustCompile("(?s)```(sh|env)\n(.*?)```")

// reads plays the page from above, and lets people in while the server runs.
func (f *follower) reads(t *testing.T, people func(*place)) {
	t.Helper()
	page, err := os.ReadFile("../../docs/existing-database.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := pageBlock.FindAllStringSubmatch(string(page), -1)
	write(t, filepath.Join(f.dir, ".env"), f.settings(t, blocks))
	played := map[string]bool{}
	for _, block := range blocks {
		if block[1] == "sh" {
			command := strings.NewReplacer("src/auth.ts", "auth.mjs", "8080", f.port).Replace(block[2])
			f.plays(t, command, people)
			for name := range said {
				played[name] = played[name] || strings.Contains(command, name)
			}
		}
	}
	for name := range said {
		if !played[name] {
			t.Errorf("the page does not show %s any more", name)
		}
	}
}

// settings are those of the page, with the values of this database.
func (f *follower) settings(t *testing.T, blocks [][]string) string {
	t.Helper()
	values := map[string]string{"BETTER_AUTH_URL": "http://auth.test", "BETTER_AUTH_SECRET": authtest.Secret}
	for _, v := range f.env {
		if url, ok := strings.CutPrefix(v, "DATABASE_URL="); ok {
			values["DATABASE_URL"] = url
		}
	}
	var out strings.Builder
	for _, block := range blocks {
		if block[1] != "env" {
			continue
		}
		for line := range strings.Lines(block[2]) {
			if name, _, ok := strings.Cut(line, "="); ok {
				fmt.Fprintf(&out, "%s='%s'\n", name, values[name])
				delete(values, name)
			}
		}
	}
	if len(values) > 0 {
		t.Fatalf("the page does not set %v", values)
	}
	return out.String()
}

// said is what the output of a command tells.
var said = map[string][]string{
	"sallyport config import":     {"wrote sallyport.yaml"},
	"sallyport migrate plan":      {"sallyport"},
	"sallyport migrate up":        {"the database is up to date", "ok       keys: 1 stored"},
	"api/auth/get-session":        {`"email":"old@example.test"`, `"kid":`, `"token":`},
	"sallyport migrate uninstall": {"nothing of sallyport is left"},
	"sallyport serve":             nil,
	"pg_dump":                     nil,
}

// plays runs the commands of a block.
func (f *follower) plays(t *testing.T, block string, people func(*place)) {
	t.Helper()
	switch {
	case strings.Contains(block, "sallyport serve"):
		f.serves(t, block)
		return
	case strings.Contains(block, "pg_dump") && !installed("pg_dump"):
		t.Log("pg_dump is not installed: nothing is backed up")
		return
	case strings.Contains(block, "migrate uninstall"):
		people(&place{t: t, url: "http://127.0.0.1:" + f.port})
		f.stops(t)
	}
	cmd := f.shell(t.Context(), block)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%v\n%s\n%s", err, block, out.String())
	}
	for command, parts := range said {
		for _, part := range parts {
			if strings.Contains(block, command) && !strings.Contains(out.String(), part) {
				t.Errorf("%s\nsays nothing of %s:\n%s", block, part, out.String())
			}
		}
	}
	if first, _, _ := strings.Cut(block, "\n"); strings.HasPrefix(first, "set -a") {
		f.prelude = first + "\n"
	}
	if strings.Contains(block, "config import") { // what is done by hand
		f.sendsMail(t)
	}
}

func installed(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

func (f *follower) shell(ctx context.Context, block string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "sh", "-euc", f.prelude+block)
	cmd.Dir, cmd.Env = f.dir, f.env
	return cmd
}

// sendsMail ends the file that was imported with a receiver of messages.
func (f *follower) sendsMail(t *testing.T) {
	t.Helper()
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	t.Cleanup(receiver.Close)
	path := filepath.Join(f.dir, "sallyport.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	write(t, path, string(text)+"\nmessaging: {webhook: {url: '"+receiver.URL+"', secret: whsec_dGhlIHdlYmhvb2sgc2VjcmV0IG9mIHRoZXNlIHRlc3Rz}}\n")
}

// serves starts the server as the page does, and waits until it is ready.
func (f *follower) serves(t *testing.T, block string) {
	t.Helper()
	f.serving = f.shell(t.Context(), strings.Replace(block, "sallyport serve", "exec sallyport serve", 1))
	log, err := os.Create(filepath.Join(f.dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	f.serving.Stdout, f.serving.Stderr = log, log
	if err := f.serving.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		if res, err := browser.Get("http://127.0.0.1:" + f.port + "/readyz"); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
		if time.Now().After(deadline) {
			text, _ := os.ReadFile(log.Name())
			t.Fatalf("serve does not become ready:\n%s", text)
		}
	}
}

func (f *follower) stops(t *testing.T) {
	t.Helper()
	if err := f.serving.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := f.serving.Wait(); err != nil {
		text, _ := os.ReadFile(filepath.Join(f.dir, "log"))
		t.Fatalf("serve: %v\n%s", err, text)
	}
}
