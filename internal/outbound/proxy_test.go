package outbound

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync/atomic"
	"testing"
)

// A proxy of the environment has to be allowed like every other address of a private
// network, and is asked for no private address that a URL names.
func TestAProxyIsAskedForNoPrivateAddress(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	t.Cleanup(proxy.Close)
	at, err := url.Parse(proxy.URL)
	if err != nil {
		t.Fatal(err)
	}
	loopback := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	for _, tt := range []struct {
		allow []netip.Prefix
		host  string
		good  bool
	}{
		{nil, "idp.test", false},
		{loopback, "idp.test", true},
		{loopback, "169.254.169.254", false},
		{loopback, "[fd00:ec2::254]", false},
		{loopback, "[::ffff:169.254.169.254]", false},
		{loopback, "93.184.216.34", true},
	} {
		c := New(Options{Allow: tt.allow})
		c.http.Transport.(*http.Transport).Proxy = http.ProxyURL(at)
		asked.Store(0)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+tt.host+"/", nil)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Do(t.Context(), r)
		if good := err == nil && asked.Load() == 1; good != tt.good || !good && (!errors.Is(err, ErrPrivate) || asked.Load() != 0) {
			t.Errorf("%s with %v allowed: %v, and the proxy was asked %d times", tt.host, tt.allow, err, asked.Load())
		}
	}
}
