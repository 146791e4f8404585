package core_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

const (
	deletable     = authtest.Starter + "user: {deleteUser: {enabled: true}}\n"
	mailedToo     = authtest.Starter + "user: {deleteUser: {enabled: true, sendDeleteAccountVerification: true}}\n"
	everythingOf  = `select (select count(*) from "user") * 1000 + (select count(*) from account) * 100 + (select count(*) from session) * 10 + (select count(*) from verification)`
	deletionEvent = "sendDeleteAccountVerification"
)

func TestDeletedUserLeavesNothing(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, deletable)
	c := s.Client()
	c.SignUp("ann@example.test")
	s.Client().Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusOK)
	linkSocial(s, "social", "")
	s.Exec(`insert into verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
		select 'v', 'reset-password:x', id, now() + interval '1 hour', now(), now() from "user"`)
	other := s.Client()
	other.SignUp("bob@example.test")
	a := c.Post("/delete-user", "{}").Is(http.StatusOK)
	cleared(t, a)
	if n := s.Count(everythingOf); n != 1110 {
		t.Errorf("users, accounts, sessions, values: %04d", n)
	}
	c.Post("/delete-user", "{}").Code(http.StatusUnauthorized, "UNAUTHORIZED")
	other.Get("/list-accounts").Is(http.StatusOK)
}

func TestDeletionNeedsAFreshSessionOrThePassword(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, deletable+"session: {freshAge: 60}\n")
	c := s.Client()
	c.SignUp("ann@example.test")
	s.Clock.Advance(time.Minute)
	for body, code := range map[string]string{
		`{}`: "SESSION_EXPIRED", `{"password":""}`: "SESSION_EXPIRED", `{"password":"wrong horse"}`: "INVALID_PASSWORD",
	} {
		c.Post("/delete-user", body).Code(http.StatusBadRequest, code)
	}
	c.Post("/delete-user", map[string]any{"password": authtest.Password}).Is(http.StatusOK)
	if n := s.Count(everythingOf); n != 0 {
		t.Errorf("users, accounts, sessions, values: %04d", n)
	}
}

// mailDeletion has the server mail a deletion link to the client's user.
func mailDeletion(s *authtest.Server, c *authtest.Client) authtest.Message {
	c.Post("/delete-user", map[string]any{"callbackURL": "/bye?x=1"}).Is(http.StatusOK)
	return s.LastMessage(deletionEvent)
}

func TestDeletionByMail(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, mailedToo)
	c := s.Client()
	c.SignUp("ann@example.test")
	c.Post("/delete-user", map[string]any{"password": authtest.Password}).Is(http.StatusOK)
	m := mailDeletion(s, c)
	if m.Recipient != "ann@example.test" || len(s.Messages()) != 2 || s.Count(everythingOf) != 1112 {
		t.Errorf("to %s, %d messages, %04d", m.Recipient, len(s.Messages()), s.Count(everythingOf))
	}
	if want := s.Base + "/delete-user/callback?token=" + m.Token() + "&callbackURL=%2Fbye%3Fx%3D1"; m.URL() != want {
		t.Errorf("the link is %s, want %s", m.URL(), want)
	}
	a := c.Get(strings.TrimPrefix(m.URL(), s.Base)).Is(http.StatusFound)
	cleared(t, a)
	if to := a.Header.Get("Location"); to != "/bye?x=1" {
		t.Errorf("sent to %s", to)
	}
	if n := s.Count(everythingOf); n != 0 {
		t.Errorf("users, accounts, sessions, values: %04d", n)
	}
}

