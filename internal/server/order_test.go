package server_test

import (
	"net/http"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// Clients can see in which order a request is judged. Each request here is
// wrong in every way that the ones after it are, and in one more; the answer is
// about that one.
func TestStepsAnswerInTheirOrder(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, `
emailAndPassword: {enabled: true}
rateLimit: {enabled: true, max: 1}
disabledPaths: [/revoke-sessions]
`)
	const json = "application/json"
	cookie := signedIn(s, "ann@example.test")
	steps := []struct {
		about, address, path, contentType, cookie, origin, body, want string
	}{
		{"first of two", "192.0.2.1", "/nothing", "text/plain", "x=y", "https://evil.test", "{", "404 "},
		{"disabled path", "192.0.2.1", "/revoke-sessions", "text/plain", "x=y", "https://evil.test", "{", "404 Not Found"},
		{"disabled path, never limited", "192.0.2.1", "/revoke-sessions", "text/plain", "x=y", "https://evil.test", "{", "404 Not Found"},
		{"rate limit", "192.0.2.1", "/nothing", "text/plain", "x=y", "https://evil.test", "{", `429 {"message":"Too many requests. Please try again later."}`},
		{"route", "192.0.2.2", "/nothing", "text/plain", "x=y", "https://evil.test", "{", "404 "},
		{"media type", "192.0.2.3", "/revoke-session", "text/plain", "x=y", "https://evil.test", "{", "415 UNSUPPORTED_MEDIA_TYPE"},
		{"body", "192.0.2.4", "/revoke-session", json, "x=y", "https://evil.test", "{", "400 BAD_REQUEST"},
		{"origin", "192.0.2.5", "/revoke-session", json, "x=y", "https://evil.test", `{"callbackURL":"https://evil.test"}`, "403 INVALID_ORIGIN"},
		{"redirect target", "192.0.2.6", "/revoke-session", json, "x=y", s.URL, `{"callbackURL":"https://evil.test"}`, "403 INVALID_CALLBACK_URL"},
		{"validation", "192.0.2.7", "/revoke-session", json, "x=y", s.URL, "{}", "400 VALIDATION_ERROR"},
		{"session", "192.0.2.8", "/revoke-session", json, "x=y", s.URL, `{"token":"t"}`, "401 UNAUTHORIZED"},
		{"handler", "192.0.2.9", "/revoke-session", json, cookie, s.URL, `{"token":"t"}`, `200 {"status":true}`},
	}
	for _, step := range steps {
		a := sent{http.MethodPost, step.path, map[string]string{
			"X-Forwarded-For": step.address, "Content-Type": step.contentType, "Cookie": step.cookie, "Origin": step.origin,
		}, step.body}.send(s)
		if got := told(t, a); got != step.want {
			t.Errorf("%s: %s, want %s", step.about, got, step.want)
		}
	}
}

// The check of sign-in forms needs no cookie, and comes after validation.
func TestFormCheckComesAfterValidation(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	header := map[string]string{"Content-Type": "application/json", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Origin": "https://evil.test"}
	const whole = `{"email":"ann@example.test","password":"a long password","name":"Ann"}`
	for _, path := range []string{"/sign-in/email", "/sign-up/email"} {
		if got := told(t, sent{http.MethodPost, path, header, "{}"}.send(s)); got != "400 VALIDATION_ERROR" {
			t.Errorf("%s with nothing: %s", path, got)
		}
		if got := told(t, sent{http.MethodPost, path, header, whole}.send(s)); got != "403 CROSS_SITE_NAVIGATION_LOGIN_BLOCKED" {
			t.Errorf("%s: %s", path, got)
		}
	}
}
