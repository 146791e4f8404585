package main

import (
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

const (
	frontend = "http://localhost:3000"
	stranger = "https://stranger.example"
)

// postmaster gives the process id in the private Postgres's postmaster.pid,
// and 0 where there is none.
func (o *operator) postmaster() int {
	o.t.Helper()
	text, err := os.ReadFile(filepath.Join(o.env["SALLYPORT_DATA"], "pgdata", "postmaster.pid"))
	if os.IsNotExist(err) {
		return 0
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, parseErr := strconv.Atoi(first)
	if err != nil || parseErr != nil {
		o.t.Fatal(err, parseErr)
	}
	return pid
}

// keptSecret reads the secret of the data folder and checks who may.
func (o *operator) keptSecret() string {
	o.t.Helper()
	path := filepath.Join(o.env["SALLYPORT_DATA"], "secret")
	info, err := os.Stat(path)
	if err != nil {
		o.t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		o.t.Errorf("the secret has mode %v", info.Mode())
	}
	text, err := os.ReadFile(path)
	if err != nil {
		o.t.Fatal(err)
	}
	return string(text)
}

func TestFirstRunWithNothingConfigured(t *testing.T) {
	t.Parallel()
	o := newDeveloper(t)
	s := o.serve()
	says(t, s.log.String(),
		"there is no sallyport.yaml, so the starter configuration applies",
		"no database is configured, so a private Postgres is used",
		"no secret is configured, so one was made and is kept in the data folder",
		"address=127.0.0.1:"+o.port, "baseURL=http://localhost:"+o.port+"/api/auth", "mode=development",
		`proxy="x-forwarded-for counts from loopback and private addresses; IPv6 is cut to /64"`)
	secret, cookie := o.keptSecret(), s.signUp(t, frontend, "ada@example.com")

	if status, body, _ := s.ask(t, http.MethodPost, "/sign-out", stranger, cookie, "{}"); status != http.StatusForbidden {
		t.Errorf("a stranger's page: %d %s", status, body)
	}
	for range 8 { // production allows three sign-ins
		if status, body, _ := s.ask(t, http.MethodPost, "/sign-in/email", frontend, "", "{}"); status != http.StatusBadRequest {
			t.Errorf("an empty sign-in: %d %s", status, body)
		}
	}
	s.stop()
	if pid := o.postmaster(); pid != 0 {
		t.Errorf("Postgres still runs as process %d", pid)
	}

	s = o.serve()
	if again := o.keptSecret(); again != secret || strings.Contains(s.log.String(), "one was made") {
		t.Errorf("the second start made another secret:\n%s", s.log)
	}
	if _, body, _ := s.ask(t, http.MethodGet, "/get-session", frontend, cookie, ""); !strings.Contains(body, "ada@example.com") {
		t.Errorf("the session did not survive the restart: %s", body)
	}
	s.stop()
}

func TestTheSecondServeOfAFolderEnds(t *testing.T) {
	t.Parallel()
	o := newDeveloper(t)
	s := o.serve()
	before := o.postmaster()
	second := o.with(t, "PORT="+authtest.FreePort(t)).run("serve").exits(exitFailed)
	says(t, second.complaint(), "is in use by another sallyport serve (process "+strconv.Itoa(s.cmd.Process.Pid)+")", "SALLYPORT_DATA")
	if strings.Contains(second.stderr, "private Postgres") {
		t.Errorf("it went on before it looked:\n%s", second.stderr)
	}
	if after := o.postmaster(); after != before {
		t.Errorf("Postgres was process %d and is %d", before, after)
	}
	o.run("healthcheck").exits(0)
	s.stop()
}

func TestCommandsBesideARunningServe(t *testing.T) {
	t.Parallel()
	o := newDeveloper(t)
	s := o.serve()
	before := o.postmaster()
	says(t, o.run("check", "--app-origin", frontend).exits(0).stdout, "mode development", "ok       app: one host: ")
	says(t, o.run("migrate", "status").exits(0).stdout, "the database is up to date")
	says(t, o.run("keys", "list").exits(0).stdout, "signing")
	o.run("keys", "rotate").exits(0)
	o.run("healthcheck").exits(0)
	if after := o.postmaster(); after != before {
		t.Errorf("Postgres was process %d and is %d", before, after)
	}
	s.stop()
}

func TestCommandsStartPostgresForThemselves(t *testing.T) {
	t.Parallel()
	o := newDeveloper(t)
	says(t, o.run("migrate", "status").exits(exitFailed).stdout, "pending: create table user")
	says(t, o.run("check").exits(0).stdout, "up to date")
	if pid := o.postmaster(); pid != 0 {
		t.Errorf("Postgres still runs as process %d", pid)
	}
	// Neither does a start that fails leave it behind.
	o.with(t, "BETTER_AUTH_URL=nonsense").run("serve").exits(exitFailed)
	o.with(t, "PORT="+portOf(takenAddress(t))).run("serve").exits(exitFailed)
	if pid := o.postmaster(); pid != 0 {
		t.Errorf("Postgres still runs as process %d", pid)
	}
}

func TestAKilledServeLeavesWhatTheNextAdopts(t *testing.T) {
	t.Parallel()
	o := newDeveloper(t)
	s := o.serve()
	cookie := s.signUp(t, frontend, "ada@example.com")
	s.signal(syscall.SIGKILL)
	orphan := o.postmaster()
	if err := syscall.Kill(orphan, 0); orphan == 0 || err != nil {
		t.Fatalf("no orphan to adopt, process id %d: %v", orphan, err)
	}
	s = o.serve()
	if pid := o.postmaster(); pid != orphan {
		t.Errorf("the orphan was process %d, Postgres is %d", orphan, pid)
	}
	if _, body, _ := s.ask(t, http.MethodGet, "/get-session", frontend, cookie, ""); !strings.Contains(body, "ada@example.com") {
		t.Errorf("an answered sign-up was lost: %s", body)
	}
	s.stop()
	if pid := o.postmaster(); pid != 0 {
		t.Errorf("Postgres still runs as process %d", pid)
	}
}

func TestAClosedTerminalEndsServeCleanly(t *testing.T) {
	t.Parallel()
	// Tests run under nohup ignore it, and so would what they start.
	heard := make(chan os.Signal, 1)
	signal.Notify(heard, syscall.SIGHUP)
	t.Cleanup(func() { signal.Stop(heard) })
	o := newDeveloper(t)
	s := o.serve()
	if code := s.signal(syscall.SIGHUP); code != 0 {
		t.Errorf("serve ended with %d:\n%s", code, s.log)
	}
	if pid := o.postmaster(); pid != 0 {
		t.Errorf("Postgres still runs as process %d", pid)
	}
}

func TestAFirstStartCanBeInterrupted(t *testing.T) {
	t.Parallel()
	o := newDeveloper(t)
	s := o.begin()
	for half := filepath.Join(o.env["SALLYPORT_DATA"], "pgdata.new"); ; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(half); err == nil {
			break
		}
	}
	code := s.signal(syscall.SIGTERM)
	if code != exitFailed || !strings.HasSuffix(s.log.String(), "\nsallyport: told to end before it was done\n") {
		t.Errorf("serve ended with %d:\n%s", code, s.log)
	}
	o.serve().stop()
}

func TestADataFolderOfAnotherVersionIsRefused(t *testing.T) {
	t.Parallel()
	o := newDeveloper(t)
	o.run("migrate", "plan").exits(0)
	file := filepath.Join(o.env["SALLYPORT_DATA"], "pgdata", "PG_VERSION")
	if err := os.WriteFile(file, []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, o.run("serve").exits(exitFailed).complaint(), "was made by Postgres 9", "pg_dump")
}

func TestAnEmptySecretFileIsNotReplaced(t *testing.T) {
	t.Parallel()
	o := newDeveloper(t)
	if err := os.WriteFile(filepath.Join(o.env["SALLYPORT_DATA"], "secret"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	says(t, o.run("serve").exits(exitFailed).complaint(), "is empty: restore the secret, or remove the file")
}

// TestRootInAClosedFolderIsToldOnce runs where the account of Postgres cannot
// reach ./.sallyport.
func TestRootInAClosedFolderIsToldOnce(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("only root gives up its rights for Postgres")
	}
	t.Parallel()
	o := newOperator(t)
	o.dir = filepath.Join(o.dir, "closed")
	if err := os.Mkdir(o.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	s := o.with(t, "LOG_LEVEL=info").serve()
	var folders []string
	for line := range strings.Lines(s.log.String()) {
		if _, folder, ok := strings.Cut(line, "folder=/var/lib/sallyport/"); ok && strings.Contains(line, "another folder is used") {
			folders = append(folders, "/var/lib/sallyport/"+strings.TrimSpace(folder))
		}
	}
	s.stop()
	for _, folder := range folders {
		_ = os.RemoveAll(folder)
	}
	if len(folders) != 1 {
		t.Errorf("told %d times:\n%s", len(folders), s.log)
	}
}

// TestOneSecretIsKept makes a secret in many at a time.
func TestOneSecretIsKept(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "secret")
	made := make(chan bool)
	const many = 20
	for i := range many {
		go func() {
			ok, err := keepSecret(path, fmt.Sprint("secret ", i))
			if err != nil {
				t.Error(err)
			}
			made <- ok
		}()
	}
	count := 0
	for range many {
		if <-made {
			count++
		}
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if count != 1 || len(left) != 1 || err != nil {
		t.Errorf("made %d times, files %q, %v", count, left, err)
	}
}
