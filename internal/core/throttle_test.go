package core_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// behindProxy lets tests say from which address a request comes.
const behindProxy = authtest.Starter + "advanced: {ipAddress: {trustedProxies: [127.0.0.1]}}\n"

// at gives a new client whose requests come from an address.
func at(s *authtest.Server, address string) *authtest.Client {
	c := s.Client()
	c.Header.Set("X-Forwarded-For", address)
	return c
}

func wrong(email string) map[string]any {
	return map[string]any{"email": email, "password": "not the password"}
}

// exhaust fails to sign in as often as anybody may, from several addresses.
func exhaust(s *authtest.Server, email string) {
	for i := range 10 {
		at(s, fmt.Sprintf("198.51.100.%d", i)).Post("/sign-in/email", wrong(email)).Code(http.StatusUnauthorized, "INVALID_EMAIL_OR_PASSWORD")
	}
}

// limited checks that an answer is the limiter's, with some seconds to wait.
func limited(t *testing.T, a *authtest.Answer, seconds string) {
	t.Helper()
	a.Is(http.StatusTooManyRequests)
	if a.Text != `{"message":"Too many requests. Please try again later."}` {
		t.Errorf("body %s", a.Text)
	}
	if a.Header.Get("X-Retry-After") != seconds || a.Header.Get("Retry-After") != seconds || a.Header.Get("Set-Cookie") != "" {
		t.Errorf("headers %v, want %s seconds", a.Header, seconds)
	}
}

// After ten failures an account waits, whether it exists or not and however its
// address is written; its owner, where the account is known, does not.
func TestGuessesAreLimitedPerAccount(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, behindProxy)
	s.Clock.Stop()
	const home, stranger = "192.0.2.1", "203.0.113.1"
	owner := at(s, home)
	owner.SignUp("ann@example.test")
	for _, email := range []string{"ann@example.test", "nobody@example.test"} {
		exhaust(s, email)
		a := at(s, stranger).Post("/sign-in/email", wrong(strings.ToUpper(email)))
		limited(t, a, "1")
		if right := at(s, stranger).Post("/sign-in/email", credentials(email)); right.Text != a.Text || right.Status != a.Status {
			t.Errorf("%s: a right password is told from a wrong one: %s", email, right.Text)
		}
		s.Clock.Advance(time.Second)
		at(s, stranger).Post("/sign-in/email", wrong(email)).Is(http.StatusUnauthorized)
		limited(t, at(s, stranger).Post("/sign-in/email", wrong(email)), "2")
	}
	at(s, home).Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusOK)
	at(s, home).Post("/sign-in/email", credentials("nobody@example.test")).Is(http.StatusTooManyRequests)
	at(s, stranger).Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusTooManyRequests)
	s.Clock.Advance(2 * time.Second)
	at(s, stranger).Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusOK)
	at(s, stranger).Post("/sign-in/email", wrong("ann@example.test")).Is(http.StatusUnauthorized)
}

// Every door that takes a password counts for the same account.
func TestEveryDoorCountsTheSame(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, behindProxy+"user: {deleteUser: {enabled: true}}\n")
	doors := map[string]map[string]any{
		"/sign-in/email":   wrong("ann@example.test"),
		"/verify-password": {"password": "not the password"},
		"/change-password": {"currentPassword": "not the password", "newPassword": "another password"},
		"/delete-user":     {"password": "not the password"},
	}
	s.Clock.Stop()
	c := at(s, "192.0.2.1")
	c.SignUp("ann@example.test")
	paths := slices.Sorted(maps.Keys(doors))
	for i := range 10 {
		path := paths[i%len(paths)]
		if a := c.Post(path, doors[path]); a.Status != http.StatusBadRequest && a.Status != http.StatusUnauthorized {
			t.Fatalf("failure %d, at %s: %d %s", i, path, a.Status, a.Text)
		}
	}
	for _, path := range paths {
		limited(t, c.Post(path, doors[path]), "1")
	}
}

