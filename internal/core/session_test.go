package core_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func TestGetSession(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c := s.Client()
	up := c.SignUp("ann@example.test")
	a := c.Get("/get-session").Is(http.StatusOK)
	const want = "session session.expiresAt session.token session.createdAt session.updatedAt session.ipAddress session.userAgent session.userId session.id " +
		"user user.name user.email user.emailVerified user.image user.createdAt user.updatedAt user.id"
	if got := keys(t, a.Text); got != want {
		t.Errorf("members %s\nwant    %s", got, want)
	}
	session := part(t, a, "session")
	if session["token"] != up.JSON()["token"] || session["userId"] != part(t, up, "user")["id"] {
		t.Errorf("session %v", session)
	}
	if len(a.Header.Values("Set-Cookie")) != 0 {
		t.Errorf("cookies %q", a.Header.Values("Set-Cookie"))
	}
	if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Pragma") != "no-cache" {
		t.Errorf("headers %v", a.Header)
	}
}

func TestGetSessionWithoutOne(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c := s.Client()
	token, _ := c.SignUp("ann@example.test").JSON()["token"].(string)
	name := s.Server.Auth.SessionCookieName()
	tests := []struct {
		name, cookie string
		clears       bool
	}{
		{"no cookie", "", false},
		{"unsigned", name + "=" + token, false},
		{"wrongly signed", name + "=" + s.Server.Auth.Secrets.Sign(token + "x")[1:], false},
		{"unknown token", name + "=" + s.Server.Auth.Secrets.Sign("unknown"), true},
		{"token that no column holds", name + "=" + url.QueryEscape(s.Server.Auth.Secrets.Sign("a\x00b")), true},
	}
	for _, tt := range tests {
		r := s.Client().Request(http.MethodGet, "/get-session", "", "")
		if tt.cookie != "" {
			r.Header.Set("Cookie", tt.cookie)
		}
		a := s.Client().Send(r)
		if a.Is(http.StatusOK).Text != "null" {
			t.Errorf("%s: %s", tt.name, a.Text)
		}
		if tt.clears {
			cleared(t, a)
		} else if lines := a.Header.Values("Set-Cookie"); len(lines) != 0 {
			t.Errorf("%s: cookies %q", tt.name, lines)
		}
	}
}

func TestExpiredSessionIsGone(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c := s.Client()
	c.SignUp("ann@example.test")
	c.Get("/list-sessions").Is(http.StatusOK)
	s.Clock.Advance(7*24*time.Hour + time.Second)
	a := c.Get("/get-session").Is(http.StatusOK)
	if a.Text != "null" {
		t.Errorf("got %s", a.Text)
	}
	cleared(t, a)
	if n := s.Count(`select count(*) from session`); n != 0 {
		t.Errorf("%d rows", n)
	}
}

// Reading does not write under session.deferSessionRefresh; only POST does.
func TestExpiredSessionStaysForPostUnderDeferredRefresh(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter+"session: {deferSessionRefresh: true}\n")
	c := s.Client()
	c.SignUp("ann@example.test")
	cookie := s.Server.Auth.SessionCookieName() + "=" + c.Cookie("session_token")
	s.Clock.Advance(8 * 24 * time.Hour)
	for _, step := range []struct {
		method string
		rows   int
	}{{http.MethodGet, 1}, {http.MethodPost, 0}} {
		r := c.Request(step.method, "/get-session", "", "")
		r.Header.Set("Cookie", cookie)
		a := s.Client().Send(r).Is(http.StatusOK)
		if a.Text != "null" {
			t.Errorf("%s gives %s", step.method, a.Text)
		}
		cleared(t, a)
		if n := s.Count(`select count(*) from session`); n != step.rows {
			t.Errorf("%s leaves %d rows", step.method, n)
		}
	}
}

func TestPostGetSessionIsRefusedUnlessRefreshIsDeferred(t *testing.T) {
	t.Parallel()
	c := authtest.New(t, authtest.Starter).Client()
	c.SignUp("ann@example.test")
	a := c.Do(http.MethodPost, "/get-session", "text/plain", "not read").Code(405, "METHOD_NOT_ALLOWED_DEFER_SESSION_REQUIRED")
	if a.Header.Get("Allow") != "" {
		t.Error("an Allow header came with it")
	}
}

func TestSignOut(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c := s.Client()
	c.SignUp("ann@example.test")
	other := s.Client()
	other.Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusOK)
	cookie := c.Cookie("session_token")
	a := c.Do(http.MethodPost, "/sign-out", "", "").Is(http.StatusOK)
	if a.Text != `{"success":true}` {
		t.Errorf("got %s", a.Text)
	}
	cleared(t, a)
	if c.Cookie("session_token") != "" || other.Get("/get-session").Text == "null" {
		t.Error("the wrong session ended")
	}
	// The cookie is worth nothing to whoever has kept it.
	r := c.Request(http.MethodGet, "/get-session", "", "")
	r.Header.Set("Cookie", s.Server.Auth.SessionCookieName()+"="+cookie)
	if got := s.Client().Send(r).Text; got != "null" {
		t.Errorf("the old cookie gives %s", got)
	}
	// Without a session it succeeds all the same, and with any body.
	for _, body := range []string{"{}", `{"callbackURL":"/x"}`} {
		if got := s.Client().Post("/sign-out", body).Is(http.StatusOK).Text; got != `{"success":true}` {
			t.Errorf("%s: %s", body, got)
		}
	}
}
