package swap

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// TestWhatEachSideKeepsToItself shows what docs/guides/coexistence.md says that
// the sides do not share.
func TestWhatEachSideKeepsToItself(t *testing.T) {
	t.Parallel()
	s := bothSides(t, sharedHost(t), "", unlimited+`,"session": {"cookieCache": {"enabled": true}}`)
	p := population(t, s, 1)[0]
	for name, show := range map[string]func(*member){
		"copies of a session live on":  (*member).copiesLiveOn,
		"the throttle counts here":     (*member).throttleCountsHere,
		"codes are remembered here":    (*member).codesAreRememberedHere,
		"links end with changes here":  (*member).linksEndHere,
		"sessions end with proof here": (*member).sessionsEndHere,
		"the audit log tells of here":  (*member).auditTellsOfHere,
	} {
		t.Run(name, func(t *testing.T) {
			p.t, p.step = t, name
			show(p)
		})
	}
}

// copiesLiveOn ends a session whose browser has a copy: either side believes the
// copy while it lasts, whichever has ended the session, and where sallyport
// changes or lists something it asks the database.
func (p *member) copiesLiveOn() {
	for _, ender := range []side{theirs, ours} {
		d, other := p.two()
		p.ok(p.get(other, "/get-session")) // which renews the copy
		p.first = ender
		p.ok(p.post(d, "/revoke-session", map[string]any{"token": other.token}))
		if a := p.agree(other, "/get-session"); a.member("session.token") != other.token {
			p.fail("the copy is not believed: %s", a.text)
		}
		if a, err := other.send(ours, http.MethodGet, "/list-sessions", nil, false); p.noted(a, err).status != http.StatusUnauthorized {
			p.fail("sallyport lists sessions to a copy: %d %s", a.status, a.text)
		}
		p.over(other)
	}
}

func (p *member) throttleCountsHere() {
	guess := func(s side) int {
		a, err := p.site.device().post(s, "/sign-in/email", map[string]any{"email": p.email, "password": "a guess"})
		return p.noted(a, err).status
	}
	for n := range 10 {
		if got := guess(theirs); got != http.StatusUnauthorized {
			p.fail("guess %d at the original: %d", n, got)
		}
	}
	for n := range 10 {
		if got := guess(ours); got != http.StatusUnauthorized {
			p.fail("guess %d at sallyport: %d", n, got)
		}
	}
	// Pauses are counted from the start of a guess. On a machine that takes longer to hash than the
	// first of them lasts, a later one is met.
	refused := guess(ours)
	for n := 0; n < 6 && refused == http.StatusUnauthorized; n++ {
		refused = guess(ours)
	}
	if refused != http.StatusTooManyRequests {
		p.fail("guesses from 11 on at sallyport: %d", refused)
	}
	if got := guess(theirs); got != http.StatusUnauthorized {
		p.fail("guess 11 at the original: %d", got)
	}
	p.site.exec(`delete from sallyport.attempt`)
}

func (p *member) codesAreRememberedHere() {
	d := p.some()
	a := p.ok(p.post(d, "/two-factor/enable", map[string]any{"password": p.password}))
	uri := a.member("totpURI")
	p.ok(p.post(d, "/two-factor/verify-totp", p.code(uri, "-1")))
	d.token = p.ok(p.get(d, "/get-session")).member("session.token")
	code := p.code(uri, "0")
	p.first = ours
	p.ok(p.post(d, "/two-factor/verify-totp", code))
	a, err := d.send(ours, http.MethodPost, "/two-factor/verify-totp", code, false)
	if p.noted(a, err).status != http.StatusUnauthorized || a.member("code") != "INVALID_CODE" {
		p.fail("sallyport takes a code twice: %d %s", a.status, a.text)
	}
	p.ok(p.post(d, "/two-factor/disable", map[string]any{"password": p.password}))
	d.token = p.ok(p.get(d, "/get-session")).member("session.token")
}

// linksEndHere changes the password with a reset link in the mail: the link ends
// if sallyport has changed it.
func (p *member) linksEndHere() {
	p.beProven()
	for changer, want := range map[side]int{ours: http.StatusBadRequest, theirs: http.StatusOK} {
		p.ok(p.post(p.site.device(), "/request-password-reset", map[string]any{"email": p.email}))
		token := p.letter("sendResetPassword", p.email).Data.Token
		d, old := p.some(), p.password
		p.password, p.first = "changed at "+string(changer), changer
		p.ok(p.post(d, "/change-password", map[string]any{"currentPassword": old, "newPassword": p.password}))
		a, err := p.site.device().post(ours, "/reset-password", map[string]any{"token": token, "newPassword": "reset after " + string(changer)})
		if p.noted(a, err).status != want {
			p.fail("a link from before a change at %s: %d %s", changer, a.status, a.text)
		}
		if want == http.StatusOK {
			p.password = "reset after " + string(changer)
		}
	}
}

// sessionsEndHere resets the password of an address that nobody has proven.
func (p *member) sessionsEndHere() {
	for at, want := range map[side]int{ours: 0, theirs: 1} {
		p.site.exec(`update "user" set "emailVerified" = false where id = $1`, p.id)
		p.site.exec(`delete from session where "userId" = $1`, p.id)
		p.verified = false
		p.devices = nil
		p.signIn(true)
		p.ok(p.post(p.site.device(), "/request-password-reset", map[string]any{"email": p.email}))
		token := p.letter("sendResetPassword", p.email).Data.Token
		p.password, p.first = "a reset at "+string(at), at
		p.ok(p.post(p.site.device(), "/reset-password", map[string]any{"token": token, "newPassword": p.password}))
		if n := p.site.count(`select count(*) from session where "userId" = $1`, p.id); n != want {
			p.fail("%d sessions are left after a reset at %s", n, at)
		}
	}
	p.site.exec(`delete from session where "userId" = $1`, p.id)
	p.devices = nil
}

