package server_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// sent is one request, written out.
type sent struct {
	method, path string
	header       map[string]string
	body         string
}

// send sends it to the API, with no cookie and no Origin but those it names.
func (q sent) send(s *authtest.Server) *authtest.Answer {
	r := s.Client().Request(q.method, q.path, "", q.body)
	r.Header = http.Header{}
	for name, value := range q.header {
		r.Header.Set(name, value)
	}
	return s.Client().Send(r)
}

// told is status and code of an answer, or its text where there is no code.
func told(t *testing.T, a *authtest.Answer) string {
	t.Helper()
	if a.Header.Get("Content-Type") == "application/json" && a.Text != "" {
		if code, ok := a.JSON()["code"]; ok {
			return fmt.Sprint(a.Status, " ", code)
		}
	}
	return fmt.Sprint(a.Status, " ", a.Text)
}

// signedIn gives the Cookie header of a new user.
func signedIn(s *authtest.Server, email string) string {
	c := s.Client()
	c.SignUp(email)
	return s.Server.Auth.SessionCookieName() + "=" + c.Cookie("session_token")
}
