package server_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
	"github.com/sallyport-auth/sallyport/internal/server"
)

// audited has a row for every route: the events that it writes, with their
// outcomes. One that writes none changes nothing that matters later, or says here
// why not. A new route must decide, that of a plugin in its effects_*_test.go.
var audited = map[string]string{
	"POST /sign-up/email":           "sign-up success",
	"POST /sign-in/email":           "sign-in failure, sign-in success, two-factor-asked success",
	"POST /sign-out":                "sign-out success",
	"GET /get-session":              "", // a session that goes on, or comes to its end, is no news
	"POST /get-session":             "",
	"GET /list-sessions":            "",
	"POST /revoke-session":          "session-revoked success",
	"POST /revoke-sessions":         "session-revoked success",
	"POST /revoke-other-sessions":   "session-revoked success",
	"POST /change-email":            "email-change-asked success",
	"POST /delete-user":             "password-check failure, user-deleted success, user-deletion-asked success",
	"GET /delete-user/callback":     "user-deleted success",
	"GET /list-accounts":            "",
	"POST /unlink-account":          "account-unlinked success",
	"GET /account-info":             "",
	"POST /get-access-token":        "", // tokens that are renewed let nobody in who was not in before
	"POST /refresh-token":           "",
	"POST /update-user":             "user-updated success",
	"POST /update-session":          "session-updated success",
	"POST /request-password-reset":  "password-reset-asked success",
	"GET /reset-password/{token}":   "",
	"POST /reset-password":          "password-reset success, session-revoked success",
	"POST /verify-password":         "password-check failure",
	"POST /change-password":         "password-changed success, password-check failure, session-revoked success, sign-in success",
	"POST /send-verification-email": "email-verification-asked success",
	"GET /verify-email":             "email-change-confirmed success, email-changed success, email-verified success, sign-in success",
	"GET /ok":                       "",
	"GET /error":                    "",
	"GET /open-api/generate-schema": "",
	"GET /reference":                "",
}

// visits are the flows of plugins.
var visits []func(*visitor)

// elsewhere are the events that commands and the server itself write, and that no
// route has to.
var elsewhere = []string{
	"server-started", "user-created", "user-role-set",
}

const everyFeature = `
emailAndPassword: {enabled: true, sendResetPassword: true, onPasswordReset: true, revokeSessionsOnPasswordReset: true}
emailVerification: {sendVerificationEmail: true, autoSignInAfterVerification: true}
user:
  changeEmail: {enabled: true, sendChangeEmailConfirmation: true}
  deleteUser: {enabled: true, sendDeleteAccountVerification: true}
  additionalFields: {nick: {type: string, required: false}}
session:
  additionalFields: {device: {type: string, required: false}}
account: {accountLinking: {allowUnlinkingAll: true}}
rateLimit: {enabled: false}
socialProviders: {github: {clientId: app, clientSecret: app-secret}}
plugins: {jwt: {}, bearer: {}, openAPI: {}, twoFactor: {otpOptions: {sendOTP: true}}, admin: {}, username: {}, oneTap: {clientId: app}, oauthPopup: {}, oAuthProxy: {}}
`

// Every route that changes something writes it down, every other writes nothing,
// and nothing of what was sent or received as a secret is in the log.
func TestEveryRouteDecidesWhatItWritesDown(t *testing.T) {
	t.Parallel()
	idp := idptest.New(t)
	s := authtest.New(t, everyFeature, authtest.Outbound(idp.Transport()))
	for plugin, routes := range server.Routes(s.Server) {
		for _, r := range routes {
			if _, decided := audited[r.Method+" "+r.Path]; !decided {
				t.Errorf("%s %s of %s is not in the list: does it change something?", r.Method, r.Path, plugin)
			}
		}
	}
	v := &visitor{t: t, s: s, idp: idp, sent: map[string]bool{}}
	v.visit()
	got := map[string]map[string]bool{}
	known := map[string]bool{}
	for _, kind := range server.AuditEvents() {
		known[string(kind.Name)] = true
	}
	unseen := maps.Clone(known)
	for _, e := range s.Events() {
		if !known[e.Event] {
			t.Errorf("%s is not among the events that are documented", e.Event)
		}
		if e.Via != "http" {
			continue
		}
		if got[e.Route] == nil {
			got[e.Route] = map[string]bool{}
		}
		got[e.Route][e.Event+" "+e.Outcome] = true
		if e.UserID == "" && !strings.HasSuffix(e.Reason, "_OR_PASSWORD") {
			t.Errorf("it does not say to whom: %+v", e)
		}
		delete(unseen, e.Event)
	}
	for route, want := range audited {
		method, path, _ := strings.Cut(route, " ")
		if method == http.MethodPost && path == "/get-session" {
			continue // its path is that of the other one
		}
		if have := strings.Join(slices.Sorted(maps.Keys(got[path])), ", "); have != want {
			t.Errorf("%s writes %q, want %q", route, have, want)
		}
	}
	for name := range unseen {
		if !slices.Contains(elsewhere, name) {
			t.Errorf("nothing here makes %s", name)
		}
	}
	v.findNothing()
}

