package server_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

const byUser = `emailAndPassword: {enabled: true}
rateLimit: {enabled: true, customRules: {/ok: {window: 60, max: 2, by: user}, /error: false, /sign-up/**: false, /sign-in/**: false}}
plugins: {bearer: {}}
`

// as asks for /ok with a header, from an address.
func as(s *authtest.Server, address, name, value string) int {
	return sent{http.MethodGet, "/ok", map[string]string{"X-Forwarded-For": address, name: value}, ""}.send(s).Status
}

// A user is counted by whatever carries the session, and at every address.
func TestAUserIsCountedByTheSession(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, byUser)
	c := s.Client()
	token := c.SignUp("ann@example.com").Header.Get("set-auth-token")
	cookie := s.Server.Auth.SessionCookieName() + "=" + c.Cookie("session_token")
	second := s.Client()
	second.Post("/sign-in/email", map[string]any{"email": "ann@example.com", "password": authtest.Password}).Is(http.StatusOK)
	for i, got := range []int{
		as(s, "192.0.2.1", "Cookie", cookie),
		as(s, "192.0.2.2", "Authorization", "Bearer "+token),
		as(s, "192.0.2.3", "Authorization", "Bearer "+token[:strings.IndexByte(token, '.')]),
		as(s, "192.0.2.4", "Cookie", s.Server.Auth.SessionCookieName()+"="+second.Cookie("session_token")),
	} {
		if want := map[bool]int{true: 200, false: 429}[i < 2]; got != want {
			t.Errorf("request %d: %d, want %d", i, got, want)
		}
	}
	// The addresses themselves have not been used up.
	if got := as(s, "192.0.2.1", "X", ""); got != http.StatusOK {
		t.Errorf("without a session: %d", got)
	}
}

// What is no live session is nobody: no client can choose a counter.
func TestWhoIsNoUserIsCountedByAddress(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, byUser)
	c := s.Client()
	c.SignUp("ann@example.com")
	name := s.Server.Auth.SessionCookieName() + "="
	ended := c.Cookie("session_token")
	c.Post("/sign-out", "{}").Is(http.StatusOK)
	old := s.Client()
	old.Post("/sign-in/email", map[string]any{"email": "ann@example.com", "password": authtest.Password}).Is(http.StatusOK)
	expired := old.Cookie("session_token")
	s.Clock.Advance(8 * 24 * time.Hour)
	for i, header := range [][2]string{
		{"Cookie", name + ended},
		{"Cookie", name + expired},
		{"Cookie", name + "made-up"},
		{"Cookie", name + "made.up"},
		{"Authorization", "Bearer made-up"},
		{"Authorization", "Bearer \x00"},
		{"Cookie", name + "%00.x"},
		{"Authorization", "Bearer another"},
	} {
		got := as(s, "192.0.2.1", header[0], strings.ReplaceAll(header[1], "\x00", "%00"))
		if want := map[bool]int{true: 200, false: 429}[i < 2]; got != want {
			t.Errorf("%q: %d, want %d", header, got, want)
		}
	}
}

// Finding the user takes one statement, and only where a rule counts users; no
// path without a limit takes any.
func TestStatementsOfALimit(t *testing.T) {
	t.Parallel()
	for storage, counting := range map[string]int{"memory": 0, "database": 1} {
		wire := &authtest.Wire{}
		s := authtest.New(t, strings.Replace(byUser, "enabled: true, customRules", "enabled: true, storage: "+storage+", customRules", 1), authtest.Through(wire))
		c := s.Client()
		c.SignUp("ann@example.com")
		for path, want := range map[string]int{"/ok": counting + 1, "/error": 0, "/sign-in/nothing": 0, "/nothing": 0} {
			before := wire.Statements()
			c.Get(path)
			if got := wire.Statements() - before; got != want {
				t.Errorf("%s, %s: %d statements, want %d", storage, path, got, want)
			}
		}
		before := wire.Statements()
		s.Client().Get("/ok")
		if got := wire.Statements() - before; got != counting {
			t.Errorf("%s, no session: %d statements, want %d", storage, got, counting)
		}
	}
}

// Users are counted even where addresses are not tracked, and nobody else is.
func TestUsersAreCountedWithoutAddresses(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, byUser+"advanced: {ipAddress: {disableIpTracking: true}}\n")
	c := s.Client()
	c.SignUp("ann@example.com")
	for i, want := range []int{200, 200, 429} {
		c.Get("/ok").Is(want)
		if got := s.Client().Get("/ok").Status; got != http.StatusOK {
			t.Errorf("request %d without a session: %d", i, got)
		}
	}
}

// A path has one counter, however it is spelled.
func TestSpellingsOfAPath(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, "rateLimit: {enabled: true, window: 60, max: 1}\n")
	for _, group := range [][]string{
		{"/ok", "/ok/", "/ok//", "/./ok", "/x/../ok", "/%2e/ok", "/ok?x=1", `\ok`},
		{"/a<b", "/a%3Cb"},
		{`/a"b`, "/a%22b"},
		{"/a{b}", "/a%7Bb%7D"},
		{"/a`b", "/a%60b"},
		{"/\xe4", "/%C3%A4"},
		{"/%6Fk"},
		{"/%6fk"},
		{"/OK"},
		{"//ok"},
		{"/a|b"},
		{"/a^b"},
	} {
		for i, path := range group {
			status := raw(t, s, "/api/auth"+path)
			if limited := status == http.StatusTooManyRequests; limited != (i > 0) {
				t.Errorf("%s: %d", path, status)
			}
		}
	}
}

// raw gives the status of a GET whose target is sent as it stands.
func raw(t *testing.T, s *authtest.Server, target string) int {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: auth.test\r\nConnection: close\r\n\r\n", target); err != nil {
		t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%s: %v", target, err)
	}
	_ = answer.Body.Close()
	return answer.StatusCode
}
