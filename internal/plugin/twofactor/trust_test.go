package twofactor_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// trusted is the person in a browser that is trusted.
func trusted(t *testing.T, p *person) *person {
	t.Helper()
	browser := p.at(p.s).signIn()
	browser.Post("/two-factor/verify-otp", map[string]any{"code": browser.sentCode(), "trustDevice": true}).Is(http.StatusOK)
	return browser
}

// asked tells whether a browser is asked for a code.
func (p *person) asked() bool {
	p.t.Helper()
	return strings.Contains(p.Post("/sign-in/email", p.credentials()).Is(http.StatusOK).Text, "twoFactorRedirect")
}

func TestABrowserIsTrustedAsLongAsConfigured(t *testing.T) {
	t.Parallel()
	s := newServer(t, sends+", trustDeviceMaxAge: 1h")
	browser := trusted(t, withCodes(t, s, "ann"))
	for range 3 { // each sign-in renews it
		s.Clock.Advance(45 * time.Minute)
		if browser.asked() {
			t.Fatal("it is not trusted")
		}
	}
	cookie := browser.cookie("trust_device")
	s.Clock.Advance(time.Hour)
	r := s.Client().Request(http.MethodPost, "/sign-in/email", "application/json", `{"email":"`+browser.email+`","password":"`+authtest.Password+`"}`)
	r.Header.Set("Cookie", cookie)
	if a := s.Client().Send(r).Is(http.StatusOK); !strings.Contains(a.Text, "twoFactorRedirect") {
		t.Error("it is trusted for longer")
	}
}

// Giving up the second factor ends the trust in every browser, and sign-ins that
// wait.
func TestNoBrowserIsTrustedAfterTheSecondFactorWasGivenUp(t *testing.T) {
	t.Parallel()
	for name, storage := range map[string]string{"plain": "", "hashed": "verification: {storeIdentifier: hashed}\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := authtest.New(t, configuration(sends)+storage)
			ann := withCodes(t, s, "ann")
			browser := trusted(t, ann)
			waiting := ann.at(s).signIn()
			code := waiting.sentCode()
			ann.Post("/two-factor/disable", password(authtest.Password)).Is(http.StatusOK)
			waiting.otp(code).Code(http.StatusUnauthorized, "INVALID_TWO_FACTOR_COOKIE")
			ann.Post("/two-factor/enable", map[string]any{"password": authtest.Password, "method": "otp"}).Is(http.StatusOK)
			if !browser.asked() {
				t.Error("it is still trusted")
			}
		})
	}
}

// A ticket is used up by the password that it came with, and by no wrong one.
func TestAWrongPasswordUsesNoTrust(t *testing.T) {
	t.Parallel()
	s := newServer(t, sends)
	browser := trusted(t, withCodes(t, s, "ann"))
	browser.Post("/sign-in/email", map[string]any{"email": browser.email, "password": "a wrong one"}).Is(http.StatusUnauthorized)
	if browser.asked() {
		t.Error("it is not trusted any more")
	}
}
