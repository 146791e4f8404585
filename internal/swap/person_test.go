package swap_test

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/transcript"
)

// person is a user who signed up at one place, and all that the place has given.
type person struct {
	// former is the password before the last reset.
	email, username, password, former string
	// fields are what a sign-up gives beside, and every answer about the user has.
	fields map[string]any
	// cookies are those of a session.
	cookies string
	// token is a JWT, and kid names the key that signed it.
	token, kid string
	// reset and verification are mailed links; reset is empty once it was used.
	reset, verification string
	// app is what the person's authenticator app has read; empty without one.
	app string
}

// arrive signs somebody up who then asks for everything that can be had.
func arrive(at *place, name string, fields map[string]any) *person {
	at.t.Helper()
	p := &person{email: name + "@example.test", username: strings.ReplaceAll(name, "-", "."), password: "password of " + name, fields: fields}
	body := map[string]any{"name": "Ann <&> Änn", "email": p.email, "password": p.password}
	if at.bare {
		p.username = ""
	} else {
		body["username"] = p.username
	}
	for field, value := range fields {
		body[field] = value
	}
	p.cookies = at.post("/sign-up/email", "", body).is(http.StatusOK).cookies
	if !at.bare {
		p.token = at.get("/token", p.cookies).is(http.StatusOK).member("token")
		p.kid = keyOf(at.t, p.token)
	}
	at.post("/request-password-reset", "", map[string]any{"email": p.email, "redirectTo": "http://auth.test/page"}).is(http.StatusOK)
	p.reset = at.link("sendResetPassword", p.email)
	at.post("/send-verification-email", p.cookies, map[string]any{"email": p.email}).is(http.StatusOK)
	p.verification = at.link("sendVerificationEmail", p.email)
	return p
}

// withApp lets a person set up an authenticator app, where that can be.
func (p *person) withApp(at *place) *person {
	at.t.Helper()
	if at.bare {
		return p
	}
	p.app = at.post("/two-factor/enable", p.cookies, map[string]any{"password": p.password}).is(http.StatusOK).member("totpURI")
	p.cookies = at.post("/two-factor/verify-totp", p.cookies, map[string]any{"code": p.code(at.t)}).is(http.StatusOK).cookies
	return p
}

func (p *person) code(t *testing.T) string {
	t.Helper()
	code, err := transcript.TOTPCode(p.app, "", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return code
}

// returns uses at a place what another has given: everything counts there, once
// where it counts once.
func (p *person) returns(at *place) {
	at.t.Helper()
	p.isKnown(at)
	if !at.bare {
		p.tokensHold(at)
	}
	p.opensLinks(at)
	p.signsIn(at)
}

// isKnown looks at the session that the person has.
func (p *person) isKnown(at *place) {
	at.t.Helper()
	session := at.get("/get-session", p.cookies).is(http.StatusOK)
	session.says(`"email":"`+p.email+`"`, `Änn`)
	if p.username != "" && !at.bare {
		session.says(`"username":"` + p.username + `"`)
	}
	for name, value := range p.fields {
		session.says(fmt.Sprintf("%q:%s", name, asJSON(at.t, value)))
	}
}

// tokensHold verifies the old token with the place's key set, and has a new one
// signed with the key of the old.
func (p *person) tokensHold(at *place) {
	at.t.Helper()
	keys := at.get("/jwks", "").is(http.StatusOK).text
	fresh := at.get("/token", p.cookies).is(http.StatusOK).member("token")
	for what, token := range map[string]string{"old": cmp.Or(p.token, fresh), "new": fresh} {
		if claims, err := jose.Verify(token, []byte(keys)); err != nil || !strings.Contains(string(claims), p.email) {
			at.t.Errorf("%s: the %s token tells %s, %v", p.email, what, claims, err)
		}
	}
	if kid := keyOf(at.t, fresh); p.kid != "" && kid != p.kid {
		at.t.Errorf("%s: signed with key %s, not with %s", p.email, kid, p.kid)
	}
}

// opensLinks proves the address and, the first time, sets a new password, which
// the link does once.
func (p *person) opensLinks(at *place) {
	at.t.Helper()
	if at.follow(p.verification).status >= http.StatusBadRequest {
		at.t.Errorf("%s: the link that proves the address fails", p.email)
	}
	at.get("/get-session", p.cookies).is(http.StatusOK).says(`"emailVerified":true`)
	if p.reset == "" {
		return
	}
	token := resetToken(at, p.reset)
	p.reset, p.former, p.password = "", p.password, p.password+" again"
	body := map[string]any{"token": token, "newPassword": p.password}
	at.post("/reset-password", "", body).is(http.StatusOK)
	at.post("/reset-password", "", body).is(http.StatusBadRequest)
}

// resetToken opens a link and reads the token that it hands to the page.
func resetToken(at *place, link string) string {
	at.t.Helper()
	page, err := url.Parse(at.follow(link).is(http.StatusFound).header.Get("Location"))
	if err != nil {
		at.t.Fatal(err)
	}
	return page.Query().Get("token")
}

// signsIn does so by name where there is one, and with the app where there is one. A code of it counts
// once at each place.
func (p *person) signsIn(at *place) {
	at.t.Helper()
	path, body := "/sign-in/username", map[string]any{"username": p.username, "password": p.password}
	if p.username == "" || at.bare {
		path, body = "/sign-in/email", map[string]any{"email": p.email, "password": p.password}
	}
	in := at.post(path, "", body).is(http.StatusOK)
	if p.app != "" && !at.bare { // which without the plugin nobody asks for
		in.says(`"twoFactorRedirect":true`)
		in = at.post("/two-factor/verify-totp", in.cookies, map[string]any{"code": p.code(at.t)}).is(http.StatusOK)
	}
	at.get("/get-session", in.cookies).is(http.StatusOK).says(`"email":"` + p.email + `"`)
}

// wrongly does so by address with a password that it was or is not, of which none is let in.
func (p *person) wrongly(at *place) {
	at.t.Helper()
	for _, password := range []string{p.former, p.password + "?"} {
		at.post("/sign-in/email", "", map[string]any{"email": p.email, "password": password}).is(http.StatusUnauthorized)
	}
}

func keyOf(t *testing.T, token string) string {
	t.Helper()
	kid, err := jose.KeyID(token)
	if err != nil {
		t.Fatal(err)
	}
	return kid
}
