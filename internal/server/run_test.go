package server_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// process is a server that listens by itself, as the command does.
type process struct {
	*authtest.Server
	public, ops string // addresses
	stop        context.CancelFunc
	ended       chan error
}

func run(t *testing.T, options string, further ...authtest.Option) *process {
	t.Helper()
	return runWith(t, authtest.Starter+options, further...)
}

// runWith is run with a whole configuration.
func runWith(t *testing.T, config string, further ...authtest.Option) *process {
	t.Helper()
	p := &process{Server: authtest.New(t, config, further...), ended: make(chan error, 1)}
	ctx, cancel := context.WithCancel(t.Context())
	p.stop = cancel
	go func() { p.ended <- p.Server.Server.Run(ctx) }()
	t.Cleanup(cancel)
	p.public = p.logged(t, `msg=listening address=(\S+)`)
	if strings.Contains(config, "ops") {
		p.ops = p.logged(t, `operators" address=(\S+)`)
	}
	return p
}

// logged waits for a line of the log.
func (p *process) logged(t *testing.T, pattern string) string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	for {
		if found := re.FindStringSubmatch(p.Log.String()); found != nil {
			return found[1]
		}
		select {
		case err := <-p.ended:
			t.Fatalf("the server ended: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
}

// raw sends bytes on a connection of its own and reads one answer.
func (p *process) raw(t *testing.T, request string) (*http.Response, string) {
	t.Helper()
	conn, err := net.Dial("tcp", p.public)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	return answer(t, bufio.NewReader(conn))
}

func answer(t *testing.T, r *bufio.Reader) (*http.Response, string) {
	t.Helper()
	res, err := http.ReadResponse(r, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res, string(body)
}

const listening = "server: {listen: '127.0.0.1:0', ops: {listen: '127.0.0.1:0'}, timeouts: {drain: 0}}\n"

// What no client library would send is answered too, and guarded.
func TestRequestsThatOnlyHandsWrite(t *testing.T) {
	t.Parallel()
	p := run(t, listening)
	const ok, end = "GET /api/auth/ok HTTP/1.1\r\n", "Connection: close\r\n\r\n"
	tests := []struct {
		name, request string
		status        int
	}{
		{"plain", ok + "Host: a\r\n" + end, 200},
		{"absolute form", "GET http://elsewhere.test/api/auth/ok HTTP/1.1\r\nHost: a\r\n" + end, 200},
		{"absolute form, no path", "GET http://elsewhere.test HTTP/1.1\r\nHost: a\r\n" + end, 404},
		{"backslashes", "GET \\api\\auth\\ok HTTP/1.1\r\nHost: a\r\n" + end, 400},
		{"asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n" + end, 404},
		{"trace", "TRACE /api/auth/ok HTTP/1.1\r\nHost: a\r\n" + end, 404},
		{"connect", "CONNECT elsewhere.test:443 HTTP/1.1\r\nHost: elsewhere.test:443\r\n" + end, 404},
		{"unknown method", "BREW /api/auth/ok HTTP/1.1\r\nHost: a\r\n" + end, 404},
		{"no host", ok + end, 400},
		{"two hosts", ok + "Host: a\r\nHost: b\r\n" + end, 400},
		{"not a method", "G@T /api/auth/ok HTTP/1.1\r\nHost: a\r\n" + end, 400},
		{"broken escape", "GET /api/auth/%zz HTTP/1.1\r\nHost: a\r\n" + end, 400},
		{"no request", "hello\r\n\r\n", 400},
		{"header with a space", ok + "Host: a\r\nX Y: z\r\n" + end, 400},
		{"long header", ok + "Host: a\r\nX-Long: " + strings.Repeat("x", 40<<10) + "\r\n" + end, 431},
		{"many headers", ok + "Host: a\r\n" + strings.Repeat("X-Many: "+strings.Repeat("x", 100)+"\r\n", 400) + end, 431},
		{"longest header that is taken", ok + "Host: a\r\nX-Long: " + strings.Repeat("x", 30<<10) + "\r\n" + end, 200},
		{"unknown coding", "POST /api/auth/sign-out HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: rot13\r\n" + end, 501},
		{"two lengths", "POST /api/auth/sign-out HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n" + end, 400},
		{"unknown expectation", "POST /api/auth/sign-out HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\nContent-Length: 0\r\n" + end, 417},
		{"cookie that is no cookie", ok + "Host: a\r\nCookie: ;;=;=x;\"\r\n" + end, 200},
	}
	for _, tt := range tests {
		res, body := p.raw(t, tt.request)
		if res.StatusCode != tt.status {
			t.Errorf("%s: %d %q, want %d", tt.name, res.StatusCode, body, tt.status)
		}
		if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %v", tt.name, res.Header)
		}
	}
}

func TestMetricsAreForOperatorsAlone(t *testing.T) {
	t.Parallel()
	p := run(t, listening)
	const host = " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
	p.raw(t, "GET /api/auth/ok"+host)
	p.raw(t, "GET /api/auth/made-up-by-a-client"+host)
	p.raw(t, "BREW /api/auth/ok"+host)
	if res, body := p.raw(t, "GET /metrics"+host); res.StatusCode != http.StatusNotFound || body != "" {
		t.Errorf("the public listener answers %d %q", res.StatusCode, body)
	}
	res, err := http.Get("http://" + p.ops + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(res.Body)
	_ = res.Body.Close()
	for _, line := range []string{
		`sallyport_http_requests_total{code="200",method="GET",route="/ok"} 1`,
		`sallyport_http_requests_total{code="404",method="GET",route="unknown"} 2`,
		`sallyport_http_requests_total{code="404",method="other",route="unknown"} 1`,
		"sallyport_build_info{", "sallyport_database_connections_idle ", "go_goroutines ",
	} {
		if !strings.Contains(string(text), line) {
			t.Errorf("no line %s", line)
		}
	}
	if strings.Contains(string(text), "made-up") {
		t.Error("a client can make labels")
	}
	if res, err := http.Get("http://" + p.ops + "/api/auth/ok"); err != nil || res.StatusCode != http.StatusNotFound {
		t.Errorf("the API answers operators: %v %v", res, err)
	}
}

// A stop takes the server out of service at once and lets the requests that it
// has begun finish.
func TestStoppingFinishesWhatHasBegun(t *testing.T) {
	t.Parallel()
	p := run(t, listening)
	c := p.Client()
	c.SignUp("ann@example.test")
	body := fmt.Sprintf(`{"email":"ann@example.test","password":%q}`, authtest.Password)
	conn, err := net.Dial("tcp", p.public)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	head := fmt.Sprintf("POST /api/auth/sign-in/email HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", len(body))
	if _, err := io.WriteString(conn, head); err != nil {
		t.Fatal(err)
	}
	r := bufio.NewReader(conn)
	if res, _ := answer(t, r); res.StatusCode != http.StatusContinue { // now a handler waits for the body
		t.Fatalf("answered %d", res.StatusCode)
	}
	p.stop()
	for { // until the socket is closed
		other, err := net.Dial("tcp", p.public)
		if err != nil {
			break
		}
		_ = other.Close()
	}
	if a := ask(p.Server, "/readyz", nil).Is(http.StatusServiceUnavailable); !strings.Contains(a.Text, "stopping") {
		t.Errorf("readyz says %s", a.Text)
	}
	ask(p.Server, "/livez", nil).Is(http.StatusOK)
	select {
	case err := <-p.ended:
		t.Fatalf("it ended with a request in flight: %v", err)
	default:
	}
	if _, err := io.WriteString(conn, body); err != nil {
		t.Fatal(err)
	}
	if res, text := answer(t, r); res.StatusCode != http.StatusOK {
		t.Errorf("the request in flight got %d %s", res.StatusCode, text)
	}
	if err := <-p.ended; err != nil {
		t.Errorf("it ended with %v", err)
	}
}

func TestAnAddressInUseEndsTheStart(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	for option, yaml := range map[string]string{
		"server.listen":     fmt.Sprintf("server: {listen: '%s'}\n", taken.Addr()),
		"server.ops.listen": fmt.Sprintf("server: {listen: '127.0.0.1:0', ops: {listen: '%s'}}\n", taken.Addr()),
	} {
		s := authtest.New(t, authtest.Starter+yaml)
		err := s.Server.Run(t.Context())
		if err == nil || !strings.HasPrefix(err.Error(), option+": ") || !strings.Contains(err.Error(), taken.Addr().String()) {
			t.Errorf("%s: %v", option, err)
		}
		if errors.Is(err, context.Canceled) {
			t.Errorf("%s: it had begun to serve", option)
		}
	}
}
