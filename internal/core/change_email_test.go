package core_test

import (
	"crypto/sha512"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// Configurations under which addresses may be changed.
const (
	changing  = authtest.Starter + "emailVerification: {sendVerificationEmail: true}\n"
	confirmed = changing + "user: {changeEmail: {enabled: true, sendChangeEmailConfirmation: true}}\n"
	plainly   = changing + "user: {changeEmail: {enabled: true}}\n"
	atOnce    = changing + "user: {changeEmail: {enabled: true, updateEmailWithoutVerification: true}}\n"
	unproven  = authtest.Starter + "user: {changeEmail: {enabled: true, updateEmailWithoutVerification: true}}\n"
)

// changer gives a server and a signed-in client, whose address is proven or not.
func changer(t *testing.T, config string, proven bool, options ...authtest.Option) (*authtest.Server, *authtest.Client) {
	t.Helper()
	s := authtest.New(t, config, options...)
	c := s.Client()
	c.SignUp("ann@example.test")
	s.Exec(`update "user" set "emailVerified" = $1`, proven)
	return s, c
}

func newAddress(email string) map[string]any {
	return map[string]any{"newEmail": email, "callbackURL": "/done"}
}

func addressOf(t *testing.T, c *authtest.Client) string {
	t.Helper()
	email, _ := part(t, c.Get("/get-session").Is(http.StatusOK), "user")["email"].(string)
	return email
}

// follow opens the link of the newest message of an event.
func follow(s *authtest.Server, c *authtest.Client, event string) *authtest.Answer {
	return c.Get(strings.TrimPrefix(s.LastMessage(event).URL(), s.Base))
}

// Both addresses have their say before a proven one is replaced.
func TestChangeOfAProvenAddress(t *testing.T) {
	t.Parallel()
	s, c := changer(t, confirmed, true)
	c.Post("/change-email", newAddress("New@Example.test")).Is(http.StatusOK)
	if m := s.LastMessage("sendChangeEmailConfirmation"); m.Recipient != "ann@example.test" || m.Text("newEmail") != "new@example.test" {
		t.Errorf("to %s about %s", m.Recipient, m.Text("newEmail"))
	}
	follow(s, c, "sendChangeEmailConfirmation").Is(http.StatusFound)
	if m := s.LastMessage("sendVerificationEmail"); m.Recipient != "new@example.test" || addressOf(t, c) != "ann@example.test" {
		t.Errorf("to %s, the address is %s", m.Recipient, addressOf(t, c))
	}
	follow(s, c, "sendVerificationEmail").Is(http.StatusFound)
	if got := addressOf(t, c); got != "new@example.test" {
		t.Errorf("the address is %s", got)
	}
	// Neither link does anything again.
	for _, event := range []string{"sendChangeEmailConfirmation", "sendVerificationEmail"} {
		if to := follow(s, c, event).Is(http.StatusFound).Header.Get("Location"); to != "/done?error=INVALID_TOKEN" {
			t.Errorf("%s again leads to %s", event, to)
		}
	}
}

// Once an address has changed, every other link of before is void.
func TestLinksOfAnOldAddressAreVoid(t *testing.T) {
	t.Parallel()
	s, c := changer(t, plainly, true)
	c.Post("/change-email", newAddress("first@example.test")).Is(http.StatusOK)
	first := s.LastMessage("sendVerificationEmail")
	c.Post("/change-email", newAddress("second@example.test")).Is(http.StatusOK)
	follow(s, c, "sendVerificationEmail").Is(http.StatusFound)
	c.Get("/verify-email?token="+first.Token()).Code(http.StatusUnauthorized, "INVALID_TOKEN")
	if got := addressOf(t, c); got != "second@example.test" {
		t.Errorf("the address is %s", got)
	}
}

func TestChangeAtOnceEndsWhatWasSent(t *testing.T) {
	t.Parallel()
	s, c := changer(t, atOnce, false)
	s.Exec(`insert into verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
		select 'v', 'reset-password:x', id, now() + interval '1 hour', now(), now() from "user"`)
	a := c.Post("/change-email", newAddress("New@Example.test")).Is(http.StatusOK)
	if cookieLine(t, a, "session_token") == "" || addressOf(t, c) != "new@example.test" {
		t.Errorf("cookies %q, address %s", a.Header.Values("Set-Cookie"), addressOf(t, c))
	}
	if n := s.Count(`select count(*) from verification`); n != 0 {
		t.Errorf("%d values are left", n)
	}
	// The link to the new address, sent in the same moment, proves it.
	follow(s, c, "sendVerificationEmail").Is(http.StatusFound)
	if n := s.Count(`select count(*) from "user" where "emailVerified" and email = 'new@example.test'`); n != 1 {
		t.Error("the new address is not proven")
	}
	// Now that it is proven, it is not replaced at once any more.
	c.Post("/change-email", newAddress("third@example.test")).Is(http.StatusOK)
	if got := addressOf(t, c); got != "new@example.test" {
		t.Errorf("the address is %s", got)
	}
}

// A taken address is answered as a free one, after as many statements, and
// changes nothing.
func TestTakenAddressIsAnsweredAlike(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		config string
		proven bool
	}{
		"confirmation": {confirmed, true}, "proven": {plainly, true}, "not proven": {confirmed, false},
		"at once": {atOnce, false}, "at once without mail": {unproven, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wire := &authtest.Wire{}
			s, c := changer(t, tt.config, tt.proven, authtest.Through(wire))
			s.Client().SignUp("taken@example.test")
			ask := func(email string) (string, int) {
				before := wire.Statements()
				a := c.Post("/change-email", newAddress(email))
				return fmt.Sprint(a.Status, a.Text, a.Header.Get("Content-Type")), wire.Statements() - before
			}
			ask("Taken@example.test") // prepares the statements
			ask("free@example.test")
			taken, takenStatements := ask("Taken@example.test")
			free, freeStatements := ask("free2@example.test")
			if taken != free || takenStatements != freeStatements {
				t.Errorf("taken: %s, %d statements; free: %s, %d statements", taken, takenStatements, free, freeStatements)
			}
			for _, m := range s.Messages() {
				if m.Recipient == "taken@example.test" || m.Data["newEmail"] == "taken@example.test" {
					t.Errorf("%s went to %s", m.Event, m.Recipient)
				}
			}
			if n := s.Count(`select count(*) from "user" where email = 'taken@example.test'`); n != 1 {
				t.Errorf("%d users have the taken address", n)
			}
		})
	}
}

