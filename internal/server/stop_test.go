package server_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

const okRequest = "GET /api/auth/ok HTTP/1.1\r\nHost: a\r\n\r\n"

// kept is a connection that is kept alive.
type kept struct {
	net.Conn
	r *bufio.Reader
}

func (p *process) keep(t *testing.T) *kept {
	t.Helper()
	conn, err := net.Dial("tcp", p.public)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &kept{conn, bufio.NewReader(conn)}
}

// ask sends a request on the connection and reads the answer.
func (k *kept) ask(t *testing.T, request string) *http.Response {
	t.Helper()
	if _, err := io.WriteString(k, request); err != nil {
		t.Fatal(err)
	}
	res, _ := answer(t, k.r)
	return res
}

// ended reports whether the server closes the connection soon.
func (k *kept) ended(within time.Duration) bool {
	_ = k.SetReadDeadline(time.Now().Add(within))
	_, err := k.r.ReadByte()
	return err != nil && !isTimeout(err)
}

func isTimeout(err error) bool {
	timeout, ok := err.(interface{ Timeout() bool })
	return ok && timeout.Timeout()
}

// While an instance drains, it answers on old and on new connections, and says
// on each that it is the last time.
func TestADrainComesBeforeTheStop(t *testing.T) {
	t.Parallel()
	const drain = 2 * time.Second
	p := run(t, "server: {listen: '127.0.0.1:0', ops: {listen: '127.0.0.1:0'}, timeouts: {drain: 2s}}\n")
	old := p.keep(t)
	if res := old.ask(t, okRequest); res.StatusCode != http.StatusOK || res.Close {
		t.Fatalf("before the stop %d, close %t", res.StatusCode, res.Close)
	}
	unused := p.keep(t)
	_ = unused.ask(t, okRequest)
	began := time.Now()
	p.stop()
	p.logged(t, `msg="(stopping): .*drain=2s`)
	if res := old.ask(t, okRequest); res.StatusCode != http.StatusOK || !res.Close {
		t.Errorf("on an old connection %d, close %t", res.StatusCode, res.Close)
	}
	if !old.ended(time.Second) {
		t.Error("the old connection is kept")
	}
	if unused.ended(100 * time.Millisecond) {
		t.Error("a connection is closed before its last answer")
	}
	if res, _ := p.raw(t, okRequest); res.StatusCode != http.StatusOK || !res.Close {
		t.Errorf("on a new connection %d, close %t", res.StatusCode, res.Close)
	}
	for _, address := range []string{p.public, p.ops} {
		res, err := http.Get("http://" + address + "/readyz")
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if res.StatusCode != http.StatusServiceUnavailable || string(text) != "stopping\n" {
			t.Errorf("readiness at %s: %d %q", address, res.StatusCode, text)
		}
		if res, err := http.Get("http://" + address + "/livez"); err != nil || res.StatusCode != http.StatusOK {
			t.Errorf("liveness at %s: %v", address, err)
		}
	}
	if err := <-p.ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
	if took := time.Since(began); took < drain || took > drain+5*time.Second {
		t.Errorf("the stop took %v", took)
	}
	if !unused.ended(time.Second) {
		t.Error("an idle connection outlives the server")
	}
	if !strings.Contains(p.Log.String(), "msg=stopped") {
		t.Error("the log does not say that it has stopped")
	}
}
