package core_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func TestSignIn(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	id := part(t, s.Client().SignUp("ann@example.test"), "user")["id"]
	c := s.Client()
	a := c.Post("/sign-in/email", credentials("ANN@example.test")).Is(http.StatusOK)
	if got, want := keys(t, a.Text), "redirect token user user.name user.email user.emailVerified user.image user.createdAt user.updatedAt user.id"; got != want {
		t.Errorf("members %s\nwant    %s", got, want)
	}
	if a.JSON()["redirect"] != false || part(t, a, "user")["id"] != id || a.Header.Get("Location") != "" {
		t.Errorf("answer %s", a.Text)
	}
	if line := cookieLine(t, a, "session_token"); !strings.Contains(line, "Max-Age=604800") {
		t.Errorf("cookie %q", line)
	}
	if cookieLine(t, a, "dont_remember") != "" {
		t.Error("a forgetful cookie was set")
	}
	if part(t, c.Get("/get-session"), "session")["token"] != a.JSON()["token"] {
		t.Error("the session is another")
	}
	if n := s.Count(`select count(*) from session where "userId" = $1`, id); n != 2 {
		t.Errorf("%d sessions", n)
	}
}

func TestSignInTellsWhereToGo(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter+"trustedOrigins: [https://app.test]\n")
	s.Client().SignUp("ann@example.test")
	for _, target := range []string{"/home?x=1", "https://app.test/home"} {
		a := s.Client().Post("/sign-in/email", with(credentials("ann@example.test"), map[string]any{"callbackURL": target})).Is(http.StatusOK)
		if body := a.JSON(); body["redirect"] != true || body["url"] != target || a.Header.Get("Location") != target {
			t.Errorf("%s: %s, Location %q", target, a.Text, a.Header.Get("Location"))
		}
	}
	for _, target := range []string{"https://evil.test/", "//evil.test/", `/\evil.test`, "javascript:alert(1)"} {
		a := s.Client().Post("/sign-in/email", with(credentials("ann@example.test"), map[string]any{"callbackURL": target}))
		if a.Status != http.StatusForbidden || a.Header.Get("Location") != "" {
			t.Errorf("%s: %d %q", target, a.Status, a.Header.Get("Location"))
		}
	}
}

func TestSignInRefusals(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	s.Client().SignUp("ann@example.test")
	wrong := map[string]any{"password": "not the password"}
	tests := []struct {
		name   string
		body   any
		status int
		code   string
	}{
		{"wrong password", with(credentials("ann@example.test"), wrong), 401, "INVALID_EMAIL_OR_PASSWORD"},
		{"nobody", credentials("nobody@example.test"), 401, "INVALID_EMAIL_OR_PASSWORD"},
		{"empty password", with(credentials("ann@example.test"), map[string]any{"password": ""}), 401, "INVALID_EMAIL_OR_PASSWORD"},
		{"no address", credentials("ann"), 400, "INVALID_EMAIL"},
		{"long password", with(credentials("ann@example.test"), map[string]any{"password": strings.Repeat("x", 129)}), 400, "PASSWORD_TOO_LONG"},
		{"no password", map[string]any{"email": "ann@example.test"}, 400, "VALIDATION_ERROR"},
	}
	for _, tt := range tests {
		a := s.Client().Post("/sign-in/email", tt.body).Code(tt.status, tt.code)
		if len(a.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s: a cookie came with it", tt.name)
		}
	}
	if n := s.Count(`select count(*) from session`); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

// A known and an unknown address get the very same answer.
func TestRefusedSignInsAreAlike(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	s.Client().SignUp("ann@example.test")
	known := s.Client().Post("/sign-in/email", map[string]any{"email": "ann@example.test", "password": "not the password"})
	unknown := s.Client().Post("/sign-in/email", map[string]any{"email": "bob@example.test", "password": "not the password"})
	if known.Status != unknown.Status || known.Text != unknown.Text {
		t.Errorf("%d %s\n%d %s", known.Status, known.Text, unknown.Status, unknown.Text)
	}
	if a, b := headerNames(known), headerNames(unknown); a != b {
		t.Errorf("headers %s\nand     %s", a, b)
	}
}

func TestSignInWithoutRemembering(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	s.Client().SignUp("ann@example.test")
	s.Exec(`delete from session`)
	c := s.Client()
	forgotten(t, s, c.Post("/sign-in/email", with(credentials("ann@example.test"), map[string]any{"rememberMe": false})).Is(http.StatusOK))

	// Whoever is remembered after all loses the cookie that says otherwise.
	a := c.Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusOK)
	if line := cookieLine(t, a, "dont_remember"); !strings.Contains(line, "=; Max-Age=0;") {
		t.Errorf("dont_remember %q", line)
	}
}

// forgotten wants an answer whose session ends with the browser, or in a day.
func forgotten(t *testing.T, s *authtest.Server, a *authtest.Answer) {
	t.Helper()
	for _, name := range []string{"session_token", "dont_remember"} {
		if line := cookieLine(t, a, name); line == "" || strings.Contains(line, "Max-Age") {
			t.Errorf("%s: %q", name, line)
		}
	}
	if n := s.Count(`select count(*) from session where "expiresAt" - "createdAt" = interval '1 day'`); n != 1 {
		t.Errorf("%d sessions of one day", n)
	}
}

func TestPasswordEndpointsAreOffUnlessEnabled(t *testing.T) {
	t.Parallel()
	c := authtest.New(t, "rateLimit: {enabled: false}").Client()
	c.Post("/sign-in/email", credentials("ann@example.test")).Code(400, "EMAIL_PASSWORD_DISABLED")
	c.Post("/sign-up/email", newcomer("ann@example.test")).Code(400, "EMAIL_PASSWORD_SIGN_UP_DISABLED")
}
