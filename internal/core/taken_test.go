package core_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// reset asks for a reset of an address and gives the token.
func reset(s *authtest.Server, email string) string {
	s.Client().Post("/request-password-reset", map[string]any{"email": email}).Is(http.StatusOK)
	return s.LastMessage("sendResetPassword").Token()
}

// changeLink makes a link that changes an address, as /change-email mails it.
func changeLink(t *testing.T, s *authtest.Server, userID, from, to string) string {
	t.Helper()
	link, err := s.Server.Auth.NewEmailLink(auth.EmailClaims{Email: from, UpdateTo: to, RequestType: auth.VerifyChange, UserID: userID}, "", time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	return link.Token
}

// What was mailed before a password or an address changed is of no use after.
func TestChangesTakeBackWhatWasMailed(t *testing.T) {
	t.Parallel()
	changes := map[string]func(t *testing.T, s *authtest.Server, c *authtest.Client, id string){
		"a reset": func(_ *testing.T, s *authtest.Server, _ *authtest.Client, _ string) {
			s.Client().Post("/reset-password", map[string]any{"token": reset(s, "ann@example.test"), "newPassword": "another password"}).Is(http.StatusOK)
		},
		"a change of the password": func(_ *testing.T, _ *authtest.Server, c *authtest.Client, _ string) {
			c.Post("/change-password", map[string]any{"currentPassword": authtest.Password, "newPassword": "another password"}).Is(http.StatusOK)
		},
		"a change of the address and back": func(t *testing.T, s *authtest.Server, _ *authtest.Client, id string) {
			s.Client().Get("/verify-email?token=" + changeLink(t, s, id, "ann@example.test", "new@example.test")).Is(http.StatusOK)
			s.Clock.Advance(2 * time.Second)
			s.Client().Get("/verify-email?token=" + changeLink(t, s, id, "new@example.test", "ann@example.test")).Is(http.StatusOK)
		},
	}
	for name, change := range changes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := authtest.New(t, mailed)
			c := s.Client()
			id, _ := part(t, c.SignUp("ann@example.test"), "user")["id"].(string)
			proof := s.LastMessage("sendVerificationEmail").Token()
			token := reset(s, "ann@example.test")
			link := changeLink(t, s, id, "ann@example.test", "thief@example.test")
			s.Clock.Advance(2 * time.Second)
			change(t, s, c, id)
			s.Client().Post("/reset-password", map[string]any{"token": token, "newPassword": "a third password"}).Code(http.StatusBadRequest, "INVALID_TOKEN")
			s.Client().Get("/verify-email?token="+link).Code(http.StatusUnauthorized, "INVALID_TOKEN")
			if a := s.Client().Get("/verify-email?token=" + proof).Is(http.StatusOK); cookieLine(t, a, "session_token") != "" {
				t.Error("the old proof of the address signs in")
			}
			if n := s.Count(`select count(*) from "user" where email = 'ann@example.test' and "emailVerified"`); n != 1 {
				t.Error("the old proof of the address proves nothing")
			}
			s.Clock.Advance(2 * time.Second)
			fresh := changeLink(t, s, id, "ann@example.test", "bob@example.test")
			s.Client().Get("/verify-email?token=" + fresh).Is(http.StatusOK)
		})
	}
}

// Sessions from before the address was proven end with a reset, later ones only
// where the configuration says so.
func TestResetProvesTheAddress(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, mailed)
	c := s.Client()
	c.SignUp("ann@example.test")
	use := func() {
		t.Helper()
		s.Client().Post("/reset-password", map[string]any{"token": reset(s, "ann@example.test"), "newPassword": authtest.Password + "!"}).Is(http.StatusOK)
	}
	use()
	if a := c.Get("/get-session"); a.Text != "null" {
		t.Errorf("a session from before is %s", a.Text)
	}
	s.Exec(`update "user" set "emailVerified" = true`)
	c.Post("/sign-in/email", map[string]any{"email": "ann@example.test", "password": authtest.Password + "!"}).Is(http.StatusOK)
	use()
	if a := c.Get("/get-session"); a.Text == "null" {
		t.Error("a session of a proven address is gone")
	}
}

// A reset gives a password to a user who has none.
func TestResetWithoutAPassword(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, mailed)
	s.Client().SignUp("ann@example.test")
	s.Exec("delete from account")
	s.Client().Post("/reset-password", map[string]any{"token": reset(s, "ann@example.test"), "newPassword": authtest.Password}).Is(http.StatusOK)
	s.Client().Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusOK)
	s.Exec(`delete from "user"`)
	s.Client().Post("/reset-password?token=x", map[string]any{"newPassword": authtest.Password}).Code(http.StatusBadRequest, "INVALID_TOKEN")
}

// No token opens another flow, nor is it the token of another one.
func TestTokensKeepToTheirPurpose(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, mailed)
	c := s.Client()
	session, _ := c.SignUp("ann@example.test").JSON()["token"].(string)
	jwt, _ := c.Get("/token").Is(http.StatusOK).JSON()["token"].(string)
	proof, resetting := s.LastMessage("sendVerificationEmail").Token(), reset(s, "ann@example.test")
	for name, token := range map[string]string{"a session": session, "a JWT": jwt, "a proof": proof, "an identifier": "reset-password:" + resetting} {
		s.Client().Post("/reset-password", map[string]any{"token": token, "newPassword": "another password"}).Code(http.StatusBadRequest, "INVALID_TOKEN")
		a := s.Client().Get("/reset-password/" + token + "?callbackURL=/x")
		if to := a.Header.Get("Location"); !strings.HasSuffix(to, "/x?error=INVALID_TOKEN") {
			t.Errorf("with %s on to %q", name, to)
		}
	}
	for _, token := range []string{session, jwt, resetting} {
		s.Client().Get("/verify-email?token="+token).Code(http.StatusUnauthorized, "INVALID_TOKEN")
	}
}

// Somebody without a session waits half a second, whatever the address.
func TestStrangersWaitForTheVerificationMail(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, mailed)
	c := s.Client()
	c.SignUp("ann@example.test")
	for _, email := range []string{"ann@example.test", "nobody@example.test"} {
		began := time.Now()
		s.Client().Post("/send-verification-email", map[string]any{"email": email}).Is(http.StatusOK)
		if took := time.Since(began); took < 500*time.Millisecond {
			t.Errorf("%s: %s", email, took)
		}
	}
	c.Post("/send-verification-email", map[string]any{"email": "bob@example.test"}).Code(http.StatusBadRequest, "EMAIL_MISMATCH")
	c.Post("/send-verification-email", map[string]any{"email": "ANN@example.test"}).Is(http.StatusOK)
	s.Exec(`update "user" set "emailVerified" = true`)
	c.Post("/send-verification-email", map[string]any{"email": "ann@example.test"}).Code(http.StatusBadRequest, "EMAIL_ALREADY_VERIFIED")
}
