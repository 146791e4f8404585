package twofactor_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/plugin/twofactor"
)

// newServer runs a server whose second factor has these options.
func newServer(t *testing.T, options string, more ...authtest.Option) *authtest.Server {
	t.Helper()
	s := authtest.New(t, configuration(options), more...)
	return s
}

func configuration(options string) string {
	return "emailAndPassword: {enabled: true}\nrateLimit: {enabled: false}\nplugins: {twoFactor: {" + options + "}}\n"
}

// person is somebody in a session, with what /two-factor/enable has answered.
type person struct {
	*authtest.Client
	t     *testing.T
	s     *authtest.Server
	email string
	uri   string
	codes []string
}

func signUp(t *testing.T, s *authtest.Server, name string) *person {
	t.Helper()
	p := &person{Client: s.Client(), t: t, s: s, email: name + "@example.test"}
	p.SignUp(p.email)
	return p
}

// setUp begins to set up an authenticator app.
func (p *person) setUp() *person {
	p.t.Helper()
	out := p.Post("/two-factor/enable", password(authtest.Password)).Is(http.StatusOK).JSON()
	p.take(out)
	return p
}

func (p *person) take(out map[string]any) {
	p.t.Helper()
	p.uri, _ = out["totpURI"].(string)
	p.codes = nil
	codes, _ := out["backupCodes"].([]any)
	for _, code := range codes {
		p.codes = append(p.codes, code.(string))
	}
}

// code is what the app shows, so many steps from now.
func (p *person) code(steps int) string {
	p.t.Helper()
	return twofactor.CodeAt(p.t, p.uri, p.s.Clock.Now().Add(time.Duration(steps)*30*time.Second))
}

// verify gives a code of the app.
func (p *person) verify(code string) *authtest.Answer {
	p.t.Helper()
	return p.Post("/two-factor/verify-totp", map[string]any{"code": code})
}

func password(text string) map[string]any { return map[string]any{"password": text} }

// withApp is signUp of somebody who has set up an app. The clock stands, so that
// no step of time ends in the middle of a test.
func withApp(t *testing.T, s *authtest.Server, name string) *person {
	t.Helper()
	s.Clock.Stop()
	p := signUp(t, s, name).setUp()
	p.verify(p.code(-1)).Is(http.StatusOK)
	return p
}

// isOn tells whether the session's user has a second factor.
func (p *person) isOn() bool {
	p.t.Helper()
	return strings.Contains(p.Get("/get-session?disableCookieCache=true").Is(http.StatusOK).Text, `"twoFactorEnabled":true`)
}

func encode(t *testing.T, body any) string {
	t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
