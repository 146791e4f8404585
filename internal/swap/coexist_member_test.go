package swap

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// member is somebody with an account and devices, who knows what every answer
// has to be, whichever side it comes from. One goroutine moves a member.
type member struct {
	t    *testing.T
	site *site
	dice *rand.Rand

	id, name, email, password, username string

	verified bool
	moves    int       // how often the address has changed
	devices  []*device // those with a session
	boss     *device   // of the administrator who looks after this member

	// first has to answer the first request of a step; then it is either.
	first side
	step  string
	// inCrowd is set while a goroutine that is not the test's moves the member.
	inCrowd bool
}

// newMember signs somebody up, by either side.
func newMember(t *testing.T, s *site, name string) *member {
	p := &member{
		t: t, site: s, name: name, email: name + "@example.test", username: name, step: "signs up",
		password: "the first password of " + name, dice: rand.New(rand.NewPCG(uint64(len(name)), rand.Uint64())),
	}
	p.signUp()
	p.boss = s.device()
	a := p.post(p.boss, "/sign-up/email", map[string]any{"name": "Boss", "email": "boss-of-" + p.email, "password": p.password})
	p.ok(a)
	s.exec(`update "user" set role = 'admin' where email = $1`, "boss-of-"+p.email)
	p.boss.uncache()
	return p
}

func (p *member) signUp() {
	b := p.site.device()
	a := p.post(b, "/sign-up/email", map[string]any{"name": p.name, "email": p.email, "password": p.password, "username": p.username})
	p.ok(a)
	p.verified, p.id, b.token = false, a.member("user.id"), a.member("token")
	p.devices = append(p.devices, b)
}

// fail complains, and ends the test, or the goroutine in a crowd.
func (p *member) fail(format string, args ...any) {
	p.t.Errorf("%s, who %s: %s", p.email, p.step, fmt.Sprintf(format, args...))
	if p.inCrowd {
		runtime.Goexit()
	}
	p.t.FailNow()
}

// side is who has to answer next.
func (p *member) side() side {
	s := p.first
	p.first = ""
	return s
}

func (p *member) get(b *device, path string) reply {
	a, err := b.get(p.side(), path)
	return p.noted(a, err)
}

func (p *member) post(b *device, path string, body any) reply {
	a, err := b.post(p.side(), path, body)
	return p.noted(a, err)
}

func (p *member) noted(a reply, err error) reply {
	if err != nil {
		p.fail("%v", err)
	}
	return a
}

// ok wants status 200.
func (p *member) ok(a reply) reply {
	if a.status != http.StatusOK {
		p.fail("%s answers %d %s", a.side, a.status, a.text)
	}
	return a
}

// refused wants an error, and that every side that runs gives the same one.
func (p *member) refused(b *device, status int, code, path string, body any) {
	for _, s := range p.site.running() {
		a, err := b.send(s, http.MethodPost, path, body, false)
		if p.noted(a, err); a.status != status || a.member("code") != code {
			p.fail("%s answers %d %s to %s, want %d %s", s, a.status, a.text, path, status, code)
		}
	}
}

// agree asks every side that runs with the same cookies, and wants the same
// answer to the byte, and the same cookies apart from their values.
func (p *member) agree(b *device, path string) reply {
	var first reply
	for n, s := range p.site.running() {
		a, err := b.send(s, http.MethodGet, path, nil, false)
		if p.noted(a, err); n == 0 {
			first = a
			continue
		}
		if a.status != first.status || a.text != first.text || !slices.Equal(a.cookies(), first.cookies()) {
			p.fail("of %s\n%s answers %d %s %q\n%s answers %d %s %q", path, first.side, first.status, first.text, first.cookies(), a.side, a.status, a.text, a.cookies())
		}
	}
	return first
}

// some gives one of the devices with a session, signing in where there is none.
func (p *member) some() *device {
	if len(p.devices) == 0 {
		return p.signIn(true)
	}
	return p.devices[p.dice.IntN(len(p.devices))]
}