// Of many users who want one address at once one gets it, and all get one answer.
func TestManyChangesToOneAddress(t *testing.T) {
	t.Parallel()
	servers := twoServersWith(t, unproven)
	const users = 20
	requests := make([]*http.Request, users)
	clients := make([]*authtest.Client, users)
	for i := range users {
		clients[i] = servers[i%2].Client()
		clients[i].SignUp(fmt.Sprintf("user%d@example.test", i))
		body := fmt.Sprintf(`{"newEmail":%q}`, mixed(i))
		requests[i] = clients[i].Request(http.MethodPost, "/change-email", "application/json", body)
	}
	var got tally
	authtest.Together(users, func(i int) { got.add(clients[i].Try(requests[i])) })
	if got.count["200"] != users {
		t.Errorf("answers %v", got.count)
	}
	n := servers[0].Count(`select count(*) * 100 + count(*) filter (where email = 'racer@example.test') from "user"`)
	if n != users*100+1 {
		t.Errorf("users and those with the address: %d", n)
	}
}

// Two users who follow their links to one address at once: one has it then.
func TestTwoLinksToOneAddress(t *testing.T) {
	t.Parallel()
	servers := twoServersWith(t, plainly)
	var requests [2]*http.Request
	var clients [2]*authtest.Client
	for i := range 2 {
		clients[i] = servers[i].Client()
		clients[i].SignUp(fmt.Sprintf("user%d@example.test", i))
		clients[i].Post("/change-email", map[string]any{"newEmail": "racer@example.test"}).Is(http.StatusOK)
		token := servers[0].LastMessage("sendVerificationEmail").Token()
		requests[i] = clients[i].Request(http.MethodGet, "/verify-email?token="+token, "", "")
	}
	var got tally
	authtest.Together(2, func(i int) { got.add(clients[i].Try(requests[i])) })
	if got.count["200"] != 1 || got.count["500"] != 0 || len(got.count) != 2 {
		t.Errorf("answers %v", got.count)
	}
	if n := servers[0].Count(`select count(*) from "user" where email = 'racer@example.test'`); n != 1 {
		t.Errorf("%d users have the address", n)
	}
}

// An address that Postgres cannot index is refused, not an error of the server.
func TestAddressTooLongForTheDatabase(t *testing.T) {
	t.Parallel()
	s, c := changer(t, unproven, false)
	long := ""
	for i := range 100 { // nothing that could be compressed
		long += fmt.Sprintf("%x", sha512.Sum512([]byte{byte(i)}))
	}
	c.Post("/change-email", newAddress(long+"@example.test")).Code(http.StatusBadRequest, "FAILED_TO_UPDATE_USER")
	if n := s.Count(`select count(*) from "user" where email = 'ann@example.test'`); n != 1 {
		t.Error("the address has changed")
	}
}
