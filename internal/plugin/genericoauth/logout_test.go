package genericoauth_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// linked gives somebody who is signed in and has an account at acme.
func linked(t *testing.T, s *authtest.Server, email string) *authtest.Client {
	t.Helper()
	c := s.Client()
	c.SignUp(email)
	s.Exec(`insert into account (id, "accountId", "providerId", "userId", "idToken", "createdAt", "updatedAt")
		select $1, $1, 'acme', id, 'its.id.token', now(), now() from "user" where email = $1`, email)
	return c
}

func TestSignOutAtTheProvider(t *testing.T) {
	t.Parallel()
	const end = discovered + `, endSessionEndpoint: "https://idp.test/bye"`
	const hint = "https://idp.test/bye?id_token_hint=its.id.token"
	const back = "&post_logout_redirect_uri=https%3A%2F%2Fauth.example.test%2F"
	for name, c := range map[string]struct{ provider, body, want, location string }{
		"plain":            {end, `{}`, hint, hint},
		"no redirect":      {end, `{"disableRedirect":true}`, hint, ""},
		"and back":         {end, `{"callbackURL":"/bye?x=1","state":"s"}`, hint + back + "bye%3Fx%3D1&client_id=app&state=s", hint + back + "bye%3Fx%3D1&client_id=app&state=s"},
		"back by option":   {end + ", postLogoutRedirectURI: /after", `{}`, hint + back + "after&client_id=app", hint + back + "after&client_id=app"},
		"not at the other": {end + ", disableProviderLogout: true", `{}`, "", ""},
		"nowhere to go":    {discovered, `{}`, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _ := with(t, c.provider, "baseURL: https://auth.example.test\n")
			// Asking for the provider waits until its document has been read.
			s.Client().Post("/sign-in/social", `{"provider":"acme"}`)
			got := linked(t, s, "ann@example.test").Post("/sign-out", c.body).Is(http.StatusOK)
			want := `{"success":true}`
			if c.want != "" {
				redirect := "true"
				if c.location == "" {
					redirect = "false"
				}
				want = `{"success":true,"url":"` + c.want + `","redirect":` + redirect + `}`
			}
			if got.Text != want || got.Header.Get("Location") != c.location {
				t.Errorf("%s, Location %q; want %s", got.Text, got.Header.Get("Location"), want)
			}
			if n := s.Count("select count(*) from session"); n != 0 {
				t.Errorf("%d sessions left", n)
			}
		})
	}
}

func TestSignOutTellsNobodyElse(t *testing.T) {
	t.Parallel()
	s, _ := with(t, discovered+`, endSessionEndpoint: "https://idp.test/bye"`, "session: {expiresIn: 60}\n")
	s.Client().Post("/sign-in/social", `{"provider":"acme"}`)
	ann := linked(t, s, "ann@example.test")
	if got := ann.Post("/sign-out", `{"callbackURL":"https://evil.test"}`).Is(http.StatusForbidden).Text; got == "" {
		t.Error("no words")
	}
	s.Clock.Advance(2 * time.Minute)
	if got := ann.Post("/sign-out", `{}`).Is(http.StatusOK).Text; got != `{"success":true}` {
		t.Errorf("a session that has ended: %s", got)
	}
	bob := s.Client()
	bob.SignUp("bob@example.test")
	if got := bob.Post("/sign-out", `{}`).Is(http.StatusOK).Text; got != `{"success":true}` {
		t.Errorf("a user of no provider: %s", got)
	}
	if got := s.Client().Post("/sign-out", `{}`).Is(http.StatusOK).Text; got != `{"success":true}` {
		t.Errorf("nobody: %s", got)
	}
}
