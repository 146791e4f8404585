package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

const limited = "emailAndPassword: {enabled: true}\nrateLimit: {enabled: true, max: 2}\n"

// from asks for a path as a client behind a proxy on this machine.
func from(s *authtest.Server, address, path string) *authtest.Answer {
	return sent{http.MethodGet, path, map[string]string{"X-Forwarded-For": address}, ""}.send(s)
}

func TestTooManyRequests(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, limited)
	for _, path := range []string{"/ok", "/nothing", "/get-session"} {
		from(s, "192.0.2.1", path)
		from(s, "192.0.2.1", path+"/?x=1") // one bucket, whatever slash or query
		a := from(s, "192.0.2.1", path).Is(http.StatusTooManyRequests)
		if a.Text != `{"message":"Too many requests. Please try again later."}` || a.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%s: %s %s", path, a.Header.Get("Content-Type"), a.Text)
		}
		if a.Header.Get("X-Retry-After") != "10" || a.Header.Get("Retry-After") != "10" {
			t.Errorf("%s: %v", path, a.Header)
		}
		// Whoever comes from elsewhere is not concerned; neighbours in one IPv6
		// network are one client.
		for _, address := range []string{"192.0.2.2", "2001:db8::1", "2001:db8::2"} {
			if a := from(s, address, path); a.Status == http.StatusTooManyRequests {
				t.Errorf("%s from %s is limited", path, address)
			}
		}
		from(s, "2001:db8::3", path).Is(http.StatusTooManyRequests)
	}
	s.Clock.Advance(9 * time.Second)
	from(s, "192.0.2.1", "/ok").Is(http.StatusTooManyRequests)
	s.Clock.Advance(2 * time.Second)
	from(s, "192.0.2.1", "/ok").Is(http.StatusOK)
}

// The counter of sign-ins is stricter, and counts what fails too.
func TestSignInsAreLimitedMoreStrictly(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, "emailAndPassword: {enabled: true}\nrateLimit: {enabled: true}\n")
	for _, want := range []string{"415", "400", "400", "429", "429"} {
		a := sent{http.MethodPost, "/sign-in/email", map[string]string{"Content-Type": map[string]string{"415": "text/plain", "400": "application/json"}[want]}, "{"}.send(s)
		if got := told(t, a); !strings.HasPrefix(got, want) {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// What a client says about its own address counts only from a trusted proxy.
func TestForgedAddressesShareTheRealOnesLimit(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, limited+"advanced: {ipAddress: {trustedProxies: [10.0.0.0/8]}}\n")
	from(s, "192.0.2.1", "/ok").Is(http.StatusOK)
	from(s, "192.0.2.2", "/ok").Is(http.StatusOK)
	from(s, "192.0.2.3", "/ok").Is(http.StatusTooManyRequests)
	if !s.Log.Contains("advanced.ipAddress.trustedProxies") {
		t.Error("no line of the log names the option")
	}
}

func TestWhereNothingIsLimited(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]string{
		"development":           "server: {mode: development}\nrateLimit: {max: 2}\n",
		"switched off":          "rateLimit: {enabled: false, max: 2}\n",
		"addresses not tracked": "rateLimit: {max: 2}\nadvanced: {ipAddress: {disableIpTracking: true}}\n",
	} {
		s := authtest.New(t, options)
		for range 5 {
			if a := from(s, "192.0.2.1", "/ok"); a.Status != http.StatusOK {
				t.Errorf("%s: %d", name, a.Status)
			}
		}
	}
	// The counterpart: production limits unless told otherwise.
	s := authtest.New(t, "rateLimit: {max: 2}\n")
	from(s, "192.0.2.1", "/ok")
	from(s, "192.0.2.1", "/ok")
	from(s, "192.0.2.1", "/ok").Is(http.StatusTooManyRequests)
}

// Status pages are for whoever watches the server, as often as they like.
func TestStatusPagesAreNotLimited(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, limited)
	for range 5 {
		for _, path := range []string{"/livez", "/readyz"} {
			if got := ask(s, path, nil).Status; got != http.StatusOK {
				t.Errorf("%s: %d", path, got)
			}
		}
	}
}
