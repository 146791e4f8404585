package core_test

import (
	"net/http"
	"sort"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func headerNames(a *authtest.Answer) string {
	names := make([]string, 0, len(a.Header))
	for name := range a.Header {
		names = append(names, name)
	}
	sort.Strings(names)
	return strings.Join(names, " ")
}

// What a client claims about itself, or about anybody, changes nothing: who is
// meant comes from the session alone.
func TestClientsCannotSetWhoTheyAre(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	victim := s.Client()
	victimID := part(t, victim.SignUp("victim@example.test"), "user")["id"]
	claims := map[string]any{
		"id": "chosen", "userId": victimID, "role": "admin", "emailVerified": true, "banned": false,
		"createdAt": "2001-01-01T00:00:00.000Z", "updatedAt": "2001-01-01T00:00:00.000Z", "token": "chosen",
		"expiresAt": "2099-01-01T00:00:00.000Z", "accountId": "chosen", "providerId": "chosen", "ipAddress": "9.9.9.9",
	}
	c := s.Client()
	a := c.Post("/sign-up/email", with(newcomer("eve@example.test"), claims)).Is(http.StatusOK)
	unclaimed(t, s, part(t, a, "user")["id"].(string), "sign-up")
	a = c.Post("/sign-in/email", with(credentials("eve@example.test"), claims)).Is(http.StatusOK)
	unclaimed(t, s, part(t, a, "user")["id"].(string), "sign-in")

	// Everything that ends sessions ends those of the caller.
	for _, path := range []string{"/revoke-other-sessions", "/revoke-sessions", "/sign-out"} {
		c.Post("/sign-in/email", credentials("eve@example.test")).Is(http.StatusOK)
		c.Post(path, claims).Is(http.StatusOK)
	}
	if victim.Get("/get-session").Text == "null" {
		t.Error("a stranger ended the session")
	}
}

// unclaimed wants rows of eve's that know nothing of what she claimed.
func unclaimed(t *testing.T, s *authtest.Server, id, after string) {
	t.Helper()
	n := s.Count(`select count(*) from "user" u join account a on a."userId" = u.id join session s on s."userId" = u.id
		where u.id = $1 and length(u.id) = 32 and u.email = 'eve@example.test' and not u."emailVerified" and u."createdAt" > now() - interval '1 day'
		and u."updatedAt" = u."createdAt" and a."accountId" = u.id and a."providerId" = 'credential' and length(s.token) = 32
		and s."expiresAt" < now() + interval '8 days' and s."ipAddress" = '127.0.0.1'`, id)
	if want := map[string]int{"sign-up": 1, "sign-in": 2}[after]; n != want {
		t.Errorf("after %s there are %d rows as they should be, want %d", after, n, want)
	}
}

// Where sign-up never signs in, it does not tell whether an address is taken.
func TestSignUpsOfKnownAndNewAddressesAreAlike(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, "emailAndPassword: {enabled: true, autoSignIn: false}\nrateLimit: {enabled: false}\n")
	body := func() map[string]any { return with(newcomer("ann@example.test"), map[string]any{"name": "New name"}) }
	fresh := s.Client().Post("/sign-up/email", body()).Is(http.StatusOK)
	known := s.Client().Post("/sign-up/email", body()).Is(http.StatusOK)
	if a, b := keys(t, fresh.Text), keys(t, known.Text); a != b || !strings.HasPrefix(a, "token user user.name") {
		t.Errorf("members %s\nand     %s", a, b)
	}
	if a, b := headerNames(fresh), headerNames(known); a != b || fresh.Header.Get("Set-Cookie") != "" {
		t.Errorf("headers %s\nand     %s", a, b)
	}
	one, two := part(t, fresh, "user"), part(t, known, "user")
	if one["id"] == two["id"] || len(two["id"].(string)) != 32 {
		t.Errorf("ids %v and %v", one["id"], two["id"])
	}
	for _, name := range []string{"name", "email", "emailVerified", "image"} {
		if one[name] != two[name] {
			t.Errorf("%s is %v and %v", name, one[name], two[name])
		}
	}
	if n := s.Count(`select count(*) from "user"`); n != 1 {
		t.Errorf("%d users", n)
	}
	// What is wrong with a request is told before either.
	for _, email := range []string{"ann@example.test", "bob@example.test"} {
		s.Client().Post("/sign-up/email", with(newcomer(email), map[string]any{"password": "short"})).Code(400, "PASSWORD_TOO_SHORT")
	}
}
