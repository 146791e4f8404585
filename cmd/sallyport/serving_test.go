package main

import (
	"io"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// serving is a running `sallyport serve`.
type serving struct {
	o     *operator
	cmd   *exec.Cmd
	log   *output
	ended chan struct{}
}

// output gathers what a process prints while others read it.
type output struct {
	mu   sync.Mutex
	text strings.Builder
}

func (w *output) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(p)
}

func (w *output) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}

// serve starts the server and waits until it is ready.
func (o *operator) serve(args ...string) *serving {
	o.t.Helper()
	s := o.begin(args...)
	s.becomeReady()
	return s
}

// begin starts the server.
func (o *operator) begin(args ...string) *serving {
	o.t.Helper()
	s := &serving{
		o: o, log: &output{}, ended: make(chan struct{}),
		cmd: o.command(o.t.Context(), append([]string{"serve"}, args...)...),
	}
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		o.t.Fatal(err)
	}
	go func() {
		_ = s.cmd.Wait()
		close(s.ended)
	}()
	o.t.Cleanup(func() {
		_ = s.cmd.Process.Kill()
		<-s.ended
	})
	return s
}

func (s *serving) becomeReady() {
	s.o.t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		select {
		case <-s.ended:
			s.o.t.Fatalf("serve ended:\n%s", s.log)
		default:
		}
		if res, err := http.Get(s.url("/readyz")); err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return
			}
		}
	}
	s.o.t.Fatalf("serve does not become ready:\n%s", s.log)
}

// url gives the address of a path of the server.
func (s *serving) url(path string) string { return "http://127.0.0.1:" + s.o.port + path }

// signal sends a signal and gives the exit code, -1 for a process that it
// killed.
func (s *serving) signal(signal syscall.Signal) int {
	s.o.t.Helper()
	if err := s.cmd.Process.Signal(signal); err != nil {
		s.o.t.Fatal(err)
	}
	select {
	case <-s.ended:
	case <-time.After(patience):
		s.o.t.Fatalf("serve does not end:\n%s", s.log)
	}
	s.o.keepsSecrets("sallyport serve", s.log.String())
	return s.cmd.ProcessState.ExitCode()
}

// stop ends the server as a supervisor does.
func (s *serving) stop() {
	s.o.t.Helper()
	if code := s.signal(syscall.SIGTERM); code != 0 {
		s.o.t.Fatalf("serve ended with %d after SIGTERM:\n%s", code, s.log)
	}
}

// ask sends a request as a page of origin does, and gives status, body and the
// cookies to send from now on.
func (s *serving) ask(t *testing.T, method, path, origin, cookie, body string) (int, string, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, s.url("/api/auth"+path), strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range map[string]string{"Content-Type": "application/json", "Origin": origin, "Cookie": cookie} {
		if value != "" {
			req.Header.Set(name, value)
		}
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	var cookies []string
	for _, c := range res.Cookies() {
		cookies = append(cookies, c.Name+"="+c.Value)
	}
	return res.StatusCode, string(text), strings.Join(cookies, "; ")
}

// signUp makes a user from a page of origin and gives the session's cookies.
func (s *serving) signUp(t *testing.T, origin, email string) string {
	t.Helper()
	status, body, cookie := s.ask(t, http.MethodPost, "/sign-up/email", origin, "",
		`{"name":"Ada","email":"`+email+`","password":"correct horse"}`)
	if status != http.StatusOK || cookie == "" {
		t.Fatalf("sign-up: %d %s", status, body)
	}
	return cookie
}
