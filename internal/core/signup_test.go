package core_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func TestSignUpMakesUserAccountAndSession(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c := s.Client()
	c.Header.Set("User-Agent", "a browser")
	a := c.Post("/sign-up/email", with(newcomer("Ann@Example.test"), map[string]any{"image": "https://img.test/a"})).Is(http.StatusOK)
	if got, want := keys(t, a.Text), "token user user.name user.email user.emailVerified user.image user.createdAt user.updatedAt user.id"; got != want {
		t.Errorf("members %s\nwant    %s", got, want)
	}
	user := part(t, a, "user")
	if user["email"] != "ann@example.test" || user["emailVerified"] != false || user["image"] != "https://img.test/a" {
		t.Errorf("user %v", user)
	}
	if line := cookieLine(t, a, "session_token"); !strings.Contains(line, "; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax") {
		t.Errorf("cookie %q", line)
	}
	rows := s.Count(`select count(*) from "user" u join "account" a on a."userId" = u.id and a."accountId" = u.id
		join "session" s on s."userId" = u.id
		where u.id = $1 and u.email = 'ann@example.test' and a."providerId" = 'credential'
		and a.password ~ '^[0-9a-f]{32}:[0-9a-f]{128}$' and s.token = $2 and s."userAgent" = 'a browser' and s."ipAddress" = '127.0.0.1'`,
		user["id"], a.JSON()["token"])
	if rows != 1 {
		t.Errorf("%d rows", rows)
	}
	if me := part(t, c.Get("/get-session"), "user"); me["id"] != user["id"] {
		t.Errorf("the session is of %v", me)
	}
}

func TestSignUpTakesForms(t *testing.T) {
	t.Parallel()
	c := authtest.New(t, authtest.Starter).Client()
	const form = "name=A+B&email=form@example.test&password=a%20long%20password"
	a := c.Do(http.MethodPost, "/sign-up/email", "application/x-www-form-urlencoded", form).Is(http.StatusOK)
	if user := part(t, a, "user"); user["name"] != "A B" {
		t.Errorf("user %v", user)
	}
}

func TestSignUpRefusals(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	s.Client().SignUp("taken@example.test")
	tests := []struct {
		name   string
		body   any
		status int
		code   string
	}{
		{"taken", newcomer("taken@example.test"), 422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"},
		{"taken in another case", newcomer("TAKEN@example.TEST"), 422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL"},
		{"no address", newcomer("nobody"), 400, "VALIDATION_ERROR"},
		{"no body", "", 400, "VALIDATION_ERROR"},
		{"short", with(newcomer("a@example.test"), map[string]any{"password": "1234567"}), 400, "PASSWORD_TOO_SHORT"},
		{"short in code points", with(newcomer("a@example.test"), map[string]any{"password": strings.Repeat("😀", 7)}), 400, "PASSWORD_TOO_SHORT"},
		{"long in UTF-16 units", with(newcomer("a@example.test"), map[string]any{"password": strings.Repeat("😀", 65)}), 400, "PASSWORD_TOO_LONG"},
		{"name that cannot be stored", with(newcomer("a@example.test"), map[string]any{"name": "a\x00b"}), 400, "VALIDATION_ERROR"},
		{"address that no index holds", newcomer(strings.Repeat("abcdefg.", 100_000) + "a@example.test"), 422, "FAILED_TO_CREATE_USER"},
		{"remember is text", with(newcomer("a@example.test"), map[string]any{"rememberMe": "yes"}), 400, "VALIDATION_ERROR"},
		{"foreign page", with(newcomer("a@example.test"), map[string]any{"callbackURL": "https://evil.test/"}), 403, "INVALID_CALLBACK_URL"},
	}
	for _, tt := range tests {
		a := s.Client().Post("/sign-up/email", tt.body)
		if got := a.JSON()["code"]; a.Status != tt.status || got != tt.code {
			t.Errorf("%s: %d %v, want %d %s", tt.name, a.Status, got, tt.status, tt.code)
		}
		if len(a.Header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s: a cookie came with it", tt.name)
		}
	}
	if n := s.Count(`select (select count(*) from "user") * 100 + (select count(*) from account) * 10 + (select count(*) from session)`); n != 111 {
		t.Errorf("users, accounts, sessions: %03d", n)
	}
}

// Eight characters count as eight, however many bytes or units they take.
func TestShortestPasswordCountsCodePoints(t *testing.T) {
	t.Parallel()
	c := authtest.New(t, authtest.Starter).Client()
	c.Post("/sign-up/email", with(newcomer("a@example.test"), map[string]any{"password": strings.Repeat("😀", 8)})).Is(http.StatusOK)
}

func TestSignUpWithoutRemembering(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	a := s.Client().Post("/sign-up/email", with(newcomer("a@example.test"), map[string]any{"rememberMe": false})).Is(http.StatusOK)
	forgotten(t, s, a)
}