// two gives two devices with a session.
func (p *member) two() (one, other *device) {
	for len(p.devices) < 2 {
		p.signIn(true)
	}
	one = p.some()
	for other == nil || other == one {
		other = p.some()
	}
	return one, other
}

// signIn gives another device with a session.
func (p *member) signIn(remember bool) *device {
	b := p.site.device()
	p.enter(b, p.post(b, "/sign-in/email", map[string]any{"email": p.email, "password": p.password, "rememberMe": remember}))
	b.forgets = !remember
	return b
}

// enter takes the session that an answer gives to a device.
func (p *member) enter(b *device, a reply) {
	if b.token = p.ok(a).member("token"); b.token == "" {
		p.fail("%s gives no session: %s", a.side, a.text)
	}
	p.devices = append(p.devices, b)
	p.look(b)
}

// over is told that the sessions of these devices have ended: no side knows
// them any more.
func (p *member) over(ended ...*device) {
	for _, b := range slices.Clone(ended) {
		p.devices = slices.DeleteFunc(p.devices, func(other *device) bool { return other == b })
		b.uncache()
		b.token = ""
		p.look(b)
	}
}

// others gives all devices with a session but one.
func (p *member) others(than *device) []*device {
	return slices.DeleteFunc(slices.Clone(p.devices), func(b *device) bool { return b == than })
}

// changed is told that a device has changed something that the copies of the
// others do not show yet.
func (p *member) changed(by *device) {
	for _, b := range p.others(by) {
		b.uncache()
	}
	for _, b := range p.devices {
		p.look(b)
	}
}

// look compares what a device sees with what there is.
func (p *member) look(b *device) {
	a := p.agree(b, "/get-session")
	if b.token == "" {
		if p.ok(a).text != "null" {
			p.fail("%s has an ended session: %s", a.side, a.text)
		}
		return
	}
	user, _ := p.ok(a).json()["user"].(map[string]any)
	for member, want := range map[string]any{"id": p.id, "name": p.name, "email": p.email, "emailVerified": p.verified, "username": strings.ToLower(p.username)} {
		if user[member] != want {
			p.fail("%s says that %s is %v, want %v: %s", a.side, member, user[member], want, a.text)
		}
	}
	if got := a.member("session.token"); got != b.token {
		p.fail("%s says that the session is %q, want %q", a.side, got, b.token)
	}
}

// lookAround compares everything that can be read.
func (p *member) lookAround() {
	for _, b := range p.devices {
		p.look(b)
	}
	b := p.some()
	p.agree(b, "/list-accounts")
	p.agree(b, "/jwks")
	listed := p.agree(b, "/list-sessions").text
	if n := strings.Count(listed, `"token"`); n != len(p.devices) {
		p.fail("%d sessions, want %d: %s", n, len(p.devices), listed)
	}
	for _, other := range p.devices {
		if !strings.Contains(listed, other.token) {
			p.fail("%q is missing in %s", other.token, listed)
		}
	}
}

// expiry is when the session of a device ends, as the database has it.
func (p *member) expiry(b *device) (at time.Time) {
	if err := p.site.rows.QueryRow(context.Background(), `select "expiresAt" from session where token = $1`, b.token).Scan(&at); err != nil {
		p.fail("%v", err)
	}
	return at
}

// letter waits for a message, from whichever side.
func (p *member) letter(event, to string) letter {
	l, err := p.site.mail.wait(event, to)
	if err != nil {
		p.fail("%v", err)
	}
	return l
}

// follow opens a link, which has to lead to a place.
func (p *member) follow(b *device, link, to string) string {
	a := p.get(b, link)
	if at := a.header.Get("Location"); a.status != http.StatusFound || !strings.Contains(at, to) || strings.Contains(at, "error") {
		p.fail("the link leads %s to %d %q %s", a.side, a.status, at, a.text)
	}
	return a.header.Get("Location")
}
