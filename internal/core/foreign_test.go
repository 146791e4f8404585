package core_test

import (
	"net/http"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// Rows that another program has written, or damaged, shut out the user they
// belong to and nobody else.
func TestPasswordsThatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	s.Client().SignUp("ann@example.test")
	s.Client().SignUp("bob@example.test")
	const ofAnn = ` where "userId" = (select id from "user" where email = 'ann@example.test')`
	for _, damage := range []string{
		`update account set password = null`,
		`update account set password = ''`,
		`update account set password = 'rubbish'`,
		`update account set password = ':'`,
		`update account set password = 'zz:' || repeat('0', 128)`,
		`update account set password = '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy'`,
		`update account set "providerId" = 'github'`,
		`update account set "accountId" = 'another'`,
		`delete from account`,
	} {
		s.Exec(damage + ofAnn)
		a := s.Client().Post("/sign-in/email", credentials("ann@example.test"))
		if a.Status != http.StatusUnauthorized || a.JSON()["code"] != "INVALID_EMAIL_OR_PASSWORD" {
			t.Errorf("%s: %d %s", damage, a.Status, a.Text)
		}
	}
	s.Client().Post("/sign-in/email", credentials("bob@example.test")).Is(http.StatusOK)
}

func TestSessionWhoseUserIsGone(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c, bob := s.Client(), s.Client()
	c.SignUp("ann@example.test")
	bob.SignUp("bob@example.test")
	cookie := s.Server.Auth.SessionCookieName() + "=" + c.Cookie("session_token")
	s.Exec(`alter table session drop constraint "session_userId_fkey"`)
	s.Exec(`delete from account where "userId" = (select id from "user" where email = 'ann@example.test')`)
	s.Exec(`delete from "user" where email = 'ann@example.test'`)
	r := s.Client().Request(http.MethodGet, "/list-sessions", "", "")
	r.Header.Set("Cookie", cookie)
	s.Client().Send(r).Code(http.StatusUnauthorized, "UNAUTHORIZED")
	a := c.Get("/get-session").Is(http.StatusOK)
	if a.Text != "null" {
		t.Errorf("got %s", a.Text)
	}
	cleared(t, a)
	if !in(bob) {
		t.Error("somebody else's session is gone too")
	}
}

// A session row with nothing in the columns that may be empty is a session.
func TestSessionOfAnotherProgram(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c := s.Client()
	c.SignUp("ann@example.test")
	s.Exec(`update session set "ipAddress" = null, "userAgent" = null`)
	session := part(t, c.Get("/get-session"), "session")
	if ip, told := session["ipAddress"]; !told || ip != nil || session["userAgent"] != nil {
		t.Errorf("session %v", session)
	}
}

// The user may go between the password check and the session: that is no fault
// of the server.
func TestUserWhoGoesWhileSigningIn(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	s.Client().SignUp("ann@example.test")
	s.Exec(`create function leave() returns trigger language plpgsql as
		$$ begin delete from "user" where id = new."userId"; return new; end $$`)
	s.Exec(`create trigger leave before insert on session for each row execute function leave()`)
	s.Client().Post("/sign-in/email", credentials("ann@example.test")).Code(http.StatusUnauthorized, "FAILED_TO_CREATE_SESSION")
	if n := s.Count(`select count(*) from session`); n != 1 { // that of the sign-up
		t.Errorf("%d sessions", n)
	}
}
