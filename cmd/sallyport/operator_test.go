package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
)

// patience ends a process that hangs; none needs as long, even on a busy machine.
const patience = 2 * time.Minute

// hidden is the password of databases that tests only pretend to have.
const hidden = "sesame-9f2c"

// binary builds the program once for this test process.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(scratch, "sallyport")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w: %s", err, out)
	}
	return path, nil
})

// scratch is a folder for this test process.
var scratch string

func TestMain(m *testing.M) {
	var err error
	if scratch, err = os.MkdirTemp("", "sallyport-commands-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitFailed)
	}
	code := m.Run()
	_ = os.RemoveAll(scratch)
	os.Exit(code)
}

// operator is somebody at a terminal: in a folder, with an environment.
type operator struct {
	t    *testing.T
	dir  string
	port string
	env  map[string]string
	// cgroup is the folder of the cgroup to run in; empty for the test's own.
	cgroup string
}

// newOperator gives one with an empty folder and nothing configured but a free
// port.
func newOperator(t *testing.T) *operator {
	t.Helper()
	o := &operator{t: t, dir: t.TempDir(), port: authtest.FreePort(t)}
	o.env = map[string]string{"PATH": os.Getenv("PATH"), "HOME": o.dir, "PORT": o.port}
	return o
}

// newDeveloper gives an operator who has a folder for a private Postgres.
func newDeveloper(t *testing.T) *operator {
	t.Helper()
	o := newOperator(t)
	o.env["SALLYPORT_DATA"] = pgtest.Folder(t)
	return o
}

// newProducer gives an operator who has configured what production needs, with
// an empty database.
func newProducer(t *testing.T) *operator {
	t.Helper()
	o := newOperator(t)
	o.env["DATABASE_URL"] = pgtest.URL(t)
	o.env["BETTER_AUTH_SECRET"] = newSecretText()
	o.env["BETTER_AUTH_URL"] = "https://auth.example.com"
	return o
}

// with gives the same operator with variables set otherwise, as NAME=value.
func (o *operator) with(t *testing.T, variables ...string) *operator {
	t.Helper()
	other := &operator{t: t, dir: o.dir, port: o.port, env: map[string]string{}, cgroup: o.cgroup}
	for name, value := range o.env {
		other.env[name] = value
	}
	for _, v := range variables {
		name, value, _ := strings.Cut(v, "=")
		other.env[name] = value
		if name == "PORT" {
			other.port = value
		}
	}
	return other
}

// configure writes sallyport.yaml.
func (o *operator) configure(text string) {
	o.t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, "sallyport.yaml"), []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
}

func (o *operator) command(ctx context.Context, args ...string) *exec.Cmd {
	o.t.Helper()
	path, err := binary()
	if err != nil {
		o.t.Fatalf("building: %v", err)
	}
	if o.cgroup != "" {
		args = append([]string{"-c", `echo $$ >"$0" && exec "$@"`, filepath.Join(o.cgroup, "cgroup.procs"), path}, args...)
		path = "/bin/sh"
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir = o.dir
	for name, value := range o.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	return cmd
}

// result is what a command left behind.
type result struct {
	t              *testing.T
	line           string
	stdout, stderr string
	code           int
}

// run runs a command to its end.
func (o *operator) run(args ...string) result {
	o.t.Helper()
	ctx, cancel := context.WithTimeout(o.t.Context(), patience)
	defer cancel()
	var stdout, stderr bytes.Buffer
	cmd := o.command(ctx, args...)
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		o.t.Fatal(err)
	}
	r := result{o.t, "sallyport " + strings.Join(args, " "), stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
	o.keepsSecrets(r.line, r.stdout+r.stderr)
	return r
}

// keepsSecrets ends the test when a secret of the operator's was printed.
func (o *operator) keepsSecrets(line, printed string) {
	o.t.Helper()
	secrets := []string{hidden, o.env["BETTER_AUTH_SECRET"]}
	for _, name := range []string{"secret", "password"} {
		text, _ := os.ReadFile(filepath.Join(o.env["SALLYPORT_DATA"], name))
		secrets = append(secrets, strings.TrimSpace(string(text)))
	}
	for _, secret := range secrets {
		// The shortest ones stand in every text.
		if len(secret) > 8 && strings.Contains(printed, secret) {
			o.t.Errorf("%s printed a secret:\n%s", line, printed)
		}
	}
}

// exits ends the test unless the command ended with this code.
func (r result) exits(code int) result {
	r.t.Helper()
	if r.code != code {
		r.t.Fatalf("%s: exit code %d, want %d\n%s%s", r.line, r.code, code, r.stdout, r.stderr)
	}
	return r
}

// complaint gives the one line that a failed command says on stderr beside its
// log.
func (r result) complaint() string {
	r.t.Helper()
	var lines []string
	for line := range strings.Lines(r.stderr) {
		if text, ok := strings.CutPrefix(line, "sallyport: "); ok {
			lines = append(lines, strings.TrimSpace(text))
		} else if !strings.HasPrefix(line, "time=") {
			r.t.Errorf("%s: a line that is neither log nor complaint: %q", r.line, line)
		}
	}
	if len(lines) != 1 {
		r.t.Fatalf("%s: %d lines of complaint, want one:\n%s", r.line, len(lines), r.stderr)
	}
	return lines[0]
}

// says ends the test unless text holds every part.
func says(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in:\n%s", part, text)
		}
	}
}

// takenAddress gives an address that is listened on until t ends.
func takenAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}

// portOf gives the port of an address.
func portOf(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}
