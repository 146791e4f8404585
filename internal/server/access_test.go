package server_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// accessLines gives the lines of the access log.
func accessLines(s *authtest.Server) []string {
	return regexp.MustCompile(`(?m)^.* msg=request request=.*$`).FindAllString(s.Log.String(), -1)
}

func TestTheAccessLogIsOffUnlessAskedFor(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	s.Client().SignUp("ann@example.test")
	if lines := accessLines(s); len(lines) != 0 {
		t.Errorf("it holds %q", lines)
	}
}

func TestTheAccessLog(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, mailing("sendResetPassword: true", "")+"\nplugins: {}\nserver: {accessLog: true}")
	c := s.Client()
	user := c.SignUp("ann@example.test").JSON()["user"].(map[string]any)["id"]
	c.Post("/request-password-reset", map[string]any{"email": "ann@example.test"})
	token := s.LastMessage("sendResetPassword").Token()
	c.Get("/reset-password/" + token + "?callbackURL=%2F")
	sent{method: "GET", path: "/made-up/secret-path?secret=query"}.send(s)
	sent{method: "BREW", path: "/ok"}.send(s)
	ask(s, "/livez", nil)
	ask(s, "/readyz", nil)
	want := []string{
		`method=POST route=/sign-up/email status=200 bytes=\d+ seconds=[\d.e-]+ client=127.0.0.1 user=` + fmt.Sprint(user),
		`method=POST route=/request-password-reset status=200 bytes=\d+ seconds=[\d.e-]+ client=127.0.0.1`,
		`method=GET route=/reset-password/{token} status=302 bytes=0 seconds=[\d.e-]+ client=127.0.0.1`,
		`method=GET route=unknown status=404 bytes=0 seconds=[\d.e-]+ client=127.0.0.1`,
		`method=other route=unknown status=404 bytes=0 seconds=[\d.e-]+ client=127.0.0.1`,
	}
	lines := accessLines(s)
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d:\n%s", len(lines), len(want), strings.Join(lines, "\n"))
	}
	for i, pattern := range want {
		if !regexp.MustCompile(`^time=\S+ level=INFO msg=request request=\w{26} ` + pattern + `$`).MatchString(lines[i]) {
			t.Errorf("line %d is %s\nwant %s", i+1, lines[i], pattern)
		}
	}
	for _, secret := range []string{token, "ann@", "secret", "callback", "/livez", authtest.Password} {
		if strings.Contains(strings.Join(lines, "\n"), secret) {
			t.Errorf("it tells %s", secret)
		}
	}
}

// A proxy may name a request; nobody else may, and nothing that is no id.
func TestWhoNamesARequest(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 128)
	for _, tt := range []struct {
		options, sent string
		taken         bool
	}{
		{"", "f47ac10b-58cc-4372-a567-0e02b2c3d479", true},
		{"", "Root=1-67891233-abcdef012345678912345678", true},
		{"", long, true},
		{"", long + "x", false},
		{"", "a b", false},
		{"", "a\"b", false},
		{"", "", false},
		{"advanced: {ipAddress: {trustedProxies: []}}", "f47ac10b", false},
		{"advanced: {ipAddress: {trustedProxies: [192.0.2.1]}}", "f47ac10b", false},
	} {
		s := authtest.New(t, compose(tt.options+"\nserver: {accessLog: true}"))
		id := ask(s, "/api/auth/ok", http.Header{"X-Request-Id": {tt.sent}}).Header.Get("X-Request-Id")
		if (id == tt.sent) != tt.taken || !tt.taken && len(id) != 26 {
			t.Errorf("%s: sent %q, answered %q", tt.options, tt.sent, id)
		}
		if lines := accessLines(s); len(lines) != 1 || !strings.Contains(lines[0], id) {
			t.Errorf("the log has %q, not %s", lines, id)
		}
	}
}

// A fault of the server is one line that the answer's id leads to.
func TestAFaultIsLoggedOnceUnderItsRequest(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c := s.Client()
	c.SignUp("ann@example.test")
	s.Exec(`alter table "session" rename to gone`)
	a := c.Get("/get-session").Is(http.StatusInternalServerError)
	found := regexp.MustCompile(`(?m)^.*level=ERROR.*$`).FindAllString(s.Log.String(), -1)
	if len(found) != 1 || !strings.Contains(found[0], "request="+a.Header.Get("X-Request-Id")+" ") || !strings.Contains(found[0], "session") {
		t.Errorf("the log holds %q", found)
	}
}
