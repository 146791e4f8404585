package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// What could not work ends the start, as in the original.
func TestCookieCachesThatCannotBe(t *testing.T) {
	t.Parallel()
	const plugin = "plugins: {jwt: {sessionCookieCache: true}}\n"
	for options, want := range map[string]string{
		plugin: "plugins.jwt: sessionCookieCache: session.cookieCache.strategy must be jwt, not compact",
		plugin + "session: {cookieCache: {enabled: true, strategy: jwe}}\n": "strategy must be jwt, not jwe",
		"session: {cookieCache: {enabled: true, maxAge: 401d}}\n":           "Max-Age 34646400 is over 34560000 seconds (400 days)",
		plugin + "session: {cookieCache: {strategy: jwt}}\n":                "",
	} {
		err := authtest.Start(t, authtest.Config(t, "baseURL: https://auth.test\n"+options))
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s\n got %v\nwant %s", options, err, want)
		}
	}
}

// A copy of a session opens no route that changes something or tells of other
// sessions: those ask the database whether the session still counts, however
// fresh the copy is.
func TestNoRouteThatMattersBelievesACopyOfASession(t *testing.T) {
	t.Parallel()
	s := authtest.New(t, everyPlugin()+"rateLimit: {enabled: false}\nsession: {cookieCache: {enabled: true}, additionalFields: {note: {type: string, required: false}}}\n")
	body := map[string]any{ // what the routes want, all in one
		"token": "x", "password": authtest.Password, "currentPassword": authtest.Password, "newPassword": authtest.Password,
		"newEmail": "new@example.test", "providerId": "x", "accountId": "x", "name": "Mallory", "note": "x",
		"userId": "x", "sessionToken": "x", "role": "user", "email": "other@example.test",
		"provider": "github", "data": map[string]any{"name": "x"}, "permissions": map[string]any{"user": []string{"list"}},
	}
	walked := 0
	for _, routes := range server.Routes(s.Server) {
		for _, r := range routes {
			if r.Access == api.Public || r.Access == api.SignedIn && r.Method == http.MethodGet {
				continue
			}
			walked++
			c := s.Client()
			token := c.SignUp(strings.ToLower(strings.ReplaceAll(r.Path[1:], "/", "-")) + "@example.test").JSON()["token"].(string)
			s.Exec(`delete from session where token = $1`, token)
			if c.Get("/get-session").Text == "null" {
				t.Fatal("the copy does not count where it may")
			}
			answer := c.Get(r.Path + "?id=x")
			if r.Method == http.MethodPost {
				answer = c.Post(r.Path, body)
			}
			if answer.Status != http.StatusUnauthorized {
				t.Errorf("%s %s: %d %s", r.Method, r.Path, answer.Status, answer.Text)
			}
		}
	}
	if walked < 10 {
		t.Errorf("only %d routes", walked)
	}
}