// Who proves by mail to be the owner begins anew, and so does who knows the
// password and changes it.
func TestANewPasswordBeginsAnew(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, strings.Replace(behindProxy, "{enabled: true}", "{enabled: true, sendResetPassword: true}", 1))
	s.Clock.Stop()
	c := at(s, "192.0.2.1")
	c.SignUp("ann@example.test")
	exhaust(s, "ann@example.test")
	c.Post("/request-password-reset", map[string]any{"email": "ann@example.test"}).Is(http.StatusOK)
	c.Post("/reset-password", map[string]any{"token": s.LastMessage("sendResetPassword").Token(), "newPassword": authtest.Password}).Is(http.StatusOK)
	exhaust(s, "ann@example.test")
	limited(t, at(s, "203.0.113.1").Post("/sign-in/email", wrong("ann@example.test")), "1")
	c.Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusOK) // the reset has ended the session
	c.Post("/change-password", map[string]any{"currentPassword": authtest.Password, "newPassword": authtest.Password}).Is(http.StatusOK)
	at(s, "203.0.113.1").Post("/sign-in/email", wrong("ann@example.test")).Is(http.StatusUnauthorized)
}

// A crowd of guesses at once gets as far as the same guesses one by one, over
// two instances; a crowd with the right password gets in.
func TestACrowdOfGuesses(t *testing.T) {
	t.Parallel()
	servers := twoServersWith(t, behindProxy)
	servers[0].Clock.Stop()
	servers[1].Clock.Stop()
	at(servers[0], "192.0.2.1").SignUp("ann@example.test")
	guess := func(body map[string]any) map[string]int {
		var y tally
		requests := make([]*http.Request, crowd)
		clients := make([]*authtest.Client, crowd)
		for i := range requests {
			clients[i] = at(servers[i%2], fmt.Sprintf("198.51.100.%d", i))
			requests[i] = clients[i].Request(http.MethodPost, "/sign-in/email", "application/json",
				fmt.Sprintf(`{"email":%q,"password":%q}`, body["email"], body["password"]))
		}
		authtest.Together(crowd, func(i int) { y.add(insist(clients[i], requests[i])) })
		return y.count
	}
	if got := guess(credentials("ann@example.test")); got["200"] != crowd {
		t.Errorf("right passwords: %v", got)
	}
	for _, email := range []string{"bob@example.test", "nobody@example.test"} {
		if email[0] == 'b' {
			at(servers[1], "192.0.2.2").SignUp(email)
		}
		if got := guess(wrong(email)); got["401"] != 10 || got["429"] != crowd-10 {
			t.Errorf("wrong passwords for %s: %v", email, got)
		}
	}
}

// A guess whose client has hung up counts if it was compared.
func TestHangingUpDoesNotHelp(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, behindProxy)
	s.Clock.Stop()
	at(s, "192.0.2.1").SignUp("ann@example.test")
	deadline := time.Now().Add(30 * time.Second)
	for s.Count("select coalesce(sum(cardinality(tried_at) - open), 0) from sallyport.attempt") < 10 {
		if time.Now().After(deadline) {
			t.Fatal("guesses of clients that hang up are not counted")
		}
		c := at(s, "198.51.100.1")
		r := c.Request(http.MethodPost, "/sign-in/email", "application/json", `{"email":"ann@example.test","password":"not the password"}`)
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
		_, _ = c.Try(r.WithContext(ctx))
		cancel()
	}
	at(s, "203.0.113.1").Post("/sign-in/email", wrong("ann@example.test")).Is(http.StatusTooManyRequests)
}

// Rows tell nothing about whose they are, and are alike for everybody.
func TestCountersHoldNoNames(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, behindProxy)
	at(s, "192.0.2.1").SignUp("ann@example.test")
	at(s, "198.51.100.1").Post("/sign-in/email", wrong("ann@example.test"))
	at(s, "198.51.100.1").Post("/sign-in/email", wrong("nobody@example.test"))
	if n := s.Count("select count(*) from sallyport.attempt where length(account) = 16 and length(address) = 0 and cardinality(tried_at) = 1 and open = 0"); n != 2 {
		t.Errorf("%d rows of that form, want 2", n)
	}
	if n := s.Count("select count(*) from sallyport.known_address where length(address) = 16"); n != 1 {
		t.Errorf("%d addresses are known, want that of the sign-up", n)
	}
}
