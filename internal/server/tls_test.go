package server_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// pair is a certificate with its key, for a server in a test.
type pair struct{ *authtest.Pair }

func newPair(t *testing.T, name string) pair {
	t.Helper()
	return pair{authtest.NewPair(t, name)}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// trusting is what a client that trusts the pair dials with.
func (p pair) trusting(protocols ...string) *tls.Config {
	pool := x509.NewCertPool()
	pool.AddCert(p.Leaf)
	return &tls.Config{RootCAs: pool, ServerName: p.Leaf.DNSNames[0], NextProtos: protocols}
}

func (p pair) options() string {
	return fmt.Sprintf("server: {listen: '127.0.0.1:0', ops: {listen: '127.0.0.1:0'}, timeouts: {drain: 0}, tls: {cert: '%s', key: '%s'}}\n", p.Cert, p.Key)
}

const tlsName = "auth.example.com"

func TestTLS(t *testing.T) {
	t.Parallel()
	files := newPair(t, tlsName)
	p := run(t, "baseURL: https://"+tlsName+"\n"+files.options())
	for _, protocol := range []string{"HTTP/1.1", "HTTP/2.0"} {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: files.trusting(), ForceAttemptHTTP2: protocol == "HTTP/2.0"}}
		res, err := client.Get("https://" + p.public + "/api/auth/ok")
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != http.StatusOK || res.Proto != protocol {
			t.Errorf("%s: %d in %s", protocol, res.StatusCode, res.Proto)
		}
		if got := res.Header.Get("Strict-Transport-Security"); got != "max-age=31536000" {
			t.Errorf("%s: Strict-Transport-Security %q", protocol, got)
		}
	}
	old := files.trusting()
	old.MaxVersion = tls.VersionTLS11
	if _, err := tls.Dial("tcp", p.public, old); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	if res, body := p.raw(t, okRequest); res.StatusCode != http.StatusBadRequest || !strings.Contains(body, "HTTPS") || res.Header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("plain HTTP: %d %q %v", res.StatusCode, body, res.Header)
	}
}

// What net/http refuses by itself is guarded under TLS too.
func TestRefusalsUnderTLS(t *testing.T) {
	t.Parallel()
	files := newPair(t, tlsName)
	p := run(t, files.options())
	for request, status := range map[string]int{
		"GET /api/auth/ok HTTP/1.1\r\n\r\n": 400,
		"GET /api/auth/ok HTTP/1.1\r\nHost: a\r\nX-Long: " + strings.Repeat("x", 40<<10) + "\r\n\r\n": 431,
		"POST /api/auth/sign-out HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: rot13\r\n\r\n":             501,
	} {
		conn, err := tls.Dial("tcp", p.public, files.trusting("http/1.1"))
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(conn, request)
		res, _ := answer(t, bufio.NewReader(conn))
		_ = conn.Close()
		if res.StatusCode != status || res.Header.Get("X-Content-Type-Options") != "nosniff" || res.Header.Get("Cache-Control") != "no-store" {
			t.Errorf("%d: %d %v", status, res.StatusCode, res.Header)
		}
	}
}

// A renewed certificate is used without a restart, and a broken one is not.
func TestARenewedCertificateIsReadAgain(t *testing.T) {
	t.Parallel()
	files := newPair(t, tlsName)
	p := run(t, files.options())
	served := func() string {
		t.Helper()
		conn, err := tls.Dial("tcp", p.public, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // the serial number tells
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = conn.Close() }()
		return conn.ConnectionState().PeerCertificates[0].SerialNumber.String()
	}
	first := files.Leaf.SerialNumber.String()
	files.Issue(tlsName, time.Now().Add(time.Hour))
	if got := served(); got != first {
		t.Errorf("before the files are looked at again %s is served, want %s", got, first)
	}
	p.Clock.Advance(11 * time.Second)
	second := files.Leaf.SerialNumber.String()
	if got := served(); got != second {
		t.Errorf("%s is served, want the new one %s", got, second)
	}
	p.logged(t, `(a new certificate is in use)`)
	writeFile(t, files.Key, "half a key")
	p.Clock.Advance(11 * time.Second)
	if got := served(); got != second {
		t.Errorf("beside a broken key %s is served, want %s", got, second)
	}
	p.logged(t, `(the old one stays)`)
	files.Issue(tlsName, time.Now().Add(time.Hour))
	p.Clock.Advance(11 * time.Second)
	if got := served(); got != files.Leaf.SerialNumber.String() {
		t.Errorf("after the mend %s is served", got)
	}
}

