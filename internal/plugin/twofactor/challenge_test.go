package twofactor_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func TestASignInWaitsAsLongAsConfigured(t *testing.T) {
	t.Parallel()
	s := newServer(t, sends+", twoFactorCookieMaxAge: 60")
	ann := withCodes(t, s, "ann")
	browser := ann.at(s)
	a := browser.Post("/sign-in/email", ann.credentials()).Is(http.StatusOK)
	if !strings.Contains(strings.Join(a.Header["Set-Cookie"], "\n"), "two_factor=2fa-") ||
		!strings.Contains(strings.Join(a.Header["Set-Cookie"], "\n"), "; Max-Age=60; ") {
		t.Errorf("cookies %q", a.Header["Set-Cookie"])
	}
	cookie := browser.cookie("two_factor")
	code := browser.sentCode()
	s.Clock.Advance(time.Minute)
	r := s.Client().Request(http.MethodPost, "/two-factor/verify-otp", "application/json", `{"code":"`+code+`"}`)
	r.Header.Set("Cookie", cookie)
	s.Client().Send(r).Code(http.StatusUnauthorized, "INVALID_TWO_FACTOR_COOKIE")
}

// Five wrong codes of an app or backup codes are all that a sign-in bears.
func TestTooManyWrongCodesEndTheWait(t *testing.T) {
	t.Parallel()
	s := newServer(t, sends)
	ann := withApp(t, s, "ann")
	browser := ann.at(s).signIn()
	for i := range 5 {
		if i%2 == 0 {
			browser.verify("no code").Code(http.StatusUnauthorized, "INVALID_CODE")
			continue
		}
		browser.Post("/two-factor/verify-backup-code", map[string]any{"code": "none"}).Code(http.StatusUnauthorized, "INVALID_BACKUP_CODE")
	}
	a := browser.verify(browser.code(0)).Code(http.StatusBadRequest, "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE")
	if !strings.HasPrefix(a.Header.Get("Set-Cookie"), "better-auth.two_factor=; Max-Age=0") {
		t.Errorf("the cookie stays: %q", a.Header["Set-Cookie"])
	}
	if n := s.Count("select count(*) from verification"); n != 0 {
		t.Errorf("%d rows are left of it", n)
	}
	ann.at(s).signIn().verify(browser.code(0)).Is(http.StatusOK)
}

// A backup code that is to make no session ends the tries of the sign-in: it
// waits for a code that is sent, and for no other.
func TestACodeWithoutASessionEndsTheTries(t *testing.T) {
	t.Parallel()
	s := newServer(t, sends)
	ann := withApp(t, s, "ann")
	browser := ann.at(s).signIn()
	a := browser.Post("/two-factor/verify-backup-code", map[string]any{"code": ann.codes[0], "disableSession": true}).Is(http.StatusOK)
	if _, there := a.JSON()["token"]; there || browser.isIn() {
		t.Errorf("there is a session: %s", a.Text)
	}
	browser.verify(browser.code(0)).Code(http.StatusUnauthorized, "INVALID_TWO_FACTOR_COOKIE")
	browser.otp(browser.sentCode()).Is(http.StatusOK)
}

// The sign-in of somebody who has been deleted meanwhile opens nothing.
func TestTheSignInOfNobodyOpensNothing(t *testing.T) {
	t.Parallel()
	s := newServer(t, sends)
	ann := withCodes(t, s, "ann")
	browser := ann.at(s).signIn()
	code := browser.sentCode()
	s.Exec("delete from session")
	s.Exec("delete from account")
	s.Exec(`delete from "user"`)
	browser.otp(code).Code(http.StatusUnauthorized, "INVALID_TWO_FACTOR_COOKIE")
	browser.Post("/two-factor/send-otp", map[string]any{}).Code(http.StatusUnauthorized, "INVALID_TWO_FACTOR_COOKIE")
}

// Nothing signed or stored for another purpose is a sign-in that waits, or trust;
// neither of them is anything else.
func TestSignInsThatWaitAndTrustServeTheirOwnPurposeAlone(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, configuration(sends)+"user: {deleteUser: {enabled: true}}\n")
	ann := withCodes(t, s, "ann")
	waiting := ann.at(s).signIn()
	code := waiting.sentCode()
	trusted := ann.at(s).signIn()
	trusted.Post("/two-factor/verify-otp", map[string]any{"code": trusted.sentCode(), "trustDevice": true}).Is(http.StatusOK)
	forgetful := s.Client()
	forgetful.Post("/sign-in/email", map[string]any{"email": ann.email, "password": authtest.Password, "rememberMe": false}).Is(http.StatusOK)
	values := map[string]string{
		"session_token": ann.Cookie("session_token"), "two_factor": waiting.Cookie("two_factor"),
		"trust_device": trusted.Cookie("trust_device"), "dont_remember": forgetful.Cookie("dont_remember"),
	}
	for of, value := range values {
		if value == "" {
			t.Fatalf("there is no %s", of)
		}
		if of != "session_token" && seen(s, "Cookie", "better-auth.session_token="+value) {
			t.Errorf("%s is a session", of)
		}
		if of != "two_factor" {
			r := s.Client().Request(http.MethodPost, "/two-factor/verify-otp", "application/json", `{"code":"`+code+`"}`)
			r.Header.Set("Cookie", "better-auth.two_factor="+value)
			s.Client().Send(r).Code(http.StatusUnauthorized, "INVALID_TWO_FACTOR_COOKIE")
		}
		if of != "trust_device" {
			r := s.Client().Request(http.MethodPost, "/sign-in/email", "application/json", `{"email":"`+ann.email+`","password":"`+authtest.Password+`"}`)
			r.Header.Set("Cookie", "better-auth.trust_device="+value)
			if a := s.Client().Send(r).Is(http.StatusOK); !strings.Contains(a.Text, "twoFactorRedirect") {
				t.Errorf("%s is trust", of)
			}
		}
		bare, _, _ := strings.Cut(value, ".")
		s.Client().Post("/reset-password", map[string]any{"token": bare, "newPassword": "another horse"}).Is(http.StatusBadRequest)
		if a := ann.Get("/delete-user/callback?token=" + bare); a.Status < 400 {
			t.Errorf("%s deletes a user: %s", of, a.Text)
		}
	}
	if !seen(s, "Cookie", ann.cookie("session_token")) {
		t.Error("the session was none")
	}
	waiting.otp(code).Is(http.StatusOK)
}
