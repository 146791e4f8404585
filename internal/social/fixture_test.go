package social_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

// base is a deployment with GitHub; further options are laid beside it.
const base = `
emailAndPassword: {enabled: true}
rateLimit: {enabled: false}
`

const github = "socialProviders: {github: {clientId: app, clientSecret: app-secret}}\n"

// world is a server and the providers that it asks.
type world struct {
	t   *testing.T
	s   *authtest.Server
	idp *idptest.Server
}

func newWorld(t *testing.T, yaml string, options ...authtest.Option) *world {
	t.Helper()
	idp := idptest.New(t)
	return &world{t, authtest.New(t, base+yaml, append(options, authtest.Outbound(idp.Transport()))...), idp}
}

// beside is a second server on the same database, with the same providers.
func (w *world) beside(yaml string) *world {
	w.t.Helper()
	s := authtest.New(w.t, base+yaml+"baseURL: "+w.s.Server.Auth.Origin+"\n", authtest.Beside(w.s), authtest.Outbound(w.idp.Transport()))
	return &world{w.t, s, w.idp}
}

// begin starts a flow and gives where the browser comes back to, as a path of the
// API.
func (w *world) begin(c *authtest.Client, path string, body map[string]any, script idptest.Script) (back string) {
	w.t.Helper()
	if body["callbackURL"] == nil {
		body["callbackURL"], body["errorCallbackURL"] = "/home", "/failed"
	}
	if body["provider"] == nil {
		body["provider"] = "github"
	}
	address, _ := c.Post(path, body).Is(200).JSON()["url"].(string)
	landing, err := w.idp.Browse(w.t.Context(), address, script)
	if err != nil {
		w.t.Fatal(err)
	}
	_, back, _ = strings.Cut(landing.Address, "/api/auth")
	return back
}

// signIn goes through a sign-in and gives where the browser is sent in the end.
func (w *world) signIn(c *authtest.Client, script idptest.Script, body map[string]any) (location string) {
	w.t.Helper()
	if body == nil {
		body = map[string]any{}
	}
	return w.arrive(c, w.begin(c, "/sign-in/social", body, script))
}

func (w *world) link(c *authtest.Client, script idptest.Script, body map[string]any) (location string) {
	w.t.Helper()
	if body == nil {
		body = map[string]any{}
	}
	return w.arrive(c, w.begin(c, "/link-social", body, script))
}

func (w *world) arrive(c *authtest.Client, back string) string {
	w.t.Helper()
	a := c.Get(back).Is(302)
	if a.Text != "" {
		w.t.Errorf("the redirect has a body: %s", a.Text)
	}
	return a.Header.Get("Location")
}

// who is signed in, by the address; empty for nobody.
func who(c *authtest.Client) string {
	a := c.Get("/get-session").Is(200)
	if a.Text == "null" {
		return ""
	}
	user, _ := a.JSON()["user"].(map[string]any)
	email, _ := user["email"].(string)
	return email
}

// person is a GitHub user with an address.
func person(login, email string, verified bool) idptest.Script {
	flag := "false"
	if verified {
		flag = "true"
	}
	return idptest.Script{
		Profile: []byte(`{"id":"` + login + `","login":"` + login + `"}`),
		Pages: map[string]json.RawMessage{
			"GET https://api.github.com/user/emails": json.RawMessage(`[{"email":"` + email + `","verified":` + flag + `,"primary":true}]`),
		},
	}
}

// state gives the state in a callback.
func state(back string) string {
	u, err := url.Parse(back)
	if err != nil {
		return ""
	}
	return u.Query().Get("state")
}
