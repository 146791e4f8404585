// Package redistest runs a Redis for a test: on a free port of the loopback
// interface, keeping nothing on disk, and ending with the test.
package redistest

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// startWithin is how long a Redis may take to answer.
const startWithin = 10 * time.Second

// Server is a Redis, which may be stopped and started again on its port.
type Server struct {
	// URL is where it listens, without a password.
	URL string

	t         testing.TB
	port      string
	arguments []string
	password  string
	process   *exec.Cmd // the shell that guards it
	pid       int       // its own
	input     io.Closer
}

// New starts a Redis with further arguments as redis-server takes them.
func New(t testing.TB, arguments ...string) *Server {
	t.Helper()
	s := &Server{t: t, port: freePort(t), arguments: arguments}
	s.URL = "redis://127.0.0.1:" + s.port
	for i, a := range arguments[:max(len(arguments)-1, 0)] {
		if a == "--requirepass" {
			s.password = arguments[i+1]
		}
	}
	t.Cleanup(s.Stop)
	s.Start()
	return s
}

// freePort gives a port on which nothing listened a moment ago.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	return port
}

// guarded is run by a shell that outlives this process: it starts Redis and ends
// it when its input ends, which the kernel sees to.
const guarded = `"$@" >/dev/null 2>&1 </dev/null & redis=$!
cat >/dev/null
kill -KILL $redis; wait $redis`

// Start starts it, empty.
func (s *Server) Start() {
	s.t.Helper()
	arguments := append([]string{
		"-c", guarded, "guard", "redis-server", "--port", s.port, "--bind", "127.0.0.1",
		"--save", "", "--appendonly", "no", "--dir", s.t.TempDir(),
	}, s.arguments...)
	s.process = exec.Command("/bin/sh", arguments...)
	// Ctrl-C in a terminal is for the tests, not for what cleans up after them.
	s.process.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	var err error
	if s.input, err = s.process.StdinPipe(); err != nil {
		s.t.Fatal(err)
	}
	if err := s.process.Start(); err != nil {
		s.t.Fatal(err)
	}
	for deadline := time.Now().Add(startWithin); ; time.Sleep(5 * time.Millisecond) {
		answer, err := s.command("PING")
		if err == nil && strings.TrimSpace(answer) == "PONG" {
			s.pid = s.processID()
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("redis-server does not answer; is it installed? %v %s", err, answer)
		}
	}
}

// Stop ends it as a crash would. What it held is gone.
func (s *Server) Stop() {
	if s.process == nil {
		return
	}
	_ = s.input.Close()
	_ = s.process.Wait()
	s.process = nil
}

// Freeze lets it hang: it accepts connections and answers nothing.
func (s *Server) Freeze() { s.signal(syscall.SIGSTOP) }

// Thaw lets it go on.
func (s *Server) Thaw() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(what syscall.Signal) {
	s.t.Helper()
	if err := syscall.Kill(s.pid, what); err != nil {
		s.t.Errorf("signal %s: %v", what, err)
	}
}

func (s *Server) processID() int {
	s.t.Helper()
	_, after, _ := strings.Cut(s.Do("INFO", "server"), "process_id:")
	text, _, _ := strings.Cut(after, "\r")
	pid, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		s.t.Fatal(err)
	}
	return pid
}

// Do runs a command and gives its answer as redis-cli prints it.
func (s *Server) Do(arguments ...string) string {
	s.t.Helper()
	answer, err := s.command(arguments...)
	if err != nil {
		s.t.Fatalf("%v: %v: %s", arguments, err, answer)
	}
	return strings.TrimSpace(answer)
}

func (s *Server) command(arguments ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), startWithin)
	defer cancel()
	cli := exec.CommandContext(ctx, "redis-cli", append([]string{"-h", "127.0.0.1", "-p", s.port}, arguments...)...)
	if s.password != "" {
		cli.Env = append(os.Environ(), "REDISCLI_AUTH="+s.password)
	}
	answer, err := cli.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("redis-cli: %w", err)
	}
	return string(answer), err
}
