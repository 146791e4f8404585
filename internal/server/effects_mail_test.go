package server_test

import (
	"fmt"
	"net/http"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// mailing writes options of emailAndPassword, beside enabled, and of
// emailVerification.
func mailing(password, verification string) string {
	return "emailAndPassword: {enabled: true, " + password + "}\nemailVerification: {" + verification + "}"
}

// member signs a new user up and in whose address is proven, and gives the
// address.
func member(s *authtest.Server) (*authtest.Client, string) {
	email := newEmail()
	c := s.Client()
	c.SignUp(email)
	s.Exec(`update "user" set "emailVerified" = true where email = $1`, email)
	return c, email
}

// mails counts the messages of an event.
func mails(s *authtest.Server, event string) string {
	n := 0
	for _, m := range s.Messages() {
		if m.Event == event {
			n++
		}
	}
	return fmt.Sprint(n)
}

func askReset(s *authtest.Server) string {
	return fmt.Sprint(s.Client().Post("/request-password-reset", map[string]any{"email": newEmail()}).Status)
}

// resetAfter is the status of a reset some time after its mail.
func resetAfter(later time.Duration) func(*authtest.Server) string {
	return func(s *authtest.Server) string {
		c, email := member(s)
		c.Post("/request-password-reset", map[string]any{"email": email}).Is(http.StatusOK)
		token := s.LastMessage("sendResetPassword").Token()
		s.Clock.Advance(later)
		return fmt.Sprint(s.Client().Post("/reset-password", map[string]any{"token": token, "newPassword": "another password"}).Status)
	}
}

func resetMails(s *authtest.Server) string {
	resetAfter(0)(s)
	return mails(s, "onPasswordReset")
}

func sessionsAfterReset(s *authtest.Server) string {
	s.Exec("delete from session")
	resetAfter(0)(s)
	return fmt.Sprint(s.Count("select count(*) from session"))
}

func mailsToOwner(s *authtest.Server) string {
	email := newEmail()
	for range 2 {
		s.Client().SignUp(email)
	}
	return mails(s, "onExistingUserSignUp")
}

func askVerification(s *authtest.Server) string {
	c := s.Client()
	email := newEmail()
	c.SignUp(email)
	return fmt.Sprint(c.Post("/send-verification-email", map[string]any{"email": email}).Status)
}

func signUpMails(s *authtest.Server) string {
	before := len(s.Messages())
	s.Client().SignUp(newEmail())
	return fmt.Sprint(len(s.Messages()) - before)
}

func signInMails(s *authtest.Server) string {
	email := newEmail()
	s.Client().SignUp(email)
	s.Client().Post("/sign-in/email", map[string]any{"email": email, "password": authtest.Password}).Is(http.StatusForbidden)
	return mails(s, "sendVerificationEmail")
}

// follow opens the newest verification link, which has no callback, after some
// time.
func follow(s *authtest.Server, later time.Duration) *authtest.Answer {
	s.Client().SignUp(newEmail())
	token := s.LastMessage("sendVerificationEmail").Token()
	s.Clock.Advance(later)
	return s.Client().Get("/verify-email?token=" + token)
}

func linkSignsIn(s *authtest.Server) string {
	if setCookie(follow(s, 0).Is(http.StatusOK), "session_token") == "" {
		return "none"
	}
	return "a session"
}

func linkAfter(later time.Duration) func(*authtest.Server) string {
	return func(s *authtest.Server) string { return fmt.Sprint(follow(s, later).Status) }
}

func plainIdentifiers(s *authtest.Server) string {
	s.Exec("delete from verification")
	if got := resetAfter(0)(s); got != "200" {
		return got
	}
	c, email := member(s)
	c.Post("/request-password-reset", map[string]any{"email": email}).Is(http.StatusOK)
	return fmt.Sprint(s.Count("select count(*) from verification where identifier like 'reset-password:%'"))
}
