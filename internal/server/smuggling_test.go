package server_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// statuses sends bytes on a connection of its own, says nothing more, and reads
// every answer.
func (p *process) statuses(t *testing.T, sent string) (all []int) {
	t.Helper()
	conn, err := net.Dial("tcp", p.public)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := io.WriteString(conn, sent); err != nil {
		t.Fatal(err)
	}
	_ = conn.(*net.TCPConn).CloseWrite()
	_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
	r := bufio.NewReader(conn)
	for {
		if _, err := r.Peek(1); err != nil {
			if !errors.Is(err, io.EOF) && !strings.Contains(err.Error(), "reset") {
				t.Errorf("%q: %v", sent[:min(len(sent), 200)], err)
			}
			return all
		}
		res, _ := answer(t, r)
		all = append(all, res.StatusCode)
		if res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%q: %v", sent[:min(len(sent), 200)], res.Header)
		}
	}
}

// A proxy before the server may read a request differently. What can be read in
// two ways is refused and ends the connection, so that nothing behind it counts
// as another request.
func TestRequestsThatCanBeReadInTwoWays(t *testing.T) {
	t.Parallel()
	p := run(t, listening)
	const hidden = "GET /api/auth/ok HTTP/1.1\r\nHost: a\r\n\r\n" // what must not be answered
	post := func(headers, body string) string {
		return "POST /api/auth/sign-in/email HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n" + headers + "\r\n" + body
	}
	tests := map[string]struct {
		sent   string
		status int
	}{
		"two lengths":                   {post("Content-Length: 2\r\nContent-Length: 40\r\n", "{}"), 400},
		"a list of lengths":             {post("Content-Length: 2, 2\r\n", "{}"), 400},
		"a negative length":             {post("Content-Length: -1\r\n", ""), 400},
		"a signed length":               {post("Content-Length: +2\r\n", "{}"), 400},
		"a length in hex":               {post("Content-Length: 0x2\r\n", "{}"), 400},
		"an endless length":             {post("Content-Length: 99999999999999999999\r\n", "{}"), 400},
		"two codings":                   {post("Transfer-Encoding: gzip, chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"), 501},
		"chunked twice":                 {post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"), 501},
		"a coding with a tab":           {post("Transfer-Encoding: \x0bchunked\r\n", "2\r\n{}\r\n0\r\n\r\n"), 400},
		"no coding":                     {post("Transfer-Encoding: identity\r\n", "{}"), 501},
		"an empty coding":               {post("Transfer-Encoding: \r\n", "{}"), 501},
		"a space before the colon":      {post("Content-Length : 2\r\n", "{}"), 400},
		"a line that goes on":           {"GET /api/auth/ok HTTP/1.1\r\nHost: a\r\n X: y\r\n\r\n", 400},
		"a header without a name":       {"GET /api/auth/ok HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n", 400},
		"a NUL in a header":             {"GET /api/auth/ok HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n", 400},
		"a return in a header":          {"GET /api/auth/ok HTTP/1.1\r\nHost: a\r\nX: a\rY: b\r\n\r\n", 400},
		"a host with a path":            {"GET /api/auth/ok HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
		"a host with a space":           {"GET /api/auth/ok HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
		"a host with user information":  {"GET /api/auth/ok HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
		"a long host":                   {"GET /api/auth/ok HTTP/1.1\r\nHost: " + strings.Repeat("a", 20000) + "\r\n\r\n", 200},
		"two spaces":                    {"GET  /api/auth/ok HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		"a tab":                         {"GET\t/api/auth/ok HTTP/1.1\r\nHost: a\r\n\r\n", 400},
		"a version to come":             {"GET /api/auth/ok HTTP/3.0\r\nHost: a\r\n\r\n", 505},
		"a version of three digits":     {"GET /api/auth/ok HTTP/1.10\r\nHost: a\r\n\r\n", 400},
		"no version":                    {"GET /api/auth/ok\r\n\r\n", 400},
		"the preface of HTTP/2":         {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 404},
		"an upgrade to HTTP/2":          {"GET /api/auth/ok HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n", 200},
		"a length and chunks":           {post("Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n"), 400},
		"a chunk of no length":          {post("Transfer-Encoding: chunked\r\n", "x\r\n{}\r\n0\r\n\r\n"), 400},
		"a chunk of a negative length":  {post("Transfer-Encoding: chunked\r\n", "-2\r\n{}\r\n0\r\n\r\n"), 400},
		"a chunk longer than it says":   {post("Transfer-Encoding: chunked\r\n", "2\r\n{}x\r\n0\r\n\r\n"), 400},
		"an endless chunk":              {post("Transfer-Encoding: chunked\r\n", "fffffffffffffffff\r\n{}\r\n0\r\n\r\n"), 400},
		"a chunk with a long extension": {post("Transfer-Encoding: chunked\r\n", "2;"+strings.Repeat("x", 70000)+"\r\n{}\r\n0\r\n\r\n"), 400},
		"a body that ends too early":    {post("Content-Length: 200\r\n", "{}"), 400},
		"trailers":                      {post("Transfer-Encoding: chunked\r\nTrailer: Cookie\r\n", "2\r\n{}\r\n0\r\nCookie: a=b\r\n\r\n"), 400},
	}
	for name, tt := range tests {
		want := []int{tt.status}
		if got := p.statuses(t, tt.sent); !slices.Equal(got, want) {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
		if tt.status == http.StatusOK {
			want = append(want, http.StatusOK) // nothing is unclear about it
		}
		if got := p.statuses(t, tt.sent+hidden); !slices.Equal(got, want) {
			t.Errorf("%s, with more behind it: %d, want %d", name, got, want)
		}
	}
}

// What is clear is answered, old and unusual as it may be.
func TestUnusualRequests(t *testing.T) {
	t.Parallel()
	p := run(t, listening)
	const body = `{"email":"x","password":"y"}`
	for name, tt := range map[string]struct {
		sent string
		want []int
	}{
		"HTTP/1.0 without a host":   {"GET /api/auth/ok HTTP/1.0\r\n\r\n", []int{200}},
		"HTTP/1.0 that keeps alive": {strings.Repeat("GET /api/auth/ok HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", 2), []int{200, 200}},
		"requests one after the other": {
			strings.Repeat("GET /api/auth/ok HTTP/1.1\r\nHost: a\r\n\r\nGET /api/auth/nothing HTTP/1.1\r\nHost: a\r\n\r\n", 3), []int{200, 404, 200, 404, 200, 404},
		},
		"empty lines before": {"\r\nGET /api/auth/ok HTTP/1.1\r\nHost: a\r\n\r\n", []int{400}},
		"line feeds alone":   {"GET /api/auth/ok HTTP/1.1\nHost: a\n\n", []int{200}},
		"chunks, and the end of the connection": {
			"POST /api/auth/sign-in/email HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: Chunked\r\n\r\n1c;x=y\r\n" + body + "\r\n0\r\n\r\n" + okRequest, []int{400},
		},
		"the same length twice":    {"POST /api/auth/sign-in/email HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 28\r\nContent-Length: 28\r\n\r\n" + body, []int{400}},
		"a body that nobody reads": {"GET /api/auth/ok HTTP/1.1\r\nHost: a\r\nContent-Length: 28\r\n\r\n" + body + okRequest, []int{200, 200}},
		"a thousand cookies":       {"GET /api/auth/get-session HTTP/1.1\r\nHost: a\r\nCookie: " + strings.Repeat("better-auth.session_data.1=x; ", 1000) + "\r\n\r\n", []int{200}},
		"ten thousand parameters":  {"GET /api/auth/get-session?" + strings.Repeat("a=&", 10000) + " HTTP/1.1\r\nHost: a\r\n\r\n", []int{200}},
	} {
		if got := p.statuses(t, tt.sent); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %d, want %d", name, got, tt.want)
		}
	}
}
