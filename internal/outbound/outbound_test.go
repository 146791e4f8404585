package outbound_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/outbound"
)

// loopback allows what the servers of these tests listen on.
var loopback = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

func get(t *testing.T, c *outbound.Client, address string) (*outbound.Answer, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c.Do(t.Context(), r)
}

func TestAnswersAreReadWhateverTheirStatus(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Kind", r.URL.Path)
		status := 200
		_, _ = fmt.Sscan(r.URL.Path[1:], &status)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, "body")
	}))
	t.Cleanup(server.Close)
	c := outbound.New(outbound.Options{Allow: loopback})
	for _, status := range []int{200, 201, 299, 300, 400, 401, 404, 500, 503} {
		got, err := get(t, c, fmt.Sprintf("%s/%d", server.URL, status))
		if err != nil || got.Status != status || got.OK() != (status < 300) || string(got.Body) != "body" || got.Header.Get("X-Kind") == "" {
			t.Errorf("%d: %+v, %v", status, got, err)
		}
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	var followed atomic.Bool
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { followed.Store(true) }))
	t.Cleanup(inner.Close)
	for _, status := range []int{301, 302, 303, 307, 308} {
		outer := httptest.NewServer(http.RedirectHandler(inner.URL+"/latest/meta-data", status))
		_, err := get(t, outbound.New(outbound.Options{Allow: loopback}), outer.URL)
		outer.Close()
		if !errors.Is(err, outbound.ErrRedirect) {
			t.Errorf("%d: %v", status, err)
		}
	}
	if followed.Load() {
		t.Error("a redirect was followed")
	}
}

func TestLongAnswersAreRefused(t *testing.T) {
	t.Parallel()
	var written atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limit := outbound.MaxAnswer
		switch r.URL.Path {
		case "/header":
			w.Header().Set("X-Long", strings.Repeat("a", 128<<10))
		case "/endless":
			limit = 1 << 40
		case "/over":
			limit++
		}
		for n := 0; n < limit; n += 1 << 16 {
			size, err := w.Write(make([]byte, min(1<<16, limit-n)))
			if written.Add(int64(size)); err != nil {
				return
			}
		}
	}))
	t.Cleanup(server.Close)
	c := outbound.New(outbound.Options{Allow: loopback})
	if got, err := get(t, c, server.URL+"/exact"); err != nil || len(got.Body) != outbound.MaxAnswer {
		t.Errorf("an answer of just the size: %v", err)
	}
	for _, path := range []string{"/over", "/endless"} {
		if _, err := get(t, c, server.URL+path); !errors.Is(err, outbound.ErrTooLong) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if _, err := get(t, c, server.URL+"/header"); err == nil {
		t.Error("a header of 128 KiB was read")
	}
	if written.Load() > 64<<20 {
		t.Errorf("%d bytes were taken", written.Load())
	}
}

// A compressed answer is measured by what it becomes.
func TestCompressedAnswersAreBoundedToo(t *testing.T) {
	t.Parallel()
	text := bomb(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(text)
	}))
	t.Cleanup(server.Close)
	if _, err := get(t, outbound.New(outbound.Options{Allow: loopback}), server.URL); !errors.Is(err, outbound.ErrTooLong) {
		t.Errorf("got %v", err)
	}
}

func TestWaitingEnds(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/drip" {
			w.WriteHeader(http.StatusOK)
			_, _ = io.WriteString(w, "{")
			w.(http.Flusher).Flush()
		}
		<-release
	}))
	t.Cleanup(server.Close)
	t.Cleanup(func() { close(release) })
	c := outbound.New(outbound.Options{Allow: loopback, Timeout: 300 * time.Millisecond})
	for _, path := range []string{"/silent", "/drip"} {
		begun := time.Now()
		_, err := get(t, c, server.URL+path+"?client_secret=hidden")
		if took := time.Since(begun); err == nil || took > 5*time.Second {
			t.Errorf("%s: %v after %v", path, err, took)
		}
		if !os.IsTimeout(errors.Unwrap(err)) || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: %v", path, err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
	if _, err := outbound.New(outbound.Options{Allow: loopback}).Do(ctx, r); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("the caller's deadline: %v", err)
	}
}

// Nobody answers at any of these, and nobody is asked: the error is that of the
// guard and comes at once.
func TestPrivateAddressesAreRefused(t *testing.T) {
	t.Parallel()
	c := outbound.New(outbound.Options{})
	for _, host := range []string{
		"127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "100.64.0.1",
		"192.0.2.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1",
		"[::1]", "[::]", "[fe80::1]", "[fc00::1]", "[fd00:ec2::254]", "[ff02::1]", "[::ffff:127.0.0.1]", "[::ffff:169.254.169.254]",
		"[::ffff:10.0.0.1]", "[64:ff9b::7f00:1]", "[64:ff9b:1::a00:1]", "[2002:7f00:1::]", "[2001:db8::1]", "[2001::1]", "[::127.0.0.1]",
		"localhost", "0x7f000001.nip.invalid",
	} {
		_, err := get(t, c, "http://"+host+":9/.well-known/openid-configuration?secret=hidden")
		refused := errors.Is(err, outbound.ErrPrivate)
		if failed := new(net.DNSError); errors.As(err, &failed) {
			refused = true // the system reads no such forms, and no name of ours has one
		}
		if !refused || strings.Contains(fmt.Sprint(err), "hidden") {
			t.Errorf("%s: %v", host, err)
		}
	}
}

// The allow list names networks, and what it does not name stays refused.
func TestAllowedNetworks(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(server.Close)
	at, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		allow, host string
		good        bool
	}{
		{"127.0.0.1/32", "127.0.0.1", true},
		{"127.0.0.1/32", "[::ffff:127.0.0.1]", true},
		{"127.0.0.0/8", "localhost", true},
		{"127.0.0.2/32", "127.0.0.1", false},
		{"10.0.0.0/8", "127.0.0.1", false},
		{"::/0", "127.0.0.1", false},
		{"::ffff:127.0.0.0/104", "127.0.0.1", false},
	} {
		c := outbound.New(outbound.Options{Allow: []netip.Prefix{netip.MustParsePrefix(tt.allow)}})
		_, err := get(t, c, "http://"+tt.host+":"+at.Port())
		if (err == nil) != tt.good || !tt.good && !errors.Is(err, outbound.ErrPrivate) {
			t.Errorf("%s with %s allowed: %v", tt.host, tt.allow, err)
		}
	}
}

func TestErrorsNameNoSecrets(t *testing.T) {
	t.Parallel()
	c := outbound.New(outbound.Options{Allow: loopback})
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for _, address := range []string{closed.URL + "/p?access_token=hidden", "http://user:hidden@no.such.name.invalid/?x=hidden", "ftp://x.test/hidden"} {
		if _, err := get(t, c, address); err == nil || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%v", err)
		}
	}
}
