package core_test

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// lastEvent gives the newest row of the log, which must be of that event.
func lastEvent(t *testing.T, s *authtest.Server, event string) authtest.Event {
	t.Helper()
	events := s.Events()
	if len(events) == 0 || events[len(events)-1].Event != event {
		t.Fatalf("no %s at the end of %+v", event, events)
	}
	return events[len(events)-1]
}

// A row says who did what to whom, from where, in which session and request.
func TestSignInAndOutAreInTheLog(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	s.Client().SignUp("ann@example.test")
	c := s.Client()
	c.Header.Set("User-Agent", strings.Repeat("é", 300))
	in := c.Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusOK)
	user := part(t, in, "user")["id"].(string)
	session := part(t, c.Get("/get-session"), "session")["id"].(string)
	signedIn := lastEvent(t, s, "sign-in")
	if id := in.Header.Get("X-Request-Id"); id == "" || signedIn.RequestID != id {
		t.Errorf("request %q, want %q as the answer has it", signedIn.RequestID, id)
	}
	signedIn.ID, signedIn.RequestID = "", ""
	want := authtest.Event{
		Event: "sign-in", Outcome: "success", Via: "http", Route: "/sign-in/email", ActorID: user, SessionID: session, UserID: user,
		Address: "127.0.0.1", UserAgent: strings.Repeat("Ã©", 64), Details: map[string]any{},
	}
	if !reflect.DeepEqual(signedIn, want) {
		t.Errorf("got %+v\nwant %+v", signedIn, want)
	}
	c.Post("/sign-out", "{}").Is(http.StatusOK)
	signedOut := lastEvent(t, s, "sign-out")
	signedOut.ID, signedOut.RequestID = "", ""
	want.Event, want.Route = "sign-out", "/sign-out"
	if !reflect.DeepEqual(signedOut, want) {
		t.Errorf("got %+v\nwant %+v", signedOut, want)
	}
	before := len(s.Events())
	s.Client().Post("/sign-out", "{}").Is(http.StatusOK)
	if n := len(s.Events()); n != before {
		t.Errorf("%d rows tell of the end of no session", n-before)
	}
}

// A failed sign-in says why, and of whom if the address is known. What was typed
// is nowhere.
func TestFailedSignInsAreInTheLog(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, "emailAndPassword: {enabled: true, requireEmailVerification: true}\nrateLimit: {enabled: false}\n")
	s.Client().SignUp("ann@example.test")
	ann := ""
	for _, tt := range []struct {
		email, password, outcome, reason string
		known                            bool
	}{
		{"nobody@example.test", "not the password", "failure", "INVALID_EMAIL_OR_PASSWORD", false},
		{"ann@example.test", "not the password", "failure", "INVALID_EMAIL_OR_PASSWORD", true},
		{"ann@example.test", authtest.Password, "refused", "EMAIL_NOT_VERIFIED", true},
	} {
		s.Client().Post("/sign-in/email", map[string]any{"email": tt.email, "password": tt.password})
		e := lastEvent(t, s, "sign-in")
		if e.Outcome != tt.outcome || e.Reason != tt.reason || (e.UserID != "") != tt.known || e.ActorID+e.SessionID != "" || e.Address != "127.0.0.1" {
			t.Errorf("%s: %+v", tt.email, e)
		}
		if strings.Contains(fmt.Sprint(e), "@") {
			t.Errorf("an address of mail is in %+v", e)
		}
		ann = e.UserID
	}
	if n := s.Count(`select count(*) from "user" where id = $1`, ann); n != 1 {
		t.Errorf("the user of the row is %q", ann)
	}
}

// The row and the change are one: without the log nobody is let in or out, and
// the answer is that of any failure of the database.
func TestNothingHappensThatCannotBeWrittenDown(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, authtest.Starter)
	c := s.Client()
	c.SignUp("ann@example.test")
	s.Exec("alter table sallyport.audit rename to elsewhere")
	for _, ask := range []func() *authtest.Answer{
		func() *authtest.Answer { return s.Client().Post("/sign-in/email", credentials("ann@example.test")) },
		func() *authtest.Answer { return s.Client().Post("/sign-in/email", credentials("bob@example.test")) },
		func() *authtest.Answer { return s.Client().Post("/sign-up/email", newcomer("bob@example.test")) },
		func() *authtest.Answer { return c.Post("/sign-out", "{}") },
	} {
		if a := ask(); a.Status != http.StatusInternalServerError || a.Text != "" || len(a.Header["Set-Cookie"]) > 0 {
			t.Errorf("%d %s %v", a.Status, a.Text, a.Header)
		}
	}
	if n := s.Count(`select (select count(*) from session) * 10 + (select count(*) from "user")`); n != 11 {
		t.Errorf("sessions and users: %d, want 1 and 1", n)
	}
	s.Exec("alter table sallyport.elsewhere rename to audit")
	c.Post("/sign-out", "{}").Is(http.StatusOK)
}

// Refused guesses are one row a second, which says for how many it stands, and
// all are counted.
func TestRefusedGuessesShareARow(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, behindProxy)
	s.Clock.Stop()
	c := at(s, "192.0.2.1")
	c.SignUp("ann@example.test")
	exhaust(s, "ann@example.test")
	refused := func(n int, event string) authtest.Event {
		t.Helper()
		events := slices.DeleteFunc(s.Events(), func(e authtest.Event) bool { return e.Outcome != "refused" })
		if len(events) != n || events[n-1].Event != event || events[n-1].Reason != "TOO_MANY_REQUESTS" {
			t.Fatalf("%+v, want %d rows, %s last", events, n, event)
		}
		return events[n-1]
	}
	guess := func() {
		at(s, "203.0.113.1").Post("/sign-in/email", wrong("ann@example.test")).Is(http.StatusTooManyRequests)
	}
	for range 5 {
		guess()
	}
	if e := refused(1, "sign-in"); e.Address != "203.0.113.1" || e.UserID != "" || fmt.Sprint(e.Details["times"]) != "1" {
		t.Errorf("%+v", e)
	}
	s.Clock.Advance(time.Second)
	for range 3 {
		at(s, "203.0.113.1").Post("/sign-in/email", wrong("ann@example.test"))
	}
	if e := refused(2, "sign-in"); fmt.Sprint(e.Details["times"]) != "5" {
		t.Errorf("the next row stands for %v, want the four before and itself", e.Details["times"])
	}
	for range 10 {
		c.Post("/verify-password", map[string]any{"password": "not the password"})
	}
	s.Clock.Advance(10 * time.Second)
	for range 2 {
		c.Post("/verify-password", map[string]any{"password": "not the password"})
	}
	if e := refused(3, "password-check"); e.UserID == "" || e.UserID != e.ActorID {
		t.Errorf("%+v", e)
	}
}
