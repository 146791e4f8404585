package twofactor_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// Whatever the answer to the password holds, nothing of it is a session: every
// cookie and every member of the body is tried as each credential there is.
func TestNothingOfTheFirstStepIsUsableBeforeTheSecond(t *testing.T) {
	t.Parallel()
	for name, further := range map[string]string{
		"no cache": "", "compact": "compact", "jwt": "jwt", "jwe": "jwe",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := "emailAndPassword: {enabled: true}\nrateLimit: {enabled: false}\nplugins: {bearer: {}, twoFactor: {" + sends + "}, jwt: {}}\n"
			if further != "" {
				config += "session: {cookieCache: {enabled: true, strategy: " + further + "}}\n"
			}
			s := authtest.New(t, config)
			ann := withCodes(t, s, "ann")
			before := s.Count("select count(*) from session")
			for _, remember := range []bool{true, false} {
				body := ann.credentials()
				body["rememberMe"] = remember
				a := s.Client().Post("/sign-in/email", body).Is(http.StatusOK)
				if a.Text != `{"twoFactorRedirect":true,"twoFactorMethods":["otp"]}` {
					t.Errorf("the answer is %s", a.Text)
				}
				for _, header := range []string{"Set-Auth-Token", "Set-Auth-Jwt"} {
					if v := a.Header.Get(header); v != "" {
						t.Errorf("%s: %s", header, v)
					}
				}
				tryAll(t, s, a)
			}
			if n := s.Count("select count(*) from session"); n != before {
				t.Errorf("%d sessions were made", n-before)
			}
		})
	}
}

func tryAll(t *testing.T, s *authtest.Server, a *authtest.Answer) {
	t.Helper()
	var values []string
	for _, cookie := range (&http.Response{Header: a.Header}).Cookies() {
		plain, err := url.PathUnescape(cookie.Value)
		if err != nil {
			t.Fatal(err)
		}
		bare, _, _ := strings.Cut(plain, ".")
		values = append(values, plain, bare)
	}
	if len(values) < 6 {
		t.Fatalf("only %q to try", values)
	}
	for _, value := range values {
		for _, other := range values {
			cookies := "better-auth.session_token=" + url.PathEscape(value) + "; better-auth.session_data=" + url.PathEscape(other)
			if seen(s, "Cookie", cookies) {
				t.Errorf("%s is a session", cookies)
			}
		}
		if value != "" && seen(s, "Authorization", "Bearer "+value) {
			t.Errorf("%s bears a session", value)
		}
	}
}

// seen tells whether a request with that header has a session.
func seen(s *authtest.Server, header, value string) bool {
	c := s.Client()
	r := c.Request(http.MethodGet, "/get-session", "", "")
	r.Header.Set(header, value)
	return c.Send(r).Is(http.StatusOK).Text != "null"
}

const withLinks = "emailVerification: {sendVerificationEmail: true, autoSignInAfterVerification: true}\n"

// A link that signs in leads to the second factor too, and once only. A browser is
// sent on without a session; whoever reads JSON is told what is missing.
func TestTheGateAsksAfterAVerificationLink(t *testing.T) {
	t.Parallel()
	for name, callback := range map[string]string{"browser": "/home", "program": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := authtest.New(t, configuration(sends)+withLinks)
			ann := withCodes(t, s, "ann")
			ann.Post("/send-verification-email", map[string]any{"email": ann.email}).Is(http.StatusOK)
			link := "/verify-email?token=" + s.LastMessage("sendVerificationEmail").Token() + "&callbackURL=" + callback
			browser := ann.at(s)
			a := browser.Get(link)
			switch {
			case callback != "" && (a.Status != http.StatusFound || a.Header.Get("Location") != callback):
				t.Errorf("%d, sent to %q", a.Status, a.Header.Get("Location"))
			case callback == "" && a.Text != `{"twoFactorRedirect":true,"twoFactorMethods":["otp"]}`:
				t.Errorf("%d %s", a.Status, a.Text)
			}
			if browser.isIn() {
				t.Fatal("the link alone signs in")
			}
			if s.Count(`select count(*) from "user" where "emailVerified"`) != 1 {
				t.Error("the address is not proven")
			}
			browser.otp(browser.sentCode()).Is(http.StatusOK)
			if !browser.isIn() {
				t.Error("the code does not sign in")
			}
			again := ann.at(s)
			again.Get(link)
			if again.Cookie("two_factor") != "" {
				t.Error("a used link leads to the second factor")
			}
		})
	}
}

func TestTheGateOfPasswordsLeavesOtherDoorsOpen(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, configuration(sends+", gate: password")+withLinks)
	ann := withCodes(t, s, "ann")
	ann.at(s).signIn()
	ann.Post("/send-verification-email", map[string]any{"email": ann.email}).Is(http.StatusOK)
	browser := ann.at(s)
	browser.Get("/verify-email?token=" + s.LastMessage("sendVerificationEmail").Token()).Is(http.StatusOK)
	if !browser.isIn() {
		t.Error("the link does not sign in")
	}
}

// Whoever has just signed up has no second factor to show.
func TestSigningUpPassesTheGate(t *testing.T) {
	t.Parallel()
	s := newServer(t, sends)
	if !signUp(t, s, "ann").isIn() {
		t.Error("nobody is signed in")
	}
}

// Passwords are hashed for a while, in which somebody else may replace them. What
// the old one led to does not outlive it.
func TestAReplacedPasswordLeavesNoSignInThatWaits(t *testing.T) {
	t.Parallel()
	s := newServer(t, sends, authtest.RealHashes())
	ann := withCodes(t, s, "ann")
	const crowd = 12
	clients, requests := make([]*person, crowd), make([]*http.Request, crowd)
	for i := range clients {
		clients[i] = ann.at(s)
		requests[i] = clients[i].Request(http.MethodPost, "/sign-in/email", "application/json", `{"email":"`+ann.email+`","password":"`+authtest.Password+`"}`)
	}
	change := ann.Request(http.MethodPost, "/change-password", "application/json", `{"currentPassword":"`+authtest.Password+`","newPassword":"another horse","revokeOtherSessions":true}`)
	authtest.Together(crowd+1, func(i int) {
		if i == crowd {
			if a, err := ann.Try(change); err != nil || a.Status != http.StatusOK {
				t.Errorf("the password was not changed: %v %v", a, err)
			}
			return
		}
		if _, err := insist(clients[i].Client, requests[i]); err != nil {
			t.Error(err)
		}
	})
	if n := s.Count(`select count(*) from verification where value = (select id from "user")`); n != 0 {
		t.Errorf("%d wait after the password is gone", n)
	}
}

// A change of the password ends what waits for a code, and what was trusted.
func TestAPasswordChangeEndsWaitingSignIns(t *testing.T) {
	t.Parallel()
	s := newServer(t, sends)
	ann := withCodes(t, s, "ann")
	browser := ann.at(s).signIn()
	code := browser.sentCode()
	ann.Post("/change-password", map[string]any{"currentPassword": authtest.Password, "newPassword": "another horse"}).Is(http.StatusOK)
	browser.otp(code).Code(http.StatusUnauthorized, "INVALID_TWO_FACTOR_COOKIE")
}
