package swap

import (
	"net/http"
	"net/url"
	"strings"
	"time"
)

// step is one thing that people do; it leaves them with an account.
type step struct {
	name string
	do   func(*member)
}

// steps is everything that they do.
var steps = []step{
	{"signs in", (*member).signsIn},
	{"signs in by name", (*member).signsInByName},
	{"is not remembered", (*member).isNotRemembered},
	{"has forgotten the password", (*member).isWrong},
	{"signs out", (*member).signsOut},
	{"looks around", (*member).lookAround},
	{"ends a session", (*member).endsOne},
	{"ends the other sessions", (*member).endsOthers},
	{"ends all sessions", (*member).endsAll},
	{"takes a new name", (*member).renames},
	{"changes the password", (*member).changesPassword},
	{"changes the address", (*member).changesAddress},
	{"proves the address", (*member).provesAddress},
	{"resets the password", (*member).resetsPassword},
	{"leaves and comes back", (*member).leaves},
	{"takes tokens", (*member).takesTokens},
	{"uses no cookies", (*member).usesBearer},
	{"has a second factor", (*member).hasSecondFactor},
	{"comes back after days", (*member).comesBack},
	{"comes back too late", (*member).comesLate},
	{"is banned", (*member).isBanned},
	{"is impersonated", (*member).isImpersonated},
}

// most is how many sessions a member keeps.
const most = 4

// does has a member do one step, which a side begins.
func (p *member) does(s step, first side) {
	p.step, p.first = s.name, first
	for len(p.devices) > most {
		p.signsOut()
	}
	p.first = first
	s.do(p)
	p.site.mu.Lock()
	defer p.site.mu.Unlock()
	p.site.done[s.name+" at "+string(first)]++
}

func (p *member) signsIn() {
	b := p.site.device()
	email := []string{p.email, strings.ToUpper(p.email)}[p.dice.IntN(2)]
	p.enter(b, p.post(b, "/sign-in/email", map[string]any{"email": email, "password": p.password}))
}

func (p *member) signsInByName() {
	b := p.site.device()
	p.enter(b, p.post(b, "/sign-in/username", map[string]any{"username": strings.ToUpper(p.username), "password": p.password}))
}

// isNotRemembered has a session of a day, which no side prolongs.
func (p *member) isNotRemembered() {
	b := p.signIn(false)
	p.site.exec(`update session set "expiresAt" = $1 where token = $2`, time.Now().UTC().Add(time.Hour), b.token)
	before := p.expiry(b)
	for range 2 {
		b.uncache()
		p.ok(p.get(b, "/get-session"))
	}
	if after := p.expiry(b); !after.Equal(before) {
		p.fail("the session lasts until %s, it was %s", after, before)
	}
}

func (p *member) isWrong() {
	p.refused(p.site.device(), http.StatusUnauthorized, "INVALID_EMAIL_OR_PASSWORD", "/sign-in/email", map[string]any{"email": p.email, "password": "not " + p.password})
	// Whoever is right begins anew with the sides that count.
	p.signIn(true)
}

func (p *member) signsOut() {
	b := p.some()
	held := b.copied()
	p.ok(p.post(b, "/sign-out", map[string]any{}))
	p.over(b, held)
}

func (p *member) endsOne() {
	b, other := p.two()
	p.ok(p.post(b, "/revoke-session", map[string]any{"token": other.token}))
	p.over(other)
}

func (p *member) endsOthers() {
	b, _ := p.two()
	p.ok(p.post(b, "/revoke-other-sessions", map[string]any{}))
	p.over(p.others(b)...)
	p.look(b)
}

func (p *member) endsAll() {
	p.ok(p.post(p.some(), "/revoke-sessions", map[string]any{}))
	p.over(p.devices...)
}

func (p *member) renames() {
	b, _ := p.two()
	p.name = []string{"Änn <&> \"x\"", "Bob \\ 😀", "Cÿd"}[p.dice.IntN(3)]
	p.ok(p.post(b, "/update-user", map[string]any{"name": p.name}))
	p.changed(b)
}

func (p *member) changesPassword() {
	b, _ := p.two()
	old, others := p.password, p.dice.IntN(2) == 0
	p.password = "password number " + b.token
	a := p.ok(p.post(b, "/change-password", map[string]any{"currentPassword": old, "newPassword": p.password, "revokeOtherSessions": others}))
	p.refused(p.site.device(), http.StatusUnauthorized, "INVALID_EMAIL_OR_PASSWORD", "/sign-in/email", map[string]any{"email": p.email, "password": old})
	if others {
		held := b.copied()
		b.token = a.member("token")
		held.jar, held.token = p.site.device().jar, ""
		p.over(p.others(b)...)
	}
	p.look(b)
	p.signIn(true)
}