// visitor goes through every flow and remembers what was secret in it.
type visitor struct {
	t    *testing.T
	s    *authtest.Server
	idp  *idptest.Server
	sent map[string]bool
}

// secret remembers texts that the log must not hold.
func (v *visitor) secret(texts ...string) {
	for _, text := range texts {
		if len(text) < 8 {
			v.t.Fatalf("%q is too short to look for", text)
		}
		v.sent[text] = true
	}
}

// findNothing looks for them.
func (v *visitor) findNothing() {
	v.t.Helper()
	for text := range v.sent {
		if n := v.s.Count("select count(*) from sallyport.audit a where strpos(a::text, $1) > 0", text); n > 0 {
			v.t.Errorf("%q is in %d rows of the log", text, n)
		}
	}
	for _, column := range []string{"session.token", "account.password", "verification.identifier", `"user".email`, `"user".name`} {
		table, name, _ := strings.Cut(column, ".")
		if n := v.s.Count("select count(*) from sallyport.audit a, " + table + " x where strpos(a::text, x." + name + ") > 0"); n > 0 {
			v.t.Errorf("a value of %s is in %d rows of the log", column, n)
		}
	}
}

// person is somebody with a browser.
type person struct {
	*authtest.Client
	email, password, token string
}

func (v *visitor) signUp(email string) *person {
	p := &person{Client: v.s.Client(), email: email, password: "password of " + email}
	a := p.Post("/sign-up/email", map[string]any{"name": "Name of " + email, "email": email, "password": p.password}).Is(http.StatusOK)
	p.token = a.JSON()["token"].(string)
	v.secret(email, p.password, p.token, p.Cookie("session_token"))
	return p
}

// again signs the same person in elsewhere.
func (v *visitor) again(p *person) *person {
	v.t.Helper()
	c := &person{Client: v.s.Client(), email: p.email, password: p.password}
	c.token = c.Post("/sign-in/email", map[string]any{"email": p.email, "password": p.password}).Is(http.StatusOK).JSON()["token"].(string)
	v.secret(c.token, c.Cookie("session_token"))
	return c
}

// follow opens the link of the newest message of an event.
func (v *visitor) follow(c *person, event string) {
	v.t.Helper()
	m := v.s.LastMessage(event)
	v.secret(m.Token(), m.URL())
	a := c.Get(strings.TrimPrefix(m.URL(), v.s.Base))
	if a.Status >= http.StatusBadRequest || strings.Contains(a.Header.Get("Location"), "error") {
		v.t.Fatalf("the link of %s gives %d %s", event, a.Status, a.Header.Get("Location"))
	}
}

func (v *visitor) visit() {
	v.t.Helper()
	v.sessions()
	v.addresses()
	v.passwords()
	v.ends()
	for _, visit := range visits {
		visit(v)
	}
	for _, path := range []string{"/ok", "/error", "/token", "/jwks", "/reference", "/open-api/generate-schema", "/get-session", "/account-info"} {
		v.s.Client().Get(path)
	}
}

func (v *visitor) sessions() {
	ann := v.signUp("ann.audit@example.test")
	for _, email := range []string{"password-typed-as-name", "nobody.audit@example.test", ann.email} {
		v.s.Client().Post("/sign-in/email", map[string]any{"email": email, "password": "a wrong password"})
		v.secret(email, "a wrong password")
	}
	other, third := v.again(ann), v.again(ann)
	ann.Get("/list-sessions").Is(http.StatusOK)
	ann.Get("/list-accounts").Is(http.StatusOK)
	ann.Get("/token").Is(http.StatusOK)
	ann.Post("/revoke-session", map[string]any{"token": other.token}).Is(http.StatusOK)
	third.Post("/revoke-other-sessions", "{}").Is(http.StatusOK)
	third.Post("/update-user", map[string]any{"name": "Another name", "nick": "nick.of.ann"}).Is(http.StatusOK)
	third.Post("/update-session", map[string]any{"device": "device.of.ann"}).Is(http.StatusOK)
	v.secret("Another name", "nick.of.ann", "device.of.ann")
	third.Post("/sign-out", "{}").Is(http.StatusOK)
	v.again(ann).Post("/revoke-sessions", "{}").Is(http.StatusOK)
}

