package swap

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
)

// racers are how many use a value at once, every other at the same side.
const racers = 6

// race has copies of a device do something at both sides at once, and counts
// who has won at each.
func (p *member) race(d *device, do func(d *device, at side, i int) (reply, error), won func(reply) bool) map[side]int {
	var mu sync.Mutex
	winners := map[side]int{}
	authtest.Together(racers, func(i int) {
		at := []side{theirs, ours}[i%2]
		if at == ours { // which is the quicker one, and is not to win every time
			time.Sleep(time.Duration(rand.IntN(80)) * time.Millisecond)
		}
		a, err := do(d.copied(), at, i)
		if err != nil || a.status >= http.StatusInternalServerError {
			p.t.Errorf("%v: %s answers %d %s", err, at, a.status, a.text)
			return
		}
		if won(a) {
			mu.Lock()
			winners[at]++
			mu.Unlock()
		}
	})
	p.t.Logf("%s: %v", p.step, winners)
	return winners
}

func isOK(a reply) bool { return a.status == http.StatusOK }

// hasSession tells whether an answer makes a session.
func hasSession(a reply) bool {
	for _, c := range (&http.Response{Header: a.header}).Cookies() {
		if c.Name == "better-auth.session_token" && c.MaxAge > 0 {
			return true
		}
	}
	return false
}

// one wants exactly one winner.
func (p *member) one(winners map[side]int) {
	if winners[theirs]+winners[ours] != 1 {
		p.t.Errorf("%s: %v have won, want one", p.step, winners)
	}
}

// TestAValueIsGoodOnceAtBothSidesTogether uses up what is good once, at both
// sides at the same time.
func TestAValueIsGoodOnceAtBothSidesTogether(t *testing.T) {
	t.Parallel()
	s := bothSides(t, sharedHost(t), "", unlimited)
	p := population(t, s, 1)[0]
	p.raceForLink()
	for range 2 {
		p.raceForReset()
	}
	p.raceForCodes()
}

// raceForLink opens a link that proves an address and signs in.
func (p *member) raceForLink() {
	p.step = "opens a link"
	p.ok(p.post(p.some(), "/send-verification-email", map[string]any{"email": p.email, "callbackURL": "/proven"}))
	link := p.letter("sendVerificationEmail", p.email).Data.URL
	winners := p.race(p.site.device(), func(d *device, at side, _ int) (reply, error) { return d.get(at, link) }, hasSession)
	if winners[ours] > 1 || winners[ours]+winners[theirs] == 0 {
		p.t.Errorf("the link has signed in %v", winners)
	}
	p.verified = true
	again := p.site.device()
	p.follow(again, link, "/proven")
	p.look(again)
}

// raceForReset sets as many passwords with one token: one is set.
func (p *member) raceForReset() {
	p.step = "resets the password"
	p.ok(p.post(p.site.device(), "/request-password-reset", map[string]any{"email": p.email}))
	token := p.letter("sendResetPassword", p.email).Data.Token
	var set string
	p.one(p.race(p.site.device(), func(d *device, at side, i int) (reply, error) {
		password := fmt.Sprintf("%s-%d", token, i)
		a, err := d.post(at, "/reset-password", map[string]any{"token": token, "newPassword": password})
		if err == nil && isOK(a) {
			set = password
		}
		return a, err
	}, isOK))
	p.password = set
	p.signIn(true)
}

// raceForCodes uses one backup code, one sign-in that waits for a code, and the
// trust in one browser.
func (p *member) raceForCodes() {
	p.step = "sets up an app"
	d, proof := p.signIn(true), map[string]any{"password": p.password}
	var app struct {
		TOTPURI     string   `json:"totpURI"`
		BackupCodes []string `json:"backupCodes"`
	}
	if err := json.Unmarshal([]byte(p.ok(p.post(d, "/two-factor/enable", proof)).text), &app); err != nil {
		p.fail("%v", err)
	}
	p.ok(p.post(d, "/two-factor/verify-totp", p.code(app.TOTPURI, "-1")))
	p.step = "uses a backup code"
	for _, code := range app.BackupCodes[:3] {
		p.one(p.race(d, func(d *device, at side, _ int) (reply, error) {
			return d.post(at, "/two-factor/verify-backup-code", map[string]any{"code": code})
		}, isOK))
	}
	p.step = "uses up a sign-in"
	code := p.code(app.TOTPURI, "0")
	if winners := p.race(p.asked(), func(d *device, at side, _ int) (reply, error) { return d.post(at, "/two-factor/verify-totp", code) }, hasSession); winners[ours]+winners[theirs] > 1 {
		p.t.Errorf("%v have a session", winners)
	}
	p.step = "uses trust"
	trusted := p.asked()
	p.ok(p.post(trusted, "/two-factor/verify-backup-code", map[string]any{"code": app.BackupCodes[4], "trustDevice": true}))
	p.ok(p.post(trusted, "/sign-out", map[string]any{}))
	winners := p.race(trusted, func(d *device, at side, _ int) (reply, error) {
		return d.post(at, "/sign-in/email", map[string]any{"email": p.email, "password": p.password})
	}, hasSession)
	if winners[ours] > 1 || winners[ours]+winners[theirs] == 0 {
		p.t.Errorf("%v are trusted", winners)
	}
}
