package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

const app = "https://app.test"

func preflight(s *authtest.Server, origin string) *authtest.Answer {
	return sent{http.MethodOptions, "/sign-in/email", map[string]string{
		"Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-custom",
	}, ""}.send(s)
}

// corsHeaders lists the names of the CORS headers of an answer.
func corsHeaders(a *authtest.Answer) (names []string) {
	for name := range a.Header {
		if strings.HasPrefix(name, "Access-Control-") {
			names = append(names, name)
		}
	}
	return names
}

func TestPreflights(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, limited+"trustedOrigins: ["+app+"]\ndisabledPaths: [/sign-in/email]\n")
	for range 5 { // they are answered before any other step, and not counted
		a := preflight(s, app)
		if a.Status/100 != 2 || a.Header.Get("Access-Control-Allow-Origin") != app || a.Header.Get("Access-Control-Allow-Credentials") != "true" {
			t.Fatalf("%d %v", a.Status, a.Header)
		}
		if !strings.Contains(a.Header.Get("Access-Control-Allow-Methods"), "POST") ||
			!strings.Contains(strings.ToLower(a.Header.Get("Access-Control-Allow-Headers")), "x-custom") {
			t.Errorf("allowed %v", a.Header)
		}
	}
	for _, origin := range []string{"https://evil.test", app + ".evil.test", "http://app.test", "null"} {
		a := preflight(s, origin)
		if a.Status != http.StatusNotFound || len(corsHeaders(a)) != 0 {
			t.Errorf("%s: %d %v", origin, a.Status, corsHeaders(a))
		}
	}
}

// A preflight that nobody trusts is a request like any other.
func TestForeignPreflightsAreCounted(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, "rateLimit: {enabled: true}\n")
	for range 3 {
		preflight(s, "https://evil.test").Is(http.StatusNotFound)
	}
	preflight(s, "https://evil.test").Is(http.StatusTooManyRequests)
}

// Scripts of a trusted page can read every answer, the refusals too; those of
// other pages can read none.
func TestAnswersToScripts(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, limited+"trustedOrigins: ["+app+"]\ndisabledPaths: [/disabled]\nserver: {bodyLimit: 100}\n")
	tests := []struct {
		status       int
		method, path string
		body         string
	}{
		{200, http.MethodGet, "/get-session", ""},
		{404, http.MethodGet, "/nothing", ""},
		{404, http.MethodGet, "/disabled", ""},
		{400, http.MethodPost, "/revoke-session", "{}"},
		{401, http.MethodGet, "/list-sessions", ""},
		{413, http.MethodPost, "/sign-out", strings.Repeat(" ", 200)},
		{302, http.MethodGet, "/error", ""},
		{429, http.MethodGet, "/get-session", ""},
	}
	for _, tt := range tests {
		for _, origin := range []string{app, "https://evil.test"} {
			header := map[string]string{"Origin": origin, "X-Forwarded-For": "192.0.2.1", "Content-Type": "application/json"}
			if tt.status == 429 {
				sent{tt.method, tt.path, header, ""}.send(s)
			}
			a := sent{tt.method, tt.path, header, tt.body}.send(s).Is(tt.status)
			if !strings.Contains(strings.Join(a.Header.Values("Vary"), ","), "Origin") {
				t.Errorf("%d: Vary %q", tt.status, a.Header.Values("Vary"))
			}
			if origin != app {
				if names := corsHeaders(a); len(names) != 0 {
					t.Errorf("%d to a stranger: %v", tt.status, names)
				}
				continue
			}
			if a.Header.Get("Access-Control-Allow-Origin") != app || a.Header.Get("Access-Control-Allow-Credentials") != "true" {
				t.Errorf("%d: %v", tt.status, a.Header)
			}
			exposed := strings.ToLower(a.Header.Get("Access-Control-Expose-Headers"))
			for _, name := range []string{"set-auth-token", "set-auth-jwt", "x-retry-after", "retry-after"} {
				if !strings.Contains(exposed, name) {
					t.Errorf("%d exposes %q", tt.status, exposed)
				}
			}
		}
	}
}