func (v *visitor) addresses() {
	bob := v.signUp("bob.audit@example.test")
	v.s.Client().Post("/send-verification-email", map[string]any{"email": "nobody.audit@example.test"}).Is(http.StatusOK)
	v.s.Client().Post("/send-verification-email", map[string]any{"email": bob.email}).Is(http.StatusOK)
	bob.Post("/send-verification-email", map[string]any{"email": bob.email}).Is(http.StatusOK)
	elsewhere := &person{Client: v.s.Client()}
	v.follow(elsewhere, "sendVerificationEmail")
	v.secret(elsewhere.Cookie("session_token"))
	bob.Post("/change-email", map[string]any{"newEmail": "bobby.audit@example.test"}).Is(http.StatusOK)
	v.secret("bobby.audit@example.test")
	v.follow(bob, "sendChangeEmailConfirmation")
	v.follow(bob, "sendVerificationEmail")
	if n := v.s.Count(`select count(*) from "user" where email = 'bobby.audit@example.test'`); n != 1 {
		v.t.Error("the address was not changed")
	}
}

func (v *visitor) passwords() {
	carl := v.signUp("carl.audit@example.test")
	const wrong, next, last = "a wrong password", "the second password", "the third password"
	v.secret(next, last)
	carl.Post("/verify-password", map[string]any{"password": wrong}).Is(http.StatusBadRequest)
	carl.Post("/change-password", map[string]any{"currentPassword": wrong, "newPassword": next}).Is(http.StatusBadRequest)
	carl.Post("/change-password", map[string]any{"currentPassword": carl.password, "newPassword": next, "revokeOtherSessions": true}).Is(http.StatusOK)
	v.secret(carl.Cookie("session_token"))
	for _, email := range []string{"nobody.audit@example.test", carl.email} {
		v.s.Client().Post("/request-password-reset", map[string]any{"email": email, "redirectTo": "/x"}).Is(http.StatusOK)
	}
	reset := v.s.LastMessage("sendResetPassword")
	v.follow(carl, "sendResetPassword")
	carl.Post("/reset-password?token="+url.QueryEscape(reset.Token()), map[string]any{"newPassword": last}).Is(http.StatusOK)
	carl.password = last
	v.again(carl)
}

func (v *visitor) ends() {
	dora := v.signUp("dora.audit@example.test")
	dora.Post("/delete-user", map[string]any{"password": "a wrong password"}).Is(http.StatusBadRequest)
	dora.Post("/delete-user", map[string]any{"password": dora.password}).Is(http.StatusOK)
	v.follow(dora, "sendDeleteAccountVerification")
	eve := v.signUp("eve.audit@example.test")
	eve.Post("/delete-user", "{}").Is(http.StatusOK)
	token := v.s.LastMessage("sendDeleteAccountVerification").Token()
	v.secret(token)
	eve.Post("/delete-user", map[string]any{"token": token}).Is(http.StatusOK)
	fay := v.signUp("fay.audit@example.test")
	account := fay.Get("/list-accounts").Is(http.StatusOK)
	fay.Post("/unlink-account", map[string]any{"accountId": accountID(account.Text)}).Is(http.StatusOK)
}

// accountID gives the id of the only account in an answer.
func accountID(text string) string {
	_, rest, _ := strings.Cut(text, `"id":"`)
	id, _, _ := strings.Cut(rest, `"`)
	return id
}

func TestEventsInTheGuideAreUpToDate(t *testing.T) {
	var table strings.Builder
	table.WriteString("| event | when |\n|---|---|\n")
	for _, e := range server.AuditEvents() {
		fmt.Fprintf(&table, "| `%s` | %s |\n", e.Name, e.Doc)
	}
	server.CheckGeneratedPart(t, "../../docs/guides/audit.md", table.String())
}
