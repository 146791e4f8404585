package swap

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/transcript"
)

// takesTokens has both kinds signed by either side and verified with the key set
// of each.
func (p *member) takesTokens() {
	b := p.some()
	a := p.ok(p.get(b, "/token"))
	p.verifies(a.side, a.member("token"))
	b.uncache()
	a = p.ok(p.get(b, "/get-session"))
	p.verifies(a.side, a.header.Get("Set-Auth-Jwt"))
}

func (p *member) verifies(by side, token string) {
	for _, s := range p.site.running() {
		a, err := p.site.device().get(s, "/jwks")
		payload, err := verify(token, p.ok(p.noted(a, err)).text)
		if err != nil {
			p.fail("a token of %s does not verify with the keys of %s: %v", by, s, err)
		}
		var claims struct{ Sub, Email, Iss, Aud string }
		if err := json.Unmarshal(payload, &claims); err != nil || claims.Sub != p.id || claims.Email != p.email || claims.Iss != p.site.url || claims.Aud != p.site.url {
			p.fail("%s claims %s", by, payload)
		}
	}
}

// verify gives the payload of a token, signed by a key of the set.
func verify(token, set string) ([]byte, error) {
	kid, err := jose.KeyID(token)
	if err != nil {
		return nil, err
	}
	var published struct{ Keys []json.RawMessage }
	if err := json.Unmarshal([]byte(set), &published); err != nil {
		return nil, err
	}
	for _, key := range published.Keys {
		var named struct{ Kid, Alg string }
		if err := json.Unmarshal(key, &named); err != nil || named.Kid != kid {
			continue
		}
		verifier, err := jose.NewVerifier(named.Alg, string(key))
		if err != nil {
			return nil, err
		}
		return verifier.Verify(token, "")
	}
	return nil, fmt.Errorf("there is no key %s in %s", kid, set)
}

// usesBearer sends the session in a header.
func (p *member) usesBearer() {
	b := p.site.device()
	a := p.post(b, "/sign-in/email", map[string]any{"email": p.email, "password": p.password})
	p.enter(b, a)
	app := p.site.device()
	app.bearer, app.token = p.ok(a).header.Get("Set-Auth-Token"), b.token
	p.look(app)
	p.name = "Named by an app"
	p.ok(p.post(app, "/update-user", map[string]any{"name": p.name}))
	b.uncache()
	p.changed(b)
	p.look(app)
	p.ok(p.post(app, "/sign-out", map[string]any{}))
	p.over(b)
	app.token = ""
	p.look(app)
}

// hasSecondFactor has an app set up, used, and given up again.
func (p *member) hasSecondFactor() {
	b, proof := p.some(), map[string]any{"password": p.password}
	var app struct {
		TOTPURI     string   `json:"totpURI"`
		BackupCodes []string `json:"backupCodes"`
	}
	if err := json.Unmarshal([]byte(p.ok(p.post(b, "/two-factor/enable", proof)).text), &app); err != nil {
		p.fail("%v", err)
	}
	p.ok(p.post(b, "/two-factor/verify-totp", p.code(app.TOTPURI, "-1")))
	b.token = p.ok(p.get(b, "/get-session")).member("session.token")
	p.changed(b)

	trusted := p.asked()
	code := p.code(app.TOTPURI, "0")
	code["trustDevice"] = true
	p.enter(trusted, p.post(trusted, "/two-factor/verify-totp", code))
	p.ok(p.post(trusted, "/sign-out", map[string]any{}))
	p.over(trusted)
	for range 2 { // each sign-in renews the trust
		p.enter(trusted, p.post(trusted, "/sign-in/email", map[string]any{"email": p.email, "password": p.password}))
		p.ok(p.post(trusted, "/sign-out", map[string]any{}))
		p.over(trusted)
	}

	other, backup := p.asked(), map[string]any{"code": app.BackupCodes[p.dice.IntN(len(app.BackupCodes))]}
	p.refused(other, http.StatusUnauthorized, "INVALID_BACKUP_CODE", "/two-factor/verify-backup-code", map[string]any{"code": "wrong-wrong"})
	p.enter(other, p.post(other, "/two-factor/verify-backup-code", backup))
	p.refused(p.some(), http.StatusUnauthorized, "INVALID_BACKUP_CODE", "/two-factor/verify-backup-code", backup)

	p.ok(p.post(other, "/two-factor/disable", proof))
	other.token = p.ok(p.get(other, "/get-session")).member("session.token")
	p.changed(other)
	p.signIn(true)
}

// asked gives a device that has given the password and is asked for a code.
func (p *member) asked() *device {
	b := p.site.device()
	if a := p.ok(p.post(b, "/sign-in/email", map[string]any{"email": p.email, "password": p.password})); !strings.Contains(a.text, `"twoFactorRedirect":true`) {
		p.fail("%s asks for no second factor: %s", a.side, a.text)
	}
	return b
}

func (p *member) code(uri, steps string) map[string]any {
	text, err := transcript.TOTPCode(uri, steps, time.Now())
	if err != nil {
		p.fail("%v", err)
	}
	return map[string]any{"code": text}
}

// isBanned is shut out and let in again.
func (p *member) isBanned() {
	if len(p.devices) == 0 {
		p.signIn(true)
	}
	p.ok(p.post(p.boss, "/admin/ban-user", map[string]any{"userId": p.id}))
	p.over(p.devices...)
	p.refused(p.site.device(), http.StatusForbidden, "BANNED_USER", "/sign-in/email", map[string]any{"email": p.email, "password": p.password})
	p.ok(p.post(p.boss, "/admin/unban-user", map[string]any{"userId": p.id}))
	p.signIn(true)
}

// isImpersonated lends the account to the administrator.
func (p *member) isImpersonated() {
	p.ok(p.post(p.boss, "/admin/impersonate-user", map[string]any{"userId": p.id}))
	p.boss.uncache()
	a := p.agree(p.boss, "/get-session")
	if a.member("user.id") != p.id || a.member("session.impersonatedBy") == "" {
		p.fail("%s says that the administrator is %s", a.side, a.text)
	}
	p.ok(p.post(p.boss, "/admin/stop-impersonating", map[string]any{}))
	if a = p.agree(p.boss, "/get-session"); a.member("user.role") != "admin" {
		p.fail("%s says that the administrator is %s", a.side, a.text)
	}
}