// changesAddress is for somebody whose address is proven: the link goes to the
// new one.
func (p *member) changesAddress() {
	p.beProven()
	b := p.some()
	p.moves++
	name, _, _ := strings.Cut(p.email, "@")
	name, _, _ = strings.Cut(name, "+")
	next := name + "+" + strings.Repeat("x", p.moves) + "@example.test"
	p.ok(p.post(b, "/change-email", map[string]any{"newEmail": next, "callbackURL": "/done"}))
	p.follow(b, p.letter("sendVerificationEmail", next).Data.URL, "/done")
	p.email = next
	p.changed(b)
}

func (p *member) beProven() {
	if !p.verified {
		p.provesAddress()
	}
}

func (p *member) provesAddress() {
	b := p.some()
	if p.verified {
		p.refused(b, http.StatusBadRequest, "EMAIL_ALREADY_VERIFIED", "/send-verification-email", map[string]any{"email": p.email})
		p.site.exec(`update "user" set "emailVerified" = false where id = $1`, p.id)
		p.verified = false
		b.uncache()
	}
	p.ok(p.post(b, "/send-verification-email", map[string]any{"email": p.email, "callbackURL": "/proven"}))
	link, other := p.letter("sendVerificationEmail", p.email).Data.URL, p.site.device()
	p.follow(other, link, "/proven")
	p.verified = true
	if other.token = p.ok(p.get(other, "/get-session")).member("session.token"); other.token == "" {
		p.fail("the link has signed nobody in")
	}
	p.devices = append(p.devices, other)
	p.changed(other)
	for _, s := range p.site.running() { // which signs in once, whoever is asked
		again := p.site.device()
		p.first = s
		p.follow(again, link, "/proven")
		p.look(again)
	}
}

// resetsPassword is for somebody whose address is proven: a reset that proves it
// ends the sessions at one side.
func (p *member) resetsPassword() {
	p.beProven()
	b := p.site.device()
	p.ok(p.post(b, "/request-password-reset", map[string]any{"email": p.email, "redirectTo": "/new"}))
	mailed := p.letter("sendResetPassword", p.email)
	at, err := url.Parse(p.follow(b, mailed.Data.URL, "/new?token="))
	if err != nil {
		p.fail("%v", err)
	}
	p.password = "reset number " + mailed.Data.Token
	given := map[string]any{"newPassword": p.password, "token": at.Query().Get("token")}
	p.ok(p.post(b, "/reset-password", given))
	p.refused(b, http.StatusBadRequest, "INVALID_TOKEN", "/reset-password", given)
	p.changed(p.signIn(true))
}

func (p *member) leaves() {
	p.ok(p.post(p.some(), "/delete-user", map[string]any{"password": p.password}))
	p.over(p.devices...)
	p.refused(p.site.device(), http.StatusUnauthorized, "INVALID_EMAIL_OR_PASSWORD", "/sign-in/email", map[string]any{"email": p.email, "password": p.password})
	p.signUp()
	p.refused(p.site.device(), http.StatusUnprocessableEntity, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL", "/sign-up/email",
		map[string]any{"name": "x", "email": p.email, "password": p.password})
	p.changed(p.devices[0])
}

// comesBack reads a session that is due to be prolonged.
func (p *member) comesBack() {
	b := p.signIn(true)
	now := time.Now().UTC()
	p.site.exec(`update session set "expiresAt" = $1, "updatedAt" = $2 where token = $3`, now.Add(5*24*time.Hour), now.Add(-2*24*time.Hour), b.token)
	b.uncache()
	a := p.ok(p.get(b, "/get-session"))
	if left := p.expiry(b).Sub(now); left < 167*time.Hour || left > 169*time.Hour {
		p.fail("%s leaves a session of %s", a.side, left)
	}
	if set := strings.Join(a.cookies(), "\n"); !strings.Contains(set, "session_token; Max-Age=604800") {
		p.fail("%s sets the cookies %q", a.side, set)
	}
	p.look(b)
}

// comesLate has a session whose time is over.
func (p *member) comesLate() {
	b, _ := p.two()
	p.site.exec(`update session set "expiresAt" = $1 where token = $2`, time.Now().UTC().Add(-time.Second), b.token)
	b.uncache()
	if a := p.ok(p.get(b, "/get-session")); a.text != "null" {
		p.fail("%s knows an expired session: %s", a.side, a.text)
	}
	p.over(b)
}
