package core_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// How much Postgres is asked decides how much the server can do, so it is
// pinned: statements are counted as they pass.
func TestStatementsOfEachRequest(t *testing.T) {
	t.Parallel()
	wire := &authtest.Wire{}
	s := authtest.New(t, authtest.Starter+"session: {freshAge: 0}\n", authtest.Through(wire))
	c := s.Client()
	c.SignUp("ann@example.test")
	tests := []struct {
		name string
		do   func() *authtest.Answer
		want int
	}{
		{"get-session", func() *authtest.Answer { return c.Get("/get-session") }, 1},
		{"get-session of nobody", func() *authtest.Answer { return s.Client().Get("/get-session") }, 0},
		{"list-sessions", func() *authtest.Answer { return c.Get("/list-sessions") }, 2},
		{"list-accounts", func() *authtest.Answer { return c.Get("/list-accounts") }, 2},
		{"token", func() *authtest.Answer { return c.Get("/token") }, 1},
		{"jwks", func() *authtest.Answer { return c.Get("/jwks") }, 0},
		{"ok", func() *authtest.Answer { return c.Get("/ok") }, 0},
		{"sign-in", func() *authtest.Answer { return s.Client().Post("/sign-in/email", credentials("ann@example.test")) }, 4},
		{"sign-out", func() *authtest.Answer { return s.Client().Post("/sign-out", "{}") }, 0},
	}
	for _, tt := range tests {
		quiet := func() int {
			before := wire.Statements()
			tt.do().Is(http.StatusOK)
			return wire.Statements() - before
		}
		quiet() // prepares the statement
		// Keys are looked at in the background from time to time; the fewest of
		// some tries is what the request itself takes.
		fewest := quiet()
		for range 2 {
			fewest = min(fewest, quiet())
		}
		if fewest != tt.want {
			t.Errorf("%s takes %d statements, want %d", tt.name, fewest, tt.want)
		}
	}
}

// The audit log is written with what it tells of: nothing that is one statement
// becomes two. A failed sign-in alone asks once more, as there is nothing that its
// row could be part of.
func TestTheAuditLogCostsNoStatements(t *testing.T) {
	t.Parallel()
	count := func(audit string) map[string]int {
		wire := &authtest.Wire{}
		s := authtest.New(t, authtest.Starter+"server: {audit: {enabled: "+audit+"}, throttle: off}\nsession: {freshAge: 0}\n"+
			"account: {accountLinking: {allowUnlinkingAll: true}}\n", authtest.Through(wire))
		asked := map[string]int{}
		steps := []struct {
			name string
			do   func(c *authtest.Client) *authtest.Answer
		}{
			{"get-session", func(c *authtest.Client) *authtest.Answer { return c.Get("/get-session") }},
			{"update-user", func(c *authtest.Client) *authtest.Answer {
				return c.Post("/update-user", map[string]any{"name": "New"})
			}},
			{"unlink-account", func(c *authtest.Client) *authtest.Answer {
				_, id, _ := strings.Cut(c.Get("/list-accounts").Text, `"id":"`)
				id, _, _ = strings.Cut(id, `"`)
				wire.Seen()
				return c.Post("/unlink-account", map[string]any{"accountId": id})
			}},
			{"revoke-other-sessions", func(c *authtest.Client) *authtest.Answer { return c.Post("/revoke-other-sessions", "{}") }},
			{"sign-out", func(c *authtest.Client) *authtest.Answer { return c.Post("/sign-out", "{}") }},
		}
		// Keys are looked at in the background from time to time; the fewest of
		// some tries is what the request itself takes.
		note := func(name string, do func() *authtest.Answer, status int) {
			wire.Seen()
			do().Is(status)
			if n := len(wire.Seen()); asked[name] == 0 || n < asked[name] {
				asked[name] = n
			}
		}
		for i := range 4 {
			c := s.Client()
			email := fmt.Sprintf("ann%d@example.test", i)
			note("sign-up", func() *authtest.Answer { return c.SignUp(email) }, http.StatusOK)
			note("sign-in", func() *authtest.Answer { return s.Client().Post("/sign-in/email", credentials(email)) }, http.StatusOK)
			note("failed sign-in", func() *authtest.Answer { return s.Client().Post("/sign-in/email", wrong(email)) }, http.StatusUnauthorized)
			for _, step := range steps {
				note(step.name, func() *authtest.Answer { return step.do(c) }, http.StatusOK)
			}
		}
		return asked
	}
	without, with := count("false"), count("true")
	t.Logf("statements without the log %v", without)
	without["failed sign-in"]++
	if !maps.Equal(with, without) {
		t.Errorf("with it    %v\nwant       %v", with, without)
	}
}
