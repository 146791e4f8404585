package twofactor_test

import (
	"net/http"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// withBans is a server on which users are banned too.
func withBans(t *testing.T) *authtest.Server {
	t.Helper()
	return authtest.New(t, "emailAndPassword: {enabled: true}\nrateLimit: {enabled: false}\nplugins: {admin: {}, twoFactor: {"+sends+"}}\n")
}

// ban is what an administrator does to a user between the password and the code.
func ban(s *authtest.Server, p *person, banned bool) {
	s.Exec(`update "user" set banned = $2 where email = $1`, p.email, banned)
}

// Whoever is banned while a sign-in waits gets no session of it, also when the ban
// is over again: the right code has ended the wait, and is spent.
func TestABanEndsASignInThatWaits(t *testing.T) {
	t.Parallel()
	for method, give := range map[string]func(p *person) *authtest.Answer{
		"sent code": func(p *person) *authtest.Answer { return p.otp(p.sentCode()) },
		"app":       func(p *person) *authtest.Answer { return p.verify(p.code(0)) },
		"backup code": func(p *person) *authtest.Answer {
			return p.Post("/two-factor/verify-backup-code", map[string]any{"code": p.codes[0]})
		},
	} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			s := withBans(t)
			ann := withApp(t, s, "ann")
			browser := ann.at(s).signIn()
			before := s.Count("select count(*) from session")
			ban(s, ann, true)
			give(browser).Code(http.StatusForbidden, "BANNED_USER")
			ban(s, ann, false)
			browser.otp("000000").Code(http.StatusUnauthorized, "INVALID_TWO_FACTOR_COOKIE")
			if n := s.Count("select count(*) from session"); n != before || browser.isIn() {
				t.Errorf("%d sessions more", n-before)
			}
			again := ann.at(s).signIn()
			if method != "sent code" {
				if give(again); again.isIn() {
					t.Error("the code is good once more")
				}
			}
			again.otp(again.sentCode()).Is(http.StatusOK)
		})
	}
}

// A right code of a banned user is no failure: others like it do not shut their
// second factor.
func TestABannedUsersRightCodeIsNoFailure(t *testing.T) {
	t.Parallel()
	s := withBans(t)
	ann := withApp(t, s, "ann")
	browser := ann.at(s).signIn()
	code := browser.sentCode()
	ban(s, ann, true)
	browser.otp(code).Code(http.StatusForbidden, "BANNED_USER")
	if n := s.Count(`select count(*) from "twoFactor" where coalesce("failedVerificationCount", 0) > 0`); n != 0 {
		t.Error("a failure was counted")
	}
}

// Who is banned is told so at the password, and no sign-in begins to wait; a
// trusted browser stays one.
func TestABannedUserIsAskedForNoCode(t *testing.T) {
	t.Parallel()
	s := withBans(t)
	ann := withCodes(t, s, "ann")
	browser := ann.at(s).signIn()
	code := browser.sentCode()
	browser.Post("/two-factor/verify-otp", map[string]any{"code": code, "trustDevice": true}).Is(http.StatusOK)
	before := s.Count("select count(*) from verification")
	ban(s, ann, true)
	for _, p := range []*person{browser, ann.at(s)} {
		p.Post("/sign-in/email", p.credentials()).Code(http.StatusForbidden, "BANNED_USER")
	}
	if n := s.Count("select count(*) from verification"); n != before {
		t.Errorf("%d values more", n-before)
	}
	ban(s, ann, false)
	if a := browser.Post("/sign-in/email", browser.credentials()).Is(http.StatusOK).JSON(); a["token"] == nil {
		t.Error("the browser is trusted no more")
	}
}
