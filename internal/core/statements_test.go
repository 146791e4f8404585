package core_test

import (
	"net/http"
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
