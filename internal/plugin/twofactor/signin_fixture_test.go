package twofactor_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// sends is the option that every server of these tests has.
const sends = "otpOptions: {sendOTP: true}"

// withCodes is signUp of somebody to whom codes are sent.
func withCodes(t *testing.T, s *authtest.Server, name string) *person {
	t.Helper()
	p := signUp(t, s, name)
	p.Post("/two-factor/enable", map[string]any{"password": authtest.Password, "method": "otp"}).Is(http.StatusOK)
	return p
}

func (p *person) credentials() map[string]any {
	return map[string]any{"email": p.email, "password": authtest.Password}
}

// at is the person in another browser, or at another server.
func (p *person) at(s *authtest.Server) *person {
	return &person{Client: s.Client(), t: p.t, s: s, email: p.email, uri: p.uri, codes: p.codes}
}

// signIn gives the password, and ends the test unless a code is asked for.
func (p *person) signIn() *person {
	p.t.Helper()
	a := p.Post("/sign-in/email", p.credentials()).Is(http.StatusOK)
	if !strings.HasPrefix(a.Text, `{"twoFactorRedirect":true`) {
		p.t.Fatalf("no code is asked for: %s", a.Text)
	}
	return p
}

// sentCode asks for a code and gives it.
func (p *person) sentCode() string {
	p.t.Helper()
	p.Post("/two-factor/send-otp", map[string]any{}).Is(http.StatusOK)
	return p.s.LastMessage("sendOTP").Text("otp")
}

// otp gives a code that was sent.
func (p *person) otp(code string) *authtest.Answer {
	p.t.Helper()
	return p.Post("/two-factor/verify-otp", map[string]any{"code": code})
}

// isIn tells whether the person is signed in.
func (p *person) isIn() bool {
	p.t.Helper()
	return p.Get("/get-session").Is(http.StatusOK).Text != "null"
}

// cookie is a Cookie header with one of the cookies that the browser has.
func (p *person) cookie(name string) string {
	p.t.Helper()
	return "better-auth." + name + "=" + p.Cookie(name)
}

// other gives a code that is not that one.
func other(code string) string {
	if code[0] == '0' {
		return "1" + code[1:]
	}
	return "0" + code[1:]
}