func TestBadCertificateFilesStopTheStart(t *testing.T) {
	t.Parallel()
	good, other := newPair(t, tlsName), newPair(t, tlsName)
	empty := filepath.Join(t.TempDir(), "empty")
	writeFile(t, empty, "")
	for _, tt := range []struct{ cert, key, want string }{
		{"nowhere.crt", good.Key, "server.tls.cert: open nowhere.crt: no such file"},
		{good.Cert, "nowhere.key", "server.tls.key: open nowhere.key: no such file"},
		{filepath.Dir(good.Cert), good.Key, "server.tls.cert: read " + filepath.Dir(good.Cert) + ": is a directory"},
		{empty, good.Key, "server.tls: " + empty + " with " + good.Key + ": tls: failed to find any PEM data in certificate input"},
		{good.Cert, empty, "failed to find any PEM data in key input"},
		{good.Cert, good.Cert, "found a certificate rather than a key"},
		{good.Cert, other.Key, "private key does not match public key"},
		{good.Cert, "", "server.tls: cert and key belong together"},
		{"", good.Key, "server.tls: cert and key belong together"},
	} {
		cfg := authtest.Config(t, authtest.Starter+fmt.Sprintf("baseURL: https://a.test\nserver: {mode: production, tls: {cert: '%s', key: '%s'}}\n", tt.cert, tt.key))
		err := server.Complete(cfg, server.Production)
		if err == nil {
			_, err = server.ReadCertificate(cfg.Server.TLS)
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s with %s: %v, want %s", tt.cert, tt.key, err, tt.want)
		}
	}
	cfg := authtest.Config(t, authtest.Starter+"baseURL: https://a.test\n"+good.options())
	cfg.Server.TLS.Key = other.Key
	cfg.Database.URL = config.NewSecret(authtest.Database(t, cfg))
	if err := server.Complete(cfg, server.Production); err != nil {
		t.Fatal(err)
	}
	if _, err := server.New(t.Context(), cfg, server.Deps{Log: slog.New(slog.DiscardHandler)}); err == nil || !strings.Contains(err.Error(), "does not match") {
		t.Errorf("the server is made: %v", err)
	}
}

func TestWhatIsDoubtfulAboutACertificate(t *testing.T) {
	t.Parallel()
	const fine = "https://" + tlsName
	for name, tt := range map[string]struct {
		base  string
		until time.Duration
		want  string
	}{
		"ended":        {fine, -time.Hour, "warning tls: the certificate ended at "},
		"ends soon":    {fine, 24 * time.Hour, "warning tls: the certificate ends at "},
		"another name": {"https://other.example.com", 1000 * time.Hour, "warning tls: the certificate does not fit baseURL https://other.example.com: "},
		"plain base":   {"http://" + tlsName, 1000 * time.Hour, "warning tls: the server speaks HTTPS, but baseURL is http://"},
		"fine":         {fine, 1000 * time.Hour, ""},
	} {
		files := newPair(t, tlsName)
		files.Issue(tlsName, time.Now().Add(tt.until))
		cfg := authtest.Config(t, authtest.Starter+"baseURL: "+tt.base+"\n"+files.options())
		var told []string
		for _, f := range server.Doubts(cfg) {
			if f.Subject == "tls" {
				told = append(told, fmt.Sprintf("%s %s: %s", f.Level, f.Subject, f.Text))
			}
		}
		if text := strings.Join(told, "\n"); !strings.HasPrefix(text, tt.want) || (tt.want == "") != (text == "") {
			t.Errorf("%s: %q, want %q", name, text, tt.want)
		}
	}
}

// A client that opens streams and resets them at once does not make the server
// work for them all, nor end it.
func TestRapidResets(t *testing.T) {
	t.Parallel()
	const streams = 20_000
	files := newPair(t, tlsName)
	p := run(t, files.options())
	conn, err := tls.Dial("tcp", p.public, files.trusting("h2"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	_, _ = io.WriteString(conn, http2.ClientPreface)
	framer := http2.NewFramer(conn, conn)
	if err := framer.WriteSettings(); err != nil {
		t.Fatal(err)
	}
	go func() { _, _ = io.Copy(io.Discard, conn) }()
	block := headerBlock(t)
	for id := uint32(1); id < 2*streams; id += 2 {
		err = framer.WriteHeaders(http2.HeadersFrameParam{StreamID: id, BlockFragment: block, EndHeaders: true})
		if err == nil {
			err = framer.WriteRSTStream(id, http2.ErrCodeCancel)
		}
		if err != nil {
			break
		}
	}
	_ = conn.CloseWrite()
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: files.trusting(), ForceAttemptHTTP2: true}}
	res, err := client.Get("https://" + p.public + "/api/auth/ok")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Errorf("another client is answered %d", res.StatusCode)
	}
	if n := p.counted(t, "/get-session"); n >= streams/2 {
		t.Errorf("%d of %d requests were worked on", n, streams)
	}
	if n := p.counted(t, "/ok"); n != 1 {
		t.Errorf("the other client's request is counted %d times", n)
	}
}

// counted is how many requests of a route the metrics have.
func (p *process) counted(t *testing.T, route string) (n int) {
	t.Helper()
	res, err := http.Get("http://" + p.ops + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		line, number, _ := strings.Cut(lines.Text(), "} ")
		if strings.HasPrefix(line, "sallyport_http_requests_total{") && strings.Contains(line, `route="`+route+`"`) {
			more, err := strconv.Atoi(number)
			if err != nil {
				t.Error(err)
			}
			n += more
		}
	}
	return n
}

func headerBlock(t *testing.T) []byte {
	t.Helper()
	var block strings.Builder
	enc := hpack.NewEncoder(&block)
	for _, f := range [][2]string{{":method", "GET"}, {":scheme", "https"}, {":authority", tlsName}, {":path", "/api/auth/get-session"}} {
		if err := enc.WriteField(hpack.HeaderField{Name: f[0], Value: f[1]}); err != nil {
			t.Fatal(err)
		}
	}
	return []byte(block.String())
}
