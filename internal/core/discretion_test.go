package core_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// discreet are the ways to ask about an address without being its owner, each
// under options that hide whether it is known.
var discreet = []struct {
	name, config string
	ask          func(c *authtest.Client, email string) *authtest.Answer
}{
	{"reset", "emailAndPassword: {enabled: true, sendResetPassword: true}", func(c *authtest.Client, email string) *authtest.Answer {
		return c.Post("/request-password-reset", map[string]any{"email": email, "redirectTo": "/new"})
	}},
	{"verification mail", "emailAndPassword: {enabled: true}\nemailVerification: {sendVerificationEmail: true}", func(c *authtest.Client, email string) *authtest.Answer {
		return c.Post("/send-verification-email", map[string]any{"email": email, "callbackURL": "/done"})
	}},
	{"sign-up that sends nothing", "emailAndPassword: {enabled: true, autoSignIn: false}", signUpDiscreetly},
	{"sign-up that tells the owner", "emailAndPassword: {enabled: true, autoSignIn: false, onExistingUserSignUp: true}", signUpDiscreetly},
	{"sign-up that asks for proof", "emailAndPassword: {enabled: true, requireEmailVerification: true}\nemailVerification: {sendVerificationEmail: true}", signUpDiscreetly},
	{"sign-up that does both", "emailAndPassword: {enabled: true, requireEmailVerification: true, onExistingUserSignUp: true}\nemailVerification: {sendVerificationEmail: true}", signUpDiscreetly},
	{"sign-in", "emailAndPassword: {enabled: true}", func(c *authtest.Client, email string) *authtest.Answer {
		return c.Post("/sign-in/email", map[string]any{"email": email, "password": "not the password"})
	}},
}

func signUpDiscreetly(c *authtest.Client, email string) *authtest.Answer {
	return c.Post("/sign-up/email", map[string]any{"name": "Somebody", "email": email, "password": "some password", "image": "https://x.test/i.png"})
}

// An address that is known, proven or not, and one that is unknown get the same
// status and the same members in the same order, and the same statements are
// run for them.
func TestAnswersToStrangersAreAlike(t *testing.T) {
	t.Parallel()
	for _, tt := range discreet {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			wire := &authtest.Wire{}
			s := authtest.New(t, "rateLimit: {enabled: false}\nplugins: {jwt: {}}\n"+tt.config+"\n", authtest.Through(wire))
			for _, email := range []string{"proven@example.test", "unproven@example.test"} {
				s.Client().SignUp(email)
			}
			s.Exec(`update "user" set "emailVerified" = true where email = 'proven@example.test'`)
			strangers := 0
			ask := func(email string) string {
				if email == "" {
					strangers++
					email = fmt.Sprintf("nobody%d@example.test", strangers)
				}
				wire.Seen()
				a := tt.ask(s.Client(), email)
				// Whether what was written is kept is one word's difference.
				seen := strings.ReplaceAll(fmt.Sprint(wire.Seen()), "rollback to savepoint", "release savepoint")
				return fmt.Sprint(a.Status, " ", len(a.Text)-strings.Count(a.Text, email)*len(email), " ", keys(t, a.Text), " ", headers(a), seen)
			}
			want := calmly(ask, "")
			for _, email := range []string{"proven@example.test", "unproven@example.test"} {
				if got := calmly(ask, email); got != want {
					t.Errorf("%s\n got %s\nwant %s, as nobody", email, got, want)
				}
			}
		})
	}
}

// calmly asks some times and gives the shortest account: keys are looked at in
// the background from time to time, and statements are prepared first.
func calmly(ask func(string) string, email string) string {
	shortest := ask(email)
	for range 3 {
		if again := ask(email); len(again) < len(shortest) {
			shortest = again
		}
	}
	return shortest
}

// headers lists the names of the answer's headers, and nothing of their values.
func headers(a *authtest.Answer) []string {
	var names []string
	for name := range a.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Whoever is written to without an owner asking is told so only by mail.
func TestMessagesOfDiscreetAnswers(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, `
emailAndPassword: {enabled: true, requireEmailVerification: true, sendResetPassword: true, onExistingUserSignUp: true}
emailVerification: {sendVerificationEmail: true}
rateLimit: {enabled: false}
`)
	c := s.Client()
	last := func(want int, event string) authtest.Message {
		t.Helper()
		if got := s.Messages(); len(got) != want || got[len(got)-1].Event != event || got[len(got)-1].Recipient != "ann@example.test" {
			t.Fatalf("%d messages, want %d, %s last: %v", len(got), want, event, got)
		}
		return s.LastMessage(event)
	}
	c.SignUp("Ann@example.test")
	link := last(1, "sendVerificationEmail")
	if want := s.Base + "/verify-email?token=" + link.Token() + "&callbackURL=%2F"; link.URL() != want {
		t.Errorf("link %s, want %s", link.URL(), want)
	}
	first := c.SignUp("ann@EXAMPLE.test")
	if user, _ := last(2, "onExistingUserSignUp").Data["user"].(map[string]any); user["id"] == part(t, first, "user")["id"] {
		t.Error("the answer carries the id of the owner")
	}
	c.Post("/request-password-reset", map[string]any{"email": "ANN@example.test", "redirectTo": "/new?a=b c"}).Is(http.StatusOK)
	reset := last(3, "sendResetPassword")
	if want := s.Base + "/reset-password/" + reset.Token() + "?callbackURL=%2Fnew%3Fa%3Db%20c"; reset.URL() != want || len(reset.Token()) != 24 {
		t.Errorf("link %s, want %s", reset.URL(), want)
	}
	c.Post("/request-password-reset", map[string]any{"email": "bob@example.test"}).Is(http.StatusOK)
	c.Post("/send-verification-email", map[string]any{"email": "bob@example.test"}).Is(http.StatusOK)
	last(3, "sendResetPassword")
	c.Post("/send-verification-email", map[string]any{"email": "ann@example.test", "callbackURL": "/x"}).Is(http.StatusOK)
	if url := last(4, "sendVerificationEmail").URL(); !strings.HasSuffix(url, "&callbackURL=%2Fx") {
		t.Errorf("link %s", url)
	}
	if n := s.Count("select count(*) from verification"); n != 1 {
		t.Errorf("%d tokens are stored", n)
	}
}
