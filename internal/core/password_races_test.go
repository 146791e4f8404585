package core_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// mailed is a configuration in which everything about passwords and addresses
// is mailed.
const mailed = `
emailAndPassword: {enabled: true, sendResetPassword: true, onPasswordReset: true}
emailVerification: {sendVerificationEmail: true, sendOnSignUp: true, autoSignInAfterVerification: true}
rateLimit: {enabled: false}
plugins: {jwt: {}}
`

// together sends one request many times at once to both servers, without
// cookies unless the request has some, and counts the answers.
func together(servers [2]*authtest.Server, request func(i int, c *authtest.Client) *http.Request) (*tally, []*authtest.Answer) {
	got, answers := &tally{}, make([]*authtest.Answer, crowd)
	clients, requests := make([]*authtest.Client, crowd), make([]*http.Request, crowd)
	for i := range crowd {
		clients[i] = servers[i%2].Client()
		requests[i] = request(i, clients[i])
	}
	authtest.Together(crowd, func(i int) {
		a, err := insist(clients[i], requests[i])
		got.add(a, err)
		answers[i] = a
	})
	return got, answers
}

// one fails the test unless one of the crowd was answered 200 and the others
// with that status.
func (y *tally) one(t *testing.T, others string) {
	t.Helper()
	if y.count["200"] != 1 || y.count[others] != crowd-1 {
		t.Errorf("answers %v, want one 200 and else %s", y.count, others)
	}
}

func TestManyResetsWithOneToken(t *testing.T) {
	t.Parallel()
	servers := twoServersWith(t, mailed)
	s := servers[0]
	s.Client().SignUp("ann@example.test")
	for range 2 { // the second token is taken back by the first one's use
		s.Client().Post("/request-password-reset", map[string]any{"email": "ann@example.test"}).Is(http.StatusOK)
	}
	token := s.LastMessage("sendResetPassword").Token()
	got, answers := together(servers, func(i int, c *authtest.Client) *http.Request {
		return c.Request(http.MethodPost, "/reset-password", "application/json", fmt.Sprintf(`{"token":%q,"newPassword":"new password %d"}`, token, i))
	})
	got.one(t, "400")
	losers := 0
	for i, a := range answers {
		if a == nil || a.Status != http.StatusOK {
			if losers++; losers > 3 {
				continue // a few speak for all
			}
		}
		status := s.Client().Post("/sign-in/email", map[string]any{"email": "ann@example.test", "password": fmt.Sprintf("new password %d", i)}).Status
		if won := a != nil && a.Status == http.StatusOK; won != (status == http.StatusOK) {
			t.Errorf("reset %d was answered %d, its password signs in with %d", i, a.Status, status)
		}
	}
	n := s.Count(`select (select count(*) from account) * 10 + (select count(*) from verification)`)
	if n != 10 {
		t.Errorf("accounts and tokens: %02d", n)
	}
	notices := 0
	for _, m := range s.Messages() {
		if m.Event == "onPasswordReset" {
			notices++
		}
	}
	if notices != 1 {
		t.Errorf("%d notices", notices)
	}
}

// Whoever opens a link that signs in first is let in, and nobody else.
func TestManyClicksOnOneLink(t *testing.T) {
	t.Parallel()
	servers := twoServersWith(t, mailed)
	s := servers[0]
	s.Client().SignUp("ann@example.test")
	s.Exec("delete from session")
	token := s.LastMessage("sendVerificationEmail").Token()
	got, answers := together(servers, func(_ int, c *authtest.Client) *http.Request {
		return c.Request(http.MethodGet, "/verify-email?token="+token, "", "")
	})
	entered := 0
	for _, a := range answers {
		if a != nil && cookieLine(t, a, "session_token") != "" {
			entered++
		}
	}
	if got.count["200"] != crowd || entered != 1 {
		t.Errorf("answers %v, %d of them with a session", got.count, entered)
	}
	if n := s.Count("select count(*) from session"); n != 1 {
		t.Errorf("%d sessions", n)
	}
	s.Exec(`update "user" set "emailVerified" = false`)
	if a := s.Client().Get("/verify-email?token=" + token).Is(http.StatusOK); cookieLine(t, a, "session_token") != "" {
		t.Error("a used link signs in again")
	}
}

func TestManyPasswordChangesFromOnePassword(t *testing.T) {
	t.Parallel()
	servers := twoServersWith(t, mailed)
	s := servers[0]
	first := s.Client()
	first.SignUp("ann@example.test")
	cookie := s.Server.Auth.SessionCookieName() + "=" + first.Cookie("session_token")
	got, _ := together(servers, func(i int, c *authtest.Client) *http.Request {
		r := c.Request(http.MethodPost, "/change-password", "application/json",
			fmt.Sprintf(`{"currentPassword":%q,"newPassword":"new password %d","revokeOtherSessions":false}`, authtest.Password, i))
		r.Header.Set("Cookie", cookie)
		return r
	})
	// Whoever comes when the password is another one already has guessed it wrongly,
	// and after ten of them the account is closed to more.
	if lost := got.count["400"] + got.count["429"]; got.count["200"] != 1 || lost != crowd-1 {
		t.Errorf("answers %v, want one 200 and else 400 or 429", got.count)
	}
}

// Where sign-up does not tell whether an address is taken, many at once are
// answered alike, and make one account.
func TestManyDiscreetSignUpsOfOneAddress(t *testing.T) {
	t.Parallel()
	servers := twoServersWith(t, "emailAndPassword: {enabled: true, requireEmailVerification: true, onExistingUserSignUp: true}\n"+
		"emailVerification: {sendVerificationEmail: true}\nrateLimit: {enabled: false}\nplugins: {jwt: {}}")
	got, answers := together(servers, func(i int, c *authtest.Client) *http.Request {
		return c.Request(http.MethodPost, "/sign-up/email", "application/json", fmt.Sprintf(`{"name":"R","email":%q,"password":%q}`, mixed(i), authtest.Password))
	})
	if got.count["200"] != crowd {
		t.Errorf("answers %v", got.count)
	}
	ids := map[any]bool{}
	for _, a := range answers {
		ids[part(t, a, "user")["id"]] = true
	}
	s := servers[0]
	n := s.Count(`select (select count(*) from "user") * 10 + (select count(*) from account)`)
	if n != 11 || len(ids) != crowd || len(s.Messages()) != crowd {
		t.Errorf("users and accounts %02d, %d ids, %d messages", n, len(ids), len(s.Messages()))
	}
	if n := s.Count("select count(*) from session"); n != 0 {
		t.Errorf("%d sessions", n)
	}
}