// A deletion link that somebody else opens is refused and stays good for its
// owner.
func TestDeletionLinkIsForItsOwnerOnly(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, mailedToo)
	ann, bob := s.Client(), s.Client()
	ann.SignUp("ann@example.test")
	bob.SignUp("bob@example.test")
	token := mailDeletion(s, ann).Token()
	for range 2 {
		bob.Get("/delete-user/callback?token="+token).Code(http.StatusNotFound, "INVALID_TOKEN")
		bob.Post("/delete-user", map[string]any{"token": token}).Code(http.StatusNotFound, "INVALID_TOKEN")
		s.Client().Get("/delete-user/callback?token="+token).Code(http.StatusNotFound, "FAILED_TO_GET_USER_INFO")
	}
	ann.Post("/delete-user", map[string]any{"token": token}).Is(http.StatusOK)
	if n := s.Count(`select count(*) from "user" where email = 'bob@example.test'`); n != 1 || s.Count(everythingOf) != 1110 {
		t.Errorf("users, accounts, sessions, values: %04d", s.Count(everythingOf))
	}
}

func TestDeletionLinkEnds(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter+"user: {deleteUser: {enabled: true, sendDeleteAccountVerification: true, deleteTokenExpiresIn: 60}}\n")
	c := s.Client()
	c.SignUp("ann@example.test")
	token := mailDeletion(s, c).Token()
	s.Clock.Advance(time.Minute)
	c.Get("/delete-user/callback?token="+token).Code(http.StatusNotFound, "INVALID_TOKEN")
	if n := s.Count(`select count(*) from "user"`); n != 1 {
		t.Errorf("%d users", n)
	}
}

// A value that was mailed for another purpose deletes nobody.
func TestOtherValuesDeleteNobody(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, deletable)
	c := s.Client()
	c.SignUp("ann@example.test")
	for i, identifier := range []string{"reset-password:token", "token", "delete-accounttoken", "delete-account-TOKEN"} {
		s.Exec(`insert into verification (id, identifier, value, "expiresAt", "createdAt", "updatedAt")
			select $1, $2, id, now() + interval '1 hour', now(), now() from "user"`, fmt.Sprint(i), identifier)
	}
	for _, token := range []string{"token", "reset-password:token", "-token", "", "%", "token\x00"} {
		body := fmt.Sprintf(`{"token":%q,"password":"wrong horse"}`, token)
		c.Post("/delete-user", strings.ReplaceAll(body, `\x00`, `\u0000`)).Code(http.StatusBadRequest, "INVALID_PASSWORD")
		if token != "" {
			body = fmt.Sprintf(`{"token":%q}`, token)
			c.Post("/delete-user", strings.ReplaceAll(body, `\x00`, `\u0000`)).Code(http.StatusNotFound, "INVALID_TOKEN")
		}
	}
	if n := s.Count(everythingOf); n != 1114 {
		t.Errorf("users, accounts, sessions, values: %04d", n)
	}
}

// Of many requests with one deletion token one deletes the user.
func TestManyUsesOfOneDeletionLink(t *testing.T) {
	t.Parallel()
	servers := twoServersWith(t, mailedToo)
	c := servers[0].Client()
	c.SignUp("ann@example.test")
	token := mailDeletion(servers[0], c).Token()
	cookie := servers[0].Server.Auth.SessionCookieName() + "=" + c.Cookie("session_token")
	bare := [2]*authtest.Client{servers[0].Client(), servers[1].Client()}
	requests := make([]*http.Request, crowd)
	for i := range crowd {
		if i/2%2 == 0 {
			requests[i] = bare[i%2].Request(http.MethodPost, "/delete-user", "application/json", fmt.Sprintf(`{"token":%q}`, token))
		} else {
			requests[i] = bare[i%2].Request(http.MethodGet, "/delete-user/callback?token="+token, "", "")
		}
		requests[i].Header.Set("Cookie", cookie)
	}
	var got tally
	authtest.Together(crowd, func(i int) { got.add(bare[i%2].Try(requests[i])) })
	if got.count["200"] != 1 || got.count["401"]+got.count["404"] != crowd-1 {
		t.Errorf("answers %v", got.count)
	}
	if n := servers[0].Count(everythingOf); n != 0 {
		t.Errorf("users, accounts, sessions, values: %04d", n)
	}
}
