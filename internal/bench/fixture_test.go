package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
)

// TestMain makes the test binary the server of TestStarts.
func TestMain(m *testing.M) {
	switch {
	case os.Getenv(balancerFor) != "":
		serveBalancer(os.Getenv(balancerFor))
	case os.Getenv(emptyHandler) != "":
		serveEmpty()
	case os.Getenv("BENCH_TEST_SERVER") != "":
		go func() {
			_, _ = io.Copy(io.Discard, os.Stdin)
			os.Exit(0)
		}()
		_ = http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), &endpoints{})
	default:
		os.Exit(m.Run())
	}
}

// endpoints answers as the measured servers do, as far as the harness looks.
type endpoints struct{ hits, signIns, addressed atomic.Int64 }

func (e *endpoints) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.hits.Add(1)
	if r.Header.Get("X-Forwarded-For") != "" {
		e.addressed.Add(1)
	}
	text, _ := io.ReadAll(r.Body)
	body := string(text)
	signed := strings.Contains(r.Header.Get("Cookie"), "session_token=")
	switch name := strings.TrimPrefix(r.URL.Path, basePath); {
	case name == "/ok", name == "/jwks":
		_, _ = io.WriteString(w, `{"keys":[],"ok":true}`)
	case name == "/get-session" && signed, name == "/token" && signed:
		_, _ = io.WriteString(w, `{"session":{},"token":""}`)
	case name == "/get-session":
		_, _ = io.WriteString(w, "null")
	case name == "/sign-out" && r.Header.Get("Cookie") != "" && r.Header.Get("Origin") == origin:
		_, _ = io.WriteString(w, `{"success":true}`)
	case strings.HasPrefix(name, "/sign-") && strings.Contains(body, password):
		e.signIns.Add(1)
		_, _ = io.WriteString(w, `{"user":{}}`)
	case name == "/sign-in/email":
		w.WriteHeader(http.StatusUnauthorized)
		_, _ = io.WriteString(w, `{"code":"INVALID_EMAIL_OR_PASSWORD"}`)
	default:
		http.Error(w, "unexpected", http.StatusTeapot)
	}
}

// contest makes contestants of local servers, on a database of whose people they know nothing.
func contest(t *testing.T, database string, servers ...http.Handler) (all []contestant) {
	t.Helper()
	self, err := os.FindProcess(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	for i, server := range servers {
		s := httptest.NewServer(server)
		t.Cleanup(s.Close)
		name := []string{"original", ours}[i]
		c := contestant{running: &running{subject: subject{name: name, database: database}, address: s.Listener.Addr().String(), cmd: &exec.Cmd{Process: self}}}
		for i := range 3 {
			c.people = append(c.people, person{email: fmt.Sprintf("loaded%d@example.com", i), cookie: "session_token=x.y%3D"})
		}
		all = append(all, c)
	}
	return all
}
