package server_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

func TestReadiness(t *testing.T) {
	t.Parallel()
	wire := &authtest.Wire{}
	s := authtest.New(t, authtest.Starter, authtest.Through(wire))
	ready := func(status int, reason string) {
		t.Helper()
		a := ask(s, "/readyz", nil).Is(status)
		if !strings.Contains(a.Text, reason) || (status == http.StatusOK) != (a.Header.Get("Retry-After") == "") {
			t.Errorf("answered %q %v", a.Text, a.Header)
		}
		// Whatever is wrong around it, the process lives.
		ask(s, "/livez", nil).Is(http.StatusOK)
	}
	ready(http.StatusOK, "ok")
	wire.Cut()
	ready(http.StatusServiceUnavailable, "database")
	wire.Mend()
	ready(http.StatusOK, "ok")
	s.Clock.Advance(29 * time.Second)
	ready(http.StatusOK, "ok")
	s.Clock.Advance(2 * time.Second)
	ready(http.StatusServiceUnavailable, "the clock of this machine is 31s off the database's")
	s.Clock.Advance(-62 * time.Second)
	ready(http.StatusServiceUnavailable, "the clock of this machine is -31s off the database's")
}

// Probes have no limit, so that they must not take the connections of others.
func TestACrowdOfProbesTakesOneConnection(t *testing.T) {
	t.Parallel()
	wire := &authtest.Wire{}
	s := authtest.New(t, authtest.Starter, authtest.Through(wire))
	ask(s, "/readyz", nil).Is(http.StatusOK)
	before := wire.Statements()
	wire.Delay(time.Second)
	authtest.Together(50, func(int) {
		r, err := http.Get(s.URL + "/readyz")
		if err != nil {
			t.Error(err)
			return
		}
		if _ = r.Body.Close(); r.StatusCode != http.StatusOK {
			t.Errorf("answered %s", r.Status)
		}
	})
	if n := wire.Statements() - before; n > 5 {
		t.Errorf("50 probes at once made %d statements", n)
	}
}

// A database that is away is told as what it is: nobody is signed out by it.
func TestAnAbsentDatabaseSignsNobodyOut(t *testing.T) {
	t.Parallel()
	wire := &authtest.Wire{}
	s := authtest.New(t, authtest.Starter, authtest.Through(wire))
	c := s.Client()
	c.SignUp("ann@example.test")
	wire.Cut()
	body := map[string]any{"email": "ann@example.test", "password": authtest.Password, "name": "Ann", "token": "t"}
	for _, answer := range []*authtest.Answer{
		c.Get("/get-session"), c.Get("/list-sessions"), c.Get("/token"), c.Post("/revoke-session", body), c.Post("/revoke-sessions", body),
		c.Post("/sign-in/email", body), c.Post("/sign-up/email", body), c.Post("/sign-out", body),
	} {
		answer.Code(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE")
		if answer.Header.Get("Retry-After") == "" || answer.Header.Get("Set-Cookie") != "" {
			t.Errorf("headers %v", answer.Header)
		}
	}
	wire.Mend()
	if c.Get("/get-session").Is(http.StatusOK).Text == "null" {
		t.Error("the session is gone")
	}
}

// A request ends at its deadline however long the database would take, and
// leaves nothing behind there.
func TestTheDeadlineOfARequest(t *testing.T) {
	t.Parallel()
	patient := authtest.New(t, authtest.Starter)
	s := authtest.New(t, authtest.Starter+"server: {timeouts: {request: 1}}\n", authtest.Beside(patient))
	cookie := map[string]string{"Cookie": signedIn(patient, "ann@example.test")}
	conn, err := pgx.Connect(t.Context(), s.Database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(t.Context()) }()
	if _, err := conn.Exec(t.Context(), `begin; lock table session in access exclusive mode`); err != nil {
		t.Fatal(err)
	}
	a := sent{http.MethodGet, "/get-session", cookie, ""}.send(s).Code(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE")
	if a.Header.Get("Retry-After") == "" {
		t.Errorf("headers %v", a.Header)
	}
	if n := s.Count(`select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`); n != 0 {
		t.Errorf("%d statements still wait", n)
	}
	if _, err := conn.Exec(t.Context(), `rollback`); err != nil {
		t.Fatal(err)
	}
	if (sent{http.MethodGet, "/get-session", cookie, ""}).send(patient).Is(http.StatusOK).Text == "null" {
		t.Error("the session is gone")
	}
}
