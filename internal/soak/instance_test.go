package soak

import (
	"bufio"
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
)

// patience ends a test that hangs; nothing needs as long, even on a busy machine.
const patience = time.Minute

// origin is the address that browsers know the server by. All instances of a
// site share it, whatever socket they listen on.
const origin = "http://auth.example.test"

// basic is a configuration for tests that have no wishes.
const basic = `
emailAndPassword: {enabled: true}
rateLimit: {enabled: false}
plugins: {jwt: {}, bearer: {}}
`

// site is what instances share: a configuration and a database, and variables
// of the environment beyond these.
type site struct {
	t        *testing.T
	dir      string
	database string
	env      []string
}

// newSite migrates the database and gives a site that no instance serves yet.
// Without a URL the database is a new one on the server that all tests share.
func newSite(t *testing.T, config, database string, env ...string) *site {
	t.Helper()
	if database == "" {
		database = pgtest.URL(t)
	}
	s := &site{t: t, dir: t.TempDir(), database: database, env: env}
	if err := os.WriteFile(filepath.Join(s.dir, "sallyport.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	s.run("migrate", "up")
	return s
}

func (s *site) command(ctx context.Context, env []string, args ...string) *exec.Cmd {
	s.t.Helper()
	path, err := program()
	if err != nil {
		s.t.Fatalf("building: %v", err)
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = s.dir
	cmd.Env = append([]string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + s.dir, "DATABASE_URL=" + s.database,
		"BETTER_AUTH_SECRET=" + authtest.Secret, "BETTER_AUTH_URL=" + origin,
	}, append(s.env, env...)...)
	return cmd
}

// run runs a command to its end and gives what it printed.
func (s *site) run(args ...string) string {
	s.t.Helper()
	out, err := s.command(s.t.Context(), nil, args...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("sallyport %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// instance is a running `sallyport serve`.
type instance struct {
	*child
	// url is where it listens, ops where it does so for operators.
	url, ops string
	log      *authtest.Log
}

// serve starts an instance and waits until it is ready.
func (s *site) serve(env ...string) *instance {
	s.t.Helper()
	i := s.begin(env...)
	i.becomesReady()
	return i
}

// begin starts an instance.
func (s *site) begin(env ...string) *instance {
	s.t.Helper()
	public, ops := authtest.FreeAddress(s.t), authtest.FreeAddress(s.t)
	host, port, _ := net.SplitHostPort(public)
	i := &instance{url: "http://" + public, ops: "http://" + ops, log: &authtest.Log{}}
	cmd := s.command(context.Background(), append([]string{"HOST=" + host, "PORT=" + port, "OPS_ADDR=" + ops}, env...), "serve")
	cmd.Stdout, cmd.Stderr = i.log, i.log
	i.child = spawn(s.t, cmd)
	s.t.Cleanup(func() {
		if s.t.Failed() {
			s.t.Logf("%s logged:\n%s", i.url, tail(i.log.String(), 40))
		}
	})
	return i
}

// tail gives the last lines of a text.
func tail(text string, most int) string {
	lines := strings.Split(text, "\n")
	return strings.Join(lines[max(0, len(lines)-most):], "\n")
}

// status gives the status of a path of the instance, 0 where there is no answer.
func (i *instance) status(path string) int {
	c := newClient(i)
	defer c.leave()
	return c.ask(context.Background(), http.MethodGet, path, nil).status
}

// becomesReady waits until the instance says that it is.
func (i *instance) becomesReady() {
	i.t.Helper()
	within(i.t, "readiness", func() bool { return i.status("/readyz") == http.StatusOK })
}

// stop ends the instance as a supervisor does.
func (i *instance) stop() {
	i.t.Helper()
	if code := i.end(syscall.SIGTERM); code != 0 {
		i.t.Fatalf("ended with %d after SIGTERM:\n%s", code, tail(i.log.String(), 40))
	}
}

// metrics gives what /metrics shows, by name with labels as it stands there.
func (i *instance) metrics() map[string]float64 {
	i.t.Helper()
	res, err := http.Get(i.ops + "/metrics")
	if err != nil {
		i.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	values := map[string]float64{}
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if at := strings.LastIndexByte(lines.Text(), ' '); at > 0 && lines.Text()[0] != '#' {
			values[lines.Text()[:at]], _ = strconv.ParseFloat(lines.Text()[at+1:], 64)
		}
	}
	return values
}

// usage is what an instance holds.
type usage struct{ memory, goroutines, files, connections float64 }

// usage asks the instance.
func (i *instance) usage() usage {
	i.t.Helper()
	m := i.metrics()
	return usage{
		memory: m["process_resident_memory_bytes"], goroutines: m["go_goroutines"], files: m["process_open_fds"],
		connections: m["sallyport_database_connections_in_use"] + m["sallyport_database_connections_idle"],
	}
}

// within waits for something to be so, and fails the test when it is not in
// any reasonable time. It gives how long that took.
func within(t *testing.T, what string, is func() bool) time.Duration {
	t.Helper()
	begin := time.Now()
	for !is() {
		if time.Since(begin) > patience {
			t.Fatalf("not within %s: %s", patience, what)
		}
		time.Sleep(10 * time.Millisecond)
	}
	return time.Since(begin)
}

func TestAnInstance(t *testing.T) {
	t.Parallel()
	i := newSite(t, basic, "").serve()
	if u := i.usage(); u.memory < 1<<20 || u.goroutines < 1 || u.files < 1 || u.connections < 1 {
		t.Errorf("it uses %+v", u)
	}
	c := newClient(i)
	c.signUp(t, "ann@example.test")
	if a := c.get("/get-session"); !a.ok("ann@example.test") {
		t.Errorf("get-session: %s", a)
	}
	i.stop()
	if a := c.get("/get-session"); a.err == nil || !a.refused() {
		t.Errorf("a stopped instance answered %s", a)
	}
}