func (p *member) auditTellsOfHere() {
	entries := func() int {
		return p.site.count(`select count(*) from sallyport.audit where event = 'sign-in'`)
	}
	before := entries()
	for _, s := range []side{theirs, ours} {
		p.first = s
		p.signIn(true)
	}
	if n := entries() - before; n != 1 {
		p.fail("%d of two sign-ins are in the audit log", n)
	}
}

// TestASecretThatOnlyOneSideAccepts reads a session whose cookie an older secret
// has signed: both sides say the same with server.acceptOldSecrets off.
func TestASecretThatOnlyOneSideAccepts(t *testing.T) {
	t.Parallel()
	const old = "the-first-secret-0123456789-ABCDEFGHI"
	secrets := `,"secrets": [{"version": 2, "value": "the-second-secret-0123456789-ABCDEFGH"}, {"version": 1, "value": "` + old + `"}], "server": {"acceptOldSecrets": %t}`
	host := sharedHost(t)
	for _, accepted := range []bool{true, false} {
		t.Run(fmt.Sprint(accepted), func(t *testing.T) {
			s := bothSides(t, host, "", unlimited+fmt.Sprintf(secrets, accepted))
			d := s.device()
			a, err := d.post("", "/sign-up/email", map[string]any{"name": "Ann", "email": "ann@example.test", "password": "correct horse"})
			if err != nil || a.status != http.StatusOK {
				t.Fatalf("%v %d %s", err, a.status, a.text)
			}
			d.jar.SetCookies(d.address(), []*http.Cookie{{Name: "better-auth.session_token", Value: signed(old, a.member("token")), Path: "/"}})
			for at, known := range map[side]bool{theirs: false, ours: accepted} {
				a, err := d.send(at, http.MethodGet, "/get-session", nil, false)
				if err != nil || (a.text != "null") != known {
					t.Errorf("%v: %s answers %s", err, at, a.text)
				}
			}
		})
	}
}

// signed is the value of a cookie.
func signed(secret, value string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(value))
	return url.QueryEscape(value + "." + base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

// TestTheOrderOfPluginsIsPartOfTheConfiguration gives sallyport the same plugins
// in another order: users have the same members, in another order.
func TestTheOrderOfPluginsIsPartOfTheConfiguration(t *testing.T) {
	t.Parallel()
	s := bothSides(t, sharedHost(t), "", unlimited)
	d := s.device()
	a, err := d.post(theirs, "/sign-up/email", map[string]any{"name": "Ann", "email": "ann@example.test", "password": "correct horse", "username": "ann"})
	if err != nil || a.status != http.StatusOK {
		t.Fatalf("%v %d %s", err, a.status, a.text)
	}
	read := func(at side) reply {
		t.Helper()
		a, err := d.send(at, http.MethodGet, "/get-session", nil, false)
		if err != nil || a.member("user.username") != "ann" {
			t.Fatalf("%v: %s answers %d %s", err, at, a.status, a.text)
		}
		return a
	}
	if a, b := read(theirs), read(ours); a.text != b.text {
		t.Errorf("%s\n%s", a.text, b.text)
	}
	swapped := strings.NewReplacer(`"username": {}`, `"admin": {}`, `"admin": {}`, `"username": {}`)
	other := swapped.Replace(s.config)
	s.put(ours, authtest.New(t, other, func(o *authtest.Server) { o.Database = s.database }).URL)
	if a, b := read(theirs), read(ours); a.text == b.text || len(a.text) != len(b.text) {
		t.Errorf("%s\n%s", a.text, b.text)
	}
}

// TestMessagesWaitForSallyport stops it before it has sent what it was asked to:
// the message is in its own schema, and the original sends only its own.
func TestMessagesWaitForSallyport(t *testing.T) {
	t.Parallel()
	s := newSite(t, sharedHost(t), "", unlimited)
	s.startTheirs(t)
	t.Run("with sallyport", func(t *testing.T) {
		silent := authtest.New(t, s.config, func(o *authtest.Server) { o.Database = s.database })
		s.put(ours, silent.URL)
		for at, email := range map[side]string{theirs: "original@example.test", ours: "sallyport@example.test"} {
			d := s.device()
			if a, err := d.post(at, "/sign-up/email", map[string]any{"name": "Ann", "email": email, "password": "correct horse"}); err != nil || a.status != http.StatusOK {
				t.Fatalf("%v %d %s", err, a.status, a.text)
			}
			if a, err := d.post(at, "/request-password-reset", map[string]any{"email": email}); err != nil || a.status != http.StatusOK {
				t.Fatalf("%v %d %s", err, a.status, a.text)
			}
		}
	})
	if _, err := s.mail.wait("sendResetPassword", "original@example.test"); err != nil {
		t.Error(err)
	}
	if n := s.count(`select count(*) from sallyport.message`); n != 1 {
		t.Errorf("%d messages wait, want 1", n)
	}
	t.Run("with sallyport again", func(t *testing.T) {
		s.startOurs(t)
		if _, err := s.mail.wait("sendResetPassword", "sallyport@example.test"); err != nil {
			t.Error(err)
		}
	})
}
