package core_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

const day = 24 * time.Hour

// remaining is how many hours the only session has left, on the server's clock.
func remaining(s *authtest.Server) int {
	return s.Count(`select round(extract(epoch from "expiresAt" - $1::timestamptz) / 3600)::int from session`, s.Clock.Now())
}

func TestUseExtendsASession(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c := s.Client()
	token := c.SignUp("ann@example.test").JSON()["token"]
	created := s.Count(`select extract(epoch from "createdAt")::int from session`)
	s.Clock.Advance(day - time.Minute)
	if a := c.Get("/get-session"); len(a.Header.Values("Set-Cookie")) != 0 {
		t.Error("it was extended before its time")
	}
	s.Clock.Advance(2 * time.Minute)
	a := c.Get("/get-session").Is(http.StatusOK)
	if line := cookieLine(t, a, "session_token"); !strings.Contains(line, "Max-Age=604800;") {
		t.Errorf("cookie %q", line)
	}
	session := part(t, a, "session")
	if session["token"] != token || remaining(s) != 7*24 {
		t.Errorf("session %v, %d hours left", session, remaining(s))
	}
	if until, _ := time.Parse(time.RFC3339, session["expiresAt"].(string)); until.Sub(s.Clock.Now()).Round(time.Hour) != 7*day {
		t.Errorf("the answer says %s", until)
	}
	if s.Count(`select extract(epoch from "createdAt")::int from session`) != created {
		t.Error("createdAt moved")
	}
}

func TestWhatDoesNotExtendASession(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, options, path string
		remember            bool
		left                int
	}{
		{"asked not to", "", "/get-session?disableRefresh=true", true, 5 * 24},
		{"any text is yes", "", "/get-session?disableRefresh=false", true, 5 * 24},
		{"switched off", "session: {disableSessionRefresh: true}\n", "/get-session", true, 5 * 24},
		{"empty is no", "", "/get-session?disableRefresh=", true, 7 * 24},
		{"another endpoint", "session: {freshAge: 0}\n", "/list-sessions", true, 7 * 24},
		{"another endpoint, asked not to", "session: {freshAge: 0}\n", "/list-sessions?disableRefresh=1", true, 5 * 24},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := authtest.New(t, authtest.Starter+tt.options)
			c := s.Client()
			c.SignUp("ann@example.test")
			s.Clock.Advance(2 * day)
			c.Get(tt.path).Is(http.StatusOK)
			if got := remaining(s); got != tt.left {
				t.Errorf("%d hours left, want %d", got, tt.left)
			}
		})
	}
}

// A session that was not to be remembered ends after its day, however much it
// is used.
func TestAForgottenSessionIsNeverExtended(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter+"session: {updateAge: 0}\n")
	c := s.Client()
	c.Post("/sign-up/email", with(newcomer("ann@example.test"), map[string]any{"rememberMe": false})).Is(http.StatusOK)
	s.Clock.Advance(23 * time.Hour)
	if a := c.Get("/get-session"); a.Text == "null" || len(a.Header.Values("Set-Cookie")) != 0 {
		t.Errorf("got %s %q", a.Text, a.Header.Values("Set-Cookie"))
	}
	if got := remaining(s); got != 1 {
		t.Errorf("%d hours left", got)
	}
	s.Clock.Advance(time.Hour + time.Second)
	if got := c.Get("/get-session").Text; got != "null" {
		t.Errorf("got %s", got)
	}
}

func TestDeferredRefresh(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter+"session: {deferSessionRefresh: true}\n")
	c := s.Client()
	c.SignUp("ann@example.test")
	if got := c.Get("/get-session").JSON()["needsRefresh"]; got != false {
		t.Errorf("a new session needs refresh: %v", got)
	}
	s.Clock.Advance(2 * day)
	a := c.Get("/get-session")
	if a.JSON()["needsRefresh"] != true || remaining(s) != 5*24 || len(a.Header.Values("Set-Cookie")) != 0 {
		t.Errorf("GET gives %s, %d hours left", a.Text, remaining(s))
	}
	if _, told := c.Get("/get-session?disableRefresh=1").JSON()["needsRefresh"]; told {
		t.Error("needsRefresh is told to who does not want it")
	}
	a = c.Do(http.MethodPost, "/get-session", "", "").Is(http.StatusOK)
	if _, told := a.JSON()["needsRefresh"]; told || remaining(s) != 7*24 || cookieLine(t, a, "session_token") == "" {
		t.Errorf("POST gives %s, %d hours left", a.Text, remaining(s))
	}
}

func TestFreshness(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c := s.Client()
	c.SignUp("ann@example.test")
	s.Clock.Advance(day - time.Minute)
	c.Get("/list-sessions").Is(http.StatusOK)
	s.Clock.Advance(2 * time.Minute)
	// That the session is extended makes it no fresher.
	c.Get("/get-session").Is(http.StatusOK)
	c.Get("/list-sessions").Code(http.StatusForbidden, "SESSION_NOT_FRESH")
	c.Post("/revoke-other-sessions", "{}").Is(http.StatusOK)
	c.Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusOK)
	c.Get("/list-sessions").Is(http.StatusOK)
}
