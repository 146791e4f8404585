package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// Whatever is asked, no browser may guess a type and nobody may keep the answer.
func TestEveryAnswerIsGuarded(t *testing.T) {
	t.Parallel()
	wire := &authtest.Wire{}
	s := authtest.New(t, limited+"server: {bodyLimit: 100}\ndisabledPaths: [/disabled]\nplugins: {jwt: {}, bearer: {}}\n", authtest.Through(wire))
	json := map[string]string{"Content-Type": "application/json"}
	guarded := func(what string, a *authtest.Answer) {
		t.Helper()
		if a.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s (%d): %q", what, a.Status, a.Header.Get("X-Content-Type-Options"))
		}
		if a.Header.Get("Cache-Control") != "no-store" && !strings.HasSuffix(what, "/jwks") {
			t.Errorf("%s (%d): Cache-Control %q", what, a.Status, a.Header.Get("Cache-Control"))
		}
	}
	tests := []struct {
		sent
		status int
	}{
		{sent{"GET", "/ok", nil, ""}, 200},
		{sent{"GET", "/jwks", nil, ""}, 200},
		{sent{"GET", "/get-session", nil, ""}, 200},
		{sent{"POST", "/sign-out", nil, ""}, 200},
		{sent{"GET", "/error", nil, ""}, 302},
		{sent{"POST", "/sign-in/email", json, "{"}, 400},
		{sent{"GET", "/token", nil, ""}, 401},
		{sent{"POST", "/sign-out", map[string]string{"Cookie": "x=y"}, ""}, 403},
		{sent{"GET", "/nothing", nil, ""}, 404},
		{sent{"GET", "/disabled", nil, ""}, 404},
		{sent{"POST", "/revoke-session", json, strings.Repeat(" ", 101)}, 413},
		{sent{"POST", "/revoke-session", map[string]string{"Content-Type": "text/plain"}, "{}"}, 415},
		{sent{"GET", "/ok", nil, ""}, 200},
		{sent{"GET", "/ok", nil, ""}, 429},
	}
	for _, tt := range tests {
		guarded(tt.method+" "+tt.path, tt.send(s).Is(tt.status))
	}
	for _, path := range []string{"/livez", "/readyz", "/", "/favicon.ico"} {
		guarded(path, ask(s, path, nil))
	}
	cookie := map[string]string{"Cookie": signedIn(s, "ann@example.test")}
	wire.Cut()
	gone := sent{"GET", "/get-session", cookie, ""}.send(s)
	guarded("/get-session without a database", gone.Code(503, "SERVICE_UNAVAILABLE"))
	if gone.Header.Get("Retry-After") == "" {
		t.Error("there is no Retry-After")
	}
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter+"server: {bodyLimit: 1000}\n")
	const tooLarge = `413 PAYLOAD_TOO_LARGE`
	deep := func(n int) string { return `{"x":` + strings.Repeat("[", n-1) + strings.Repeat("]", n-1) + "}" }
	tests := []struct {
		name, contentType, body, want string
		chunked                       bool
	}{
		{"at the limit", "application/json", `{"token":"t"}` + strings.Repeat(" ", 1000-13), "401 UNAUTHORIZED", false},
		{"over it", "application/json", `{"token":"t"}` + strings.Repeat(" ", 1001-13), tooLarge, false},
		{"over it, length unknown", "application/json", `{"token":"t"}` + strings.Repeat(" ", 5000), tooLarge, true},
		{"64 levels", "application/json", deep(64), "400 VALIDATION_ERROR", false},
		{"65 levels", "application/json", deep(65), "400 BAD_REQUEST", false},
		{"invalid UTF-8", "application/json", "{\"token\":\"\xff\"}", "400 BAD_REQUEST", false},
		{"NUL", "application/json", `{"token":"a\u0000"}`, "400 VALIDATION_ERROR", false},
	}
	for _, tt := range tests {
		r := s.Client().Request(http.MethodPost, "/revoke-session", tt.contentType, tt.body)
		if tt.chunked {
			r.ContentLength = -1
		}
		a := s.Client().Send(r)
		if got := told(t, a); got != tt.want {
			t.Errorf("%s: %s, want %s", tt.name, got, tt.want)
		}
		if a.Status == http.StatusRequestEntityTooLarge && a.Text != `{"message":"Request body is too large","code":"PAYLOAD_TOO_LARGE"}` {
			t.Errorf("%s: %s", tt.name, a.Text)
		}
	}
	form := sent{http.MethodPost, "/sign-in/email", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, strings.Repeat("a=b&", 300)}
	if got := told(t, form.send(s)); got != tooLarge {
		t.Errorf("a form over the limit: %s", got)
	}
}

// Only the methods of the list exist, and no path that merely looks like one.
func TestPathsAndMethodsThatLeadNowhere(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	for _, method := range []string{"HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"} {
		a := sent{method, "/ok", nil, ""}.send(s)
		if a.Status != http.StatusNotFound || a.Text != "" || a.Header.Get("Allow") != "" || a.Header.Get("Content-Type") != "" {
			t.Errorf("%s: %d %q %v", method, a.Status, a.Text, a.Header)
		}
	}
	for path, status := range map[string]int{
		"/ok": 200, "/ok/": 404, "//ok": 404, "/OK": 404, "/./ok": 200, "/x/../ok": 200, "/%6fk": 404, "/ok%2f": 404, "/../auth/ok": 200, "/..%2fok": 404, "": 404, "/": 404,
	} {
		if got := (sent{"GET", path, nil, ""}).send(s).Status; got != status {
			t.Errorf("%q: %d, want %d", path, got, status)
		}
	}
	if got := ask(s, "/ok", nil).Status; got != http.StatusNotFound {
		t.Errorf("outside the base path: %d", got)
	}
}
