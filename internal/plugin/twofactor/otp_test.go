package twofactor_test

import (
	"net/http"
	"regexp"
	"testing"
	"time"
)

func TestSentCodesHaveTheirOptions(t *testing.T) {
	t.Parallel()
	s := newServer(t, "otpOptions: {sendOTP: true, digits: 9, period: 2, allowedAttempts: 2}")
	browser := withCodes(t, s, "ann").at(s).signIn()
	code := browser.sentCode()
	if !regexp.MustCompile(`^[0-9]{9}$`).MatchString(code) {
		t.Errorf("the code is %q", code)
	}
	for range 2 {
		browser.otp(other(code)).Code(http.StatusUnauthorized, "INVALID_CODE")
	}
	browser.otp(code).Code(http.StatusBadRequest, "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE")
	code = browser.sentCode()
	s.Clock.Advance(2 * time.Minute)
	browser.otp(code).Code(http.StatusBadRequest, "OTP_HAS_EXPIRED")
	code = browser.sentCode()
	s.Clock.Advance(time.Minute)
	browser.otp(code).Is(http.StatusOK)

	off := newServer(t, "otpOptions: {sendOTP: false}")
	signUp(t, off, "ann").Post("/two-factor/send-otp", map[string]any{}).Code(http.StatusBadRequest, "OTP_NOT_CONFIGURED")
}

func TestSentCodesAreStoredAsConfigured(t *testing.T) {
	t.Parallel()
	for how, form := range map[string]string{
		"plain": `^[0-9]{6}:0$`, "hashed": `^[A-Za-z0-9_-]{43}:0$`, "encrypted": `^[0-9a-f]{92}:0$`,
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, "otpOptions: {sendOTP: true, storeOTP: "+how+"}")
			browser := withCodes(t, s, "ann").at(s).signIn()
			code := browser.sentCode()
			if n := s.Count("select count(*) from verification where identifier like '2fa-otp-%' and value ~ $1", form); n != 1 {
				t.Errorf("%d codes are stored so", n)
			}
			browser.otp(other(code)).Code(http.StatusUnauthorized, "INVALID_CODE")
			browser.otp(code).Is(http.StatusOK)
			if n := s.Count("select count(*) from verification where identifier like '2fa-otp-%'"); n != 0 {
				t.Errorf("%d are left", n)
			}
		})
	}
}

// What nobody can read is no code, and nobody's trouble.
func TestAStoredCodeThatCannotBeReadIsNone(t *testing.T) {
	t.Parallel()
	s := newServer(t, "otpOptions: {sendOTP: true, storeOTP: encrypted}")
	browser := withCodes(t, s, "ann").at(s).signIn()
	code := browser.sentCode()
	for _, value := range []string{"abcdef:0", ":0", code + ":0"} {
		s.Exec("update verification set value = $1 where identifier like '2fa-otp-%'", value)
		browser.otp(code).Code(http.StatusUnauthorized, "INVALID_CODE")
	}
	for _, value := range []string{"", "x", "abcdef:", "abcdef:x"} {
		browser.sentCode()
		s.Exec("update verification set value = $1 where identifier like '2fa-otp-%'", value)
		browser.otp(code).Code(http.StatusBadRequest, "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE")
	}
}

// A code is for the sign-in or the session that asked for it.
func TestASentCodeOpensOnlyWhatItWasSentFor(t *testing.T) {
	t.Parallel()
	s := newServer(t, sends)
	ann := withCodes(t, s, "ann")
	first, second := ann.at(s).signIn(), ann.at(s).signIn()
	code := first.sentCode()
	second.otp(code).Code(http.StatusBadRequest, "OTP_HAS_EXPIRED")
	ann.otp(code).Code(http.StatusBadRequest, "OTP_HAS_EXPIRED")
	bob := withCodes(t, s, "bob").at(s).signIn()
	bob.otp(code).Code(http.StatusBadRequest, "OTP_HAS_EXPIRED")
	first.otp(code).Is(http.StatusOK)
	first.at(s).otp(code).Code(http.StatusUnauthorized, "INVALID_TWO_FACTOR_COOKIE")
}

// Somebody without a row for it is protected from guesses all the same: by the
// limit that passwords have, over all sign-ins.
func TestGuessesAtSentCodesAreLimitedForEachUser(t *testing.T) {
	t.Parallel()
	s := newServer(t, sends)
	s.Clock.Stop()
	ann := withCodes(t, s, "ann")
	for range 2 {
		browser := ann.at(s).signIn()
		code := browser.sentCode()
		for range 5 {
			browser.otp(other(code)).Code(http.StatusUnauthorized, "INVALID_CODE")
		}
	}
	browser := ann.at(s).signIn()
	code := browser.sentCode()
	if a := browser.otp(code).Is(http.StatusTooManyRequests); a.Header.Get("X-Retry-After") == "" {
		t.Error("nobody says for how long")
	}
	s.Clock.Advance(time.Minute)
	browser.otp(code).Is(http.StatusOK)
}
