package core_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// Every route that takes a password refuses one that is too long, before it looks
// for a place among the hashes.
func TestNoDoorHashesAnOverlongPassword(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, `
emailAndPassword: {enabled: true, sendResetPassword: true}
user: {deleteUser: {enabled: true}}
rateLimit: {enabled: false}
plugins: {openAPI: {}}
`)
	c := s.Client()
	c.SignUp("ann@example.test")
	c.Post("/request-password-reset", map[string]any{"email": "ann@example.test"}).Is(http.StatusOK)
	token := s.LastMessage("sendResetPassword").Token()
	s.Server.Auth.Passwords.Close() // whoever asks for a place is answered 503
	doors := passwordFields(t, c)
	if want := []string{
		"/change-password currentPassword", "/change-password newPassword", "/delete-user password", "/reset-password newPassword",
		"/sign-in/email password", "/sign-up/email password", "/verify-password password",
	}; !slices.Equal(doors, want) {
		t.Fatalf("the doors are %q, want %q: a new one needs a look", doors, want)
	}
	// A character outside the basic plane counts twice, as in JavaScript.
	for _, long := range []string{strings.Repeat("x", 129), strings.Repeat("\U0001F511", 65)} {
		for _, door := range doors {
			path, field, _ := strings.Cut(door, " ")
			body := map[string]any{
				"name": "Bob", "email": "bob@example.test", "password": "some password",
				"newPassword": "some password", "currentPassword": "some password", "token": token,
			}
			if path == "/delete-user" {
				delete(body, "token")
			}
			body[field] = long
			c.Post(path, body).Code(http.StatusBadRequest, "PASSWORD_TOO_LONG")
		}
	}
}

// passwordFields lists the members of bodies that hold a password, each behind
// its path.
func passwordFields(t *testing.T, c *authtest.Client) []string {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]struct {
			RequestBody struct {
				Content map[string]struct {
					Schema struct{ Properties map[string]json.RawMessage }
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(c.Get("/open-api/generate-schema").Is(http.StatusOK).Text), &doc); err != nil {
		t.Fatal(err)
	}
	var out []string
	for path, methods := range doc.Paths {
		for _, m := range methods {
			for name := range m.RequestBody.Content["application/json"].Schema.Properties {
				if strings.HasSuffix(strings.ToLower(name), "password") {
					out = append(out, path+" "+name)
				}
			}
		}
	}
	slices.Sort(out)
	return out
}
