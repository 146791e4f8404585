package server_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// A browser is trusted, and a sign-in waits for its code, whatever secret it was
// that signed their cookies.
func TestASecondFactorOutlivesTheSecret(t *testing.T) {
	t.Parallel()
	r := rotate(t, "plugins: {twoFactor: {twoFactorCookieMaxAge: 2h, otpOptions: {sendOTP: true, storeOTP: encrypted, period: 120}}}")
	email := newEmail()
	_, a := signUp(r.before, map[string]any{"email": email})
	browser := cookies{}.keep(a)
	password := fmt.Sprintf(`{"email":%q,"password":%q,"method":"otp"}`, email, authtest.Password)
	browser.send(r.before, http.MethodPost, "/two-factor/enable", password).Is(http.StatusOK)
	browser = cookies{}
	code := func() string {
		browser.keep(browser.send(r.before, http.MethodPost, "/sign-in/email", password).Is(http.StatusOK))
		browser.send(r.before, http.MethodPost, "/two-factor/send-otp", "{}").Is(http.StatusOK)
		return fmt.Sprintf(`{"trustDevice":true,"code":%q}`, r.before.LastMessage("sendOTP").Text("otp"))
	}
	right := code()
	a = browser.send(r.during, http.MethodPost, "/two-factor/verify-otp", `{"code":"wrong!"}`).Is(http.StatusUnauthorized)
	if got := set(a); got != "two_factor Max-Age=3600" {
		t.Errorf("set %s", got)
	}
	browser.keep(a).send(r.after, http.MethodPost, "/two-factor/verify-otp", right).Is(http.StatusUnauthorized) // its code is encrypted
	browser.send(r.during, http.MethodPost, "/two-factor/verify-otp", right).Is(http.StatusOK)

	browser = cookies{}
	browser.keep(browser.send(r.before, http.MethodPost, "/two-factor/verify-otp", code()).Is(http.StatusOK))
	a = browser.send(r.during, http.MethodGet, "/get-session", "")
	if got, want := set(a), fmt.Sprintf("session_token Max-Age=601200, trust_device Max-Age=%d", (30*24-1)*int(time.Hour/time.Second)); got != want {
		t.Errorf("set %s\nwant %s", got, want)
	}
	a = browser.keep(a).send(r.after, http.MethodPost, "/sign-in/email", password).Is(http.StatusOK)
	if a.JSON()["token"] == nil {
		t.Errorf("a trusted browser is asked: %s", a.Text)
	}
}
