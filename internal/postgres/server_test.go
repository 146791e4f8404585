package postgres_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/postgres"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
)

// TestMain lets the test binary be another sallyport, too: one that uses the
// folder HELPER_FOLDER until its input ends.
func TestMain(m *testing.M) {
	if dir := os.Getenv("HELPER_FOLDER"); dir != "" {
		os.Exit(helper(dir))
	}
	os.Exit(m.Run())
}

// helper claims the folder, starts its server, says so and waits.
func helper(dir string) int {
	ctx := context.Background()
	folder, err := postgres.OpenFolder(dir, "", quiet())
	if err == nil {
		_, err = postgres.Lock(folder)
	}
	if err == nil {
		_, err = postgres.Start(ctx, postgres.Options{Dir: dir, ForTest: true, Log: quiet()})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println("ready")
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 0
}

// startHelper starts another process that uses the folder.
func startHelper(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	other := exec.Command(os.Args[0])
	other.Env = append(os.Environ(), "HELPER_FOLDER="+dir)
	other.Stderr = os.Stderr
	if _, err := other.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Process.Kill() })
	var line string
	if _, err := fmt.Fscanln(out, &line); err != nil || line != "ready" {
		t.Fatalf("the other process printed %q: %v", line, err)
	}
	return other
}

// kill ends a process as kill -9 does.
func kill(t *testing.T, other *exec.Cmd) {
	t.Helper()
	if err := other.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = other.Wait()
}

func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }

// start starts or joins the server of the folder.
func start(t *testing.T, dir string) *postgres.Server {
	t.Helper()
	s, err := postgres.Start(t.Context(), postgres.Options{Dir: dir, ForTest: true, Log: quiet()})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// stop leaves the server.
func stop(t *testing.T, s *postgres.Server) {
	t.Helper()
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// ask returns the answer to a query of one text value.
func ask(t *testing.T, url, query string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	var answer string
	if err := conn.QueryRow(t.Context(), query).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return answer
}

// execute runs one statement that answers nothing.
func execute(t *testing.T, url, statement string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// pid returns the first line of the server's postmaster.pid, and "" when no
// server runs.
func pid(t *testing.T, dir string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "pgdata", "postmaster.pid"))
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return first
}

func TestDataIsKeptBetweenStarts(t *testing.T) {
	t.Parallel()
	dir := pgtest.Folder(t)
	first := start(t, dir)
	execute(t, first.URL(), "CREATE TABLE word AS SELECT 'kept' AS text")
	stop(t, first)
	if left := pid(t, dir); left != "" {
		t.Fatalf("the server with process id %s outlived Stop", left)
	}
	second := start(t, dir)
	defer stop(t, second)
	if got := ask(t, second.URL(), "SELECT text FROM word"); got != "kept" {
		t.Errorf("the table holds %q", got)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	dir := pgtest.Folder(t)
	s, err := postgres.Start(t.Context(), postgres.Options{Dir: dir, Log: quiet(), Settings: []string{"work_mem=7MB"}})
	if err != nil {
		t.Fatal(err)
	}
	defer stop(t, s)
	for name, want := range map[string]string{
		"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "jit": "off",
		"shared_buffers": "32MB", "max_connections": "50", "work_mem": "7MB", "listen_addresses": "",
		"TimeZone": "UTC", "server_encoding": "UTF8",
	} {
		if got := ask(t, s.URL(), "SHOW "+name); got != want {
			t.Errorf("%s is %q", name, got)
		}
	}
	if got := ask(t, s.URL(), "SELECT lower('ÄÖ')"); got != "äö" {
		t.Errorf("lower case of letters outside ASCII: %q", got)
	}
}

func TestOnlyThePasswordOpensTheServer(t *testing.T) {
	t.Parallel()
	dir := pgtest.Folder(t)
	s := start(t, dir)
	defer stop(t, s)
	config, err := pgx.ParseConfig(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	config.Password = "guess"
	if conn, err := pgx.ConnectConfig(t.Context(), config); err == nil {
		conn.Close(t.Context())
		t.Error("a wrong password was accepted")
	}
	for path, want := range map[string]os.FileMode{"password": 0o600, "run": 0o700, "pgdata": 0o700, "postgres.log": 0o600} {
		info, err := os.Stat(filepath.Join(dir, path))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != want {
			t.Errorf("%s has mode %v", path, info.Mode().Perm())
		}
	}
}

func TestTheLastProcessToLeaveStopsTheServer(t *testing.T) {
	t.Parallel()
	dir := pgtest.Folder(t)
	other := startHelper(t, dir)
	serving := pid(t, dir)
	guest := start(t, dir)
	stop(t, guest)
	if got := pid(t, dir); got != serving {
		t.Fatalf("the server of another process went from process id %s to %q", serving, got)
	}
	guest = start(t, dir)
	kill(t, other)
	stop(t, guest)
	if left := pid(t, dir); left != "" {
		t.Errorf("the server with process id %s was left running", left)
	}
}

func TestServersAreStartedOnceByManyAtATime(t *testing.T) {
	t.Parallel()
	dir := pgtest.Folder(t)
	servers := make(chan *postgres.Server)
	for range 4 {
		go func() {
			s, err := postgres.Start(t.Context(), postgres.Options{Dir: dir, ForTest: true, Log: quiet()})
			if err != nil {
				t.Error(err)
			}
			servers <- s
		}()
	}
	for range 4 {
		if s := <-servers; s != nil {
			defer stop(t, s)
		}
	}
}

func TestAnOrphanIsAdopted(t *testing.T) {
	t.Parallel()
	dir := pgtest.Folder(t)
	kill(t, startHelper(t, dir))
	orphan := pid(t, dir)
	s := start(t, dir)
	if got := pid(t, dir); got != orphan || orphan == "" {
		t.Errorf("the orphan with process id %q was not adopted: now %q", orphan, got)
	}
	stop(t, s)
	if left := pid(t, dir); left != "" {
		t.Errorf("the adopted server with process id %s outlived Stop", left)
	}
}

func TestAnOrphanThatDoesNotLetUsInIsStartedAgain(t *testing.T) {
	t.Parallel()
	dir := pgtest.Folder(t)
	kill(t, startHelper(t, dir))
	orphan := pid(t, dir)
	// Without its socket nobody reaches a server that is running.
	if err := os.Remove(filepath.Join(dir, "run", ".s.PGSQL.5432")); err != nil {
		t.Fatal(err)
	}
	s := start(t, dir)
	defer stop(t, s)
	if got := pid(t, dir); got == orphan {
		t.Errorf("still process id %s", got)
	}
}

func TestAStalePidFileOfALivingStrangerIsNoServer(t *testing.T) {
	t.Parallel()
	dir := pgtest.Folder(t)
	s := start(t, dir)
	stop(t, s)
	// As after a reboot in which this process got the number of the server.
	stale := fmt.Sprintf("%d\n%s/pgdata\n1\n5432\n%s/run\n\n1 1\nready   \n", os.Getpid(), dir, dir)
	if err := os.WriteFile(filepath.Join(dir, "pgdata", "postmaster.pid"), []byte(stale), 0o600); err != nil {
		t.Fatal(err)
	}
	s = start(t, dir)
	defer stop(t, s)
	if got := ask(t, s.URL(), "SELECT 'up'"); got != "up" {
		t.Error(got)
	}
}

// A process of a killed server that does not end at once keeps the next waiting,
// and no longer.
func TestRemnantsOfAKilledServerAreWaitedFor(t *testing.T) {
	t.Parallel()
	dir := pgtest.Folder(t)
	first := start(t, dir)
	var id, child int
	fmt.Sscan(pid(t, dir), &id)
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", id, id))
	if _, scanErr := fmt.Sscan(string(children), &child); err != nil || scanErr != nil {
		t.Fatalf("no child of %d: %v %v", id, err, scanErr)
	}
	for _, s := range []struct {
		pid    int
		signal syscall.Signal
	}{{child, syscall.SIGSTOP}, {id, syscall.SIGKILL}} {
		if err := syscall.Kill(s.pid, s.signal); err != nil {
			t.Fatal(err)
		}
	}
	time.AfterFunc(time.Second, func() { _ = syscall.Kill(child, syscall.SIGCONT) })
	second := start(t, dir)
	if got := ask(t, second.URL(), "SELECT 'up'"); got != "up" {
		t.Error(got)
	}
	stop(t, second)
	stop(t, first)
}

func TestAKilledServerIsStartedAgain(t *testing.T) {
	t.Parallel()
	dir := pgtest.Folder(t)
	first := start(t, dir)
	var id int
	fmt.Sscan(pid(t, dir), &id)
	if err := syscall.Kill(id, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	second := start(t, dir)
	if got := ask(t, second.URL(), "SELECT 'up'"); got != "up" {
		t.Error(got)
	}
	// The one that did not start it is the last to leave.
	stop(t, second)
	stop(t, first)
	if left := pid(t, dir); left != "" {
		t.Errorf("the server with process id %s was left running", left)
	}
}

func TestAServerThatOthersUseIsNotStopped(t *testing.T) {
	t.Parallel()
	dir := pgtest.Folder(t)
	s := start(t, dir)
	defer stop(t, s)
	if err := os.WriteFile(filepath.Join(dir, "password"), []byte("spoilt\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := postgres.Start(t.Context(), postgres.Options{Dir: dir, Log: quiet()}); err == nil {
		t.Error("a wrong password was good enough")
	}
	if got := ask(t, s.URL(), "SELECT 'up'"); got != "up" {
		t.Error(got)
	}
}

func TestALongPathGetsAShortSocket(t *testing.T) {
	t.Parallel()
	outer := pgtest.Folder(t)
	dir := filepath.Join(outer, strings.Repeat("long", 20), strings.Repeat("path", 20))
	s := start(t, dir)
	config, err := pgx.ParseConfig(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	if got := ask(t, s.URL(), "SELECT 'up'"); got != "up" {
		t.Error(got)
	}
	stop(t, s)
	if _, err := os.Stat(config.Host); !os.IsNotExist(err) {
		t.Errorf("the folder of the socket, %s, was left: %v", config.Host, err)
	}
}
