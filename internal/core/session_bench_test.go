package core_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// BenchmarkGetSession is everything that the server does for the answer, but for
// the network.
func BenchmarkGetSession(b *testing.B) {
	caching := authtest.Starter + "session: {cookieCache: {enabled: true}}\n"
	for name, of := range map[string]struct {
		yaml   string
		signed bool
	}{"database": {authtest.Starter, true}, "cookie cache": {caching, true}, "no cookie": {authtest.Starter, false}} {
		b.Run(name, func(b *testing.B) {
			s := authtest.New(b, of.yaml)
			cookies := ""
			if of.signed {
				cookies = signedIn(b, s)
			}
			r := httptest.NewRequest(http.MethodGet, s.Base+"/get-session", nil)
			r.Header.Set("Cookie", cookies)
			handler := s.Server.Handler()
			b.ReportAllocs()
			for b.Loop() {
				w := httptest.NewRecorder()
				handler.ServeHTTP(w, r)
				if w.Code != http.StatusOK || strings.Contains(w.Body.String(), `"token"`) != of.signed {
					b.Fatal(w.Code, w.Body)
				}
			}
		})
	}
}

// signedIn gives the cookies of somebody new.
func signedIn(b *testing.B, s *authtest.Server) string {
	b.Helper()
	c := s.Client()
	c.SignUp("reader@example.com")
	if a := c.Get("/get-session"); a.Status != http.StatusOK {
		b.Fatal(a.Text)
	}
	cookies := "better-auth.session_token=" + c.Cookie("session_token")
	if data := c.Cookie("session_data"); data != "" {
		cookies += "; better-auth.session_data=" + data
	}
	return cookies
}

// BenchmarkSessionJSON is the body of that answer, made of a session and its user.
func BenchmarkSessionJSON(b *testing.B) {
	s := authtest.New(b, authtest.Starter)
	signedIn(b, s)
	user, err := s.Server.Auth.Store.UserByEmail(b.Context(), "reader@example.com")
	if err != nil {
		b.Fatal(err)
	}
	sessions, err := s.Server.Auth.Store.ListSessions(b.Context(), user.ID, s.Clock.Now(), 1)
	if err != nil || len(sessions) != 1 {
		b.Fatal(sessions, err)
	}
	b.ReportAllocs()
	for b.Loop() {
		body := api.Object{
			{Key: "session", Value: s.Server.Auth.SessionOutput(sessions[0])},
			{Key: "user", Value: s.Server.Auth.UserOutput(user)},
		}
		if _, err := api.JSON(body); err != nil {
			b.Fatal(err)
		}
	}
}
