package server_test

import (
	"context"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// forwardings are headers that a proxy on this machine sends, and whom they are
// from.
var forwardings = map[string]http.Header{
	"198.51.100.1": {"X-Forwarded-For": {"1.2.3.4", "198.51.100.1:443, 10.0.0.7"}},
	"198.51.100.2": {"X-Forwarded-For": {"unknown, ::ffff:198.51.100.2"}},
	"127.0.0.1":    {"X-Forwarded-For": {"198.51.100.3, _hidden"}},
	"2001:0db8:0001:0002:0000:0000:0000:0000": {"X-Forwarded-For": {strings.Repeat("1.2.3.4,", 1000) + "[2001:db8:1:2:3::4]:1"}},
}

// The limiter counts for the very address that a session keeps.
func TestLimiterAndSessionsMeanOneAddress(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, limited)
	ask := func(header http.Header, path string) *authtest.Answer {
		r := s.Client().Request(http.MethodGet, path, "", "")
		r.Header = header.Clone()
		return s.Client().Send(r)
	}
	for want, header := range forwardings {
		c := s.Client()
		c.Header["X-Forwarded-For"] = header["X-Forwarded-For"]
		c.SignUp(newEmail())
		session, _ := c.Get("/get-session").JSON()["session"].(map[string]any)
		if session["ipAddress"] != want {
			t.Errorf("%v: the session is from %v, want %s", header, session["ipAddress"], want)
		}
		plain := http.Header{"X-Forwarded-For": {want}}
		ask(plain, "/ok").Is(http.StatusOK)
		ask(header, "/ok").Is(http.StatusOK)
		ask(plain, "/ok").Is(http.StatusTooManyRequests)
		ask(header, "/ok").Is(http.StatusTooManyRequests)
	}
}

// Whoever can open the socket is as near as a proxy, and all clients of one that
// forwards nothing are one.
func TestAProxyOnAUnixSocket(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, limited)
	path := filepath.Join(t.TempDir(), "s")
	socket, err := net.Listen("unix", path)
	if err != nil {
		t.Fatal(err)
	}
	front := &http.Server{Handler: s.Server.Handler()} //nolint:gosec // of a test
	go func() { _ = front.Serve(socket) }()
	t.Cleanup(func() { _ = front.Close() })
	client := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "unix", path)
	}}}
	for _, tt := range []struct {
		address string
		want    int
	}{{"198.51.100.1", 200}, {"198.51.100.1", 200}, {"198.51.100.1", 429}, {"198.51.100.2", 200}, {"", 200}, {"", 200}, {"", 429}} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://auth.test/api/auth/ok", nil)
		if err != nil {
			t.Fatal(err)
		}
		if tt.address != "" {
			r.Header.Set("X-Forwarded-For", tt.address)
		}
		res, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode != tt.want {
			t.Errorf("from %q: %d, want %d", tt.address, res.StatusCode, tt.want)
		}
	}
}

// A header that a CDN would set means nothing when the CDN did not send it.
func TestForgedHeadersAreCounted(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, "rateLimit: {enabled: true, max: 2}\nadvanced: {ipAddress: {ipAddressHeaders: [CF-Connecting-IP], trustedProxies: [192.0.2.0/24]}}\n")
	for i, want := range []int{200, 200, 429} {
		r := s.Client().Request(http.MethodGet, "/ok", "", "")
		r.Header.Set("CF-Connecting-IP", []string{"198.51.100.1", "198.51.100.2", "198.51.100.3"}[i])
		r.Header.Set("X-Forwarded-For", "198.51.100.9")
		s.Client().Send(r).Is(want)
	}
	if text := shownMetrics(s); !strings.Contains(text, "sallyport_untrusted_forwarded_requests_total 3\n") {
		t.Errorf("%s", text)
	}
}

// Where a proxy in front gives CORS headers, ours beside them would make
// browsers refuse the answer; preflights that reach us are for no route.
func TestWithoutCORS(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, limited+"trustedOrigins: ["+app+"]\nserver: {cors: false}\n")
	if a := preflight(s, app); a.Status != http.StatusNotFound || len(corsHeaders(a)) != 0 {
		t.Errorf("a preflight: %d %v", a.Status, corsHeaders(a))
	}
	for range 4 { // the last ones are refused
		r := s.Client().Request(http.MethodGet, "/ok", "", "")
		r.Header.Set("Origin", app)
		if a := s.Client().Send(r); len(corsHeaders(a)) != 0 {
			t.Errorf("%d with %v", a.Status, corsHeaders(a))
		}
	}
	// Origins are checked all the same.
	c := s.Client()
	c.SignUp(newEmail())
	c.Header.Set("Origin", "https://evil.test")
	c.Post("/sign-out", map[string]any{}).Code(http.StatusForbidden, "INVALID_ORIGIN")
}

func TestTrustInEverybodyIsDoubted(t *testing.T) {
	t.Parallel()
	for proxies, want := range map[string]bool{"['0.0.0.0/0']": true, "['10.0.0.0/8', '::/0']": true, "['10.0.0.0/8']": false} {
		cfg := authtest.Config(t, "advanced: {ipAddress: {trustedProxies: "+proxies+"}}")
		if err := server.Complete(cfg, server.Development); err != nil {
			t.Fatal(err)
		}
		doubted := slices.ContainsFunc(server.Doubts(cfg), func(f server.Finding) bool { return f.Subject == "proxy" })
		if doubted != want {
			t.Errorf("%s: doubted %t", proxies, doubted)
		}
	}
}
