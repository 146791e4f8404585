package admin_test

import (
	"net/http"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// with is a configuration with options of the plugin, and others beside it.
func with(options, others string) string {
	return `
emailAndPassword: {enabled: true}
rateLimit: {enabled: false}
` + others + `
plugins: {bearer: {}, jwt: {}, admin: {` + options + `}}
`
}

const password = "correct horse"

// person is a user with a browser.
type person struct {
	*authtest.Client
	id, email, token string
}

// signUp makes a user who is signed in.
func signUp(t *testing.T, s *authtest.Server, name string) *person {
	t.Helper()
	p := &person{Client: s.Client(), email: name + "@example.test"}
	a := p.Post("/sign-up/email", map[string]any{"name": name, "email": p.email, "password": password}).Is(http.StatusOK).JSON()
	p.id, p.token = a["user"].(map[string]any)["id"].(string), a["token"].(string)
	return p
}

// signUpAdmin makes a user with the role admin.
func signUpAdmin(t *testing.T, s *authtest.Server, name string) *person {
	t.Helper()
	p := signUp(t, s, name)
	s.Exec(`update "user" set role = 'admin' where id = $1`, p.id)
	return p
}

// who tells whose session a client has; nobody's is the empty text.
func who(c *authtest.Client) string {
	user, _ := c.Get("/get-session").Is(http.StatusOK).JSON()["user"].(map[string]any)
	name, _ := user["name"].(string)
	return name
}
