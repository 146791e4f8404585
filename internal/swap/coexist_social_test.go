package swap

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

// withProviders is the configuration of both sides, with a provider of discovery
// whose ID tokens bind a nonce, and one without ID tokens.
const withProviders = `{
	"baseURL": %q, "rateLimit": {"enabled": false},
	"account": {
		"storeStateStrategy": %q, "encryptOAuthTokens": true, "storeAccountCookie": true,
		"accountLinking": {"allowDifferentEmails": true}
	},
	"socialProviders": {"github": {"clientId": "app", "clientSecret": "app-secret"}},
	"plugins": {"genericOAuth": {"config": [{
		"providerId": "acme", "clientId": "app", "clientSecret": "app-secret", "pkce": true, "requireIdTokenVerification": true,
		"discoveryUrl": "https://idp.test/.well-known/openid-configuration", "scopes": ["openid", "email"]
	}]}}
}`

// What one side has sent to a provider comes back to the other: whoever begins, and
// wherever the state is kept meanwhile. Tokens and cookies that one has written are
// read and renewed by the other.
func TestASocialSignInEndsAtTheOtherSide(t *testing.T) {
	t.Parallel()
	idp, host := idptest.New(t), ownHost(t)
	for _, strategy := range []string{"database", "cookie"} {
		t.Run(strategy, func(t *testing.T) {
			s := emptySite(t, host, func(s *site) string { return fmt.Sprintf(withProviders, s.url, strategy) })
			s.idp = idp
			s.startTheirs(t)
			s.startOurs(t)
			for n, way := range [][2]side{{theirs, ours}, {ours, theirs}} {
				g := &guest{t: t, device: s.device(), begins: way[0], ends: way[1], name: fmt.Sprintf("guest%d", n)}
				g.signsIn(strategy == "database")
				g.hasTokens()
				g.hasAccountCookie()
				g.links()
				g.comesAgain()
			}
		})
	}
}

// guest is somebody with an account elsewhere, who goes there from one side and
// comes back to the other.
type guest struct {
	*device
	t            *testing.T
	begins, ends side
	name         string
	// account is the id of the row.
	account string
}

// person is who the provider says that the guest is.
func (g *guest) person() idptest.Script {
	who := json.RawMessage(fmt.Sprintf(`{"sub": %q, "email": "%s@idp.test"}`, g.name, g.name))
	return idptest.Script{Claims: who, Pages: map[string]json.RawMessage{
		"GET https://idp.test/userinfo": who,
		"GET https://api.github.com/user/emails": json.RawMessage(fmt.Sprintf(
			`[{"email": "%s@github.test", "verified": true, "primary": true}]`, g.name)),
		"GET https://api.github.com/user": json.RawMessage(fmt.Sprintf(`{"id": "%s", "login": "%[1]s"}`, g.name)),
	}}
}

// asks sends a request to a side and wants a status.
func (g *guest) asks(at side, path string, body map[string]any, status int) reply {
	g.t.Helper()
	a, err := g.post(at, path, body)
	if err != nil || a.status != status {
		g.t.Fatalf("%s at %s: %v %d %s", path, at, err, a.status, a.text)
	}
	return a
}

// leaves begins a flow and gives where the provider sends the guest in the end.
func (g *guest) leaves(path, provider string) (back string) {
	g.t.Helper()
	address := g.asks(g.begins, path, map[string]any{"provider": provider, "callbackURL": "/home", "errorCallbackURL": "/failed"}, http.StatusOK).member("url")
	if provider == "acme" {
		g.binds(address)
	}
	landing, err := g.site.idp.Browse(g.t.Context(), address, g.person())
	if err != nil {
		g.t.Fatal(err)
	}
	return landing.Address
}

// arrives ends a flow and wants to be sent to a place.
func (g *guest) arrives(back, place string) {
	g.t.Helper()
	a, err := g.get(g.ends, back)
	if to := a.header.Get("Location"); err != nil || a.status != http.StatusFound || to != place {
		g.t.Fatalf("what %s has begun ends at %s with %v %d %q %s", g.begins, g.ends, err, a.status, to, a.text)
	}
}

// signsIn does so for the first time. A state that is in the database is good once
// over both sides.
func (g *guest) signsIn(stored bool) {
	g.t.Helper()
	back := g.leaves("/sign-in/social", "acme")
	late := g.copied()
	g.arrives(back, "/home")
	for _, at := range g.site.running() {
		a, err := g.get(at, "/get-session")
		if err != nil || a.member("user.email") != g.name+"@idp.test" {
			g.t.Fatalf("at %s: %v %s", at, err, a.text)
		}
		if !stored {
			continue
		}
		if a, err := late.get(at, back); err != nil || !strings.Contains(a.header.Get("Location"), "error=state_mismatch") {
			g.t.Errorf("the state is good again at %s: %v %v", at, err, a.header)
		}
	}
	g.account = g.accounts(1)[0]["id"].(string)
}

// accounts lists as many as there are to be, alike at both sides.
func (g *guest) accounts(n int) (list []map[string]any) {
	g.t.Helper()
	var texts [2]string
	for i, at := range []side{theirs, ours} {
		a, err := g.get(at, "/list-accounts")
		if texts[i] = a.text; err != nil {
			g.t.Fatal(err)
		}
	}
	if err := json.Unmarshal([]byte(texts[1]), &list); err != nil || texts[0] != texts[1] || len(list) != n {
		g.t.Fatalf("the accounts are\n%s\n%s %v", texts[0], texts[1], err)
	}
	return list
}

// token asks a side for the access token of the account.
func (g *guest) token(at side, account map[string]any) string {
	g.t.Helper()
	return g.asks(at, "/get-access-token", account, http.StatusOK).member("accessToken")
}

// hasTokens reads and renews at each side what the other has encrypted.
func (g *guest) hasTokens() {
	g.t.Helper()
	account := map[string]any{"accountId": g.account}
	token := g.token(g.begins, account)
	for _, renewing := range []side{g.begins, g.ends, g.begins} {
		if n := g.site.count(`select count(*) from account where "accessToken" = $1 or "refreshToken" is null`, token); n != 0 || token == "" {
			g.t.Errorf("the token %q is stored as it is, or no other", token)
		}
		renewed := g.asks(renewing, "/refresh-token", account, http.StatusOK).member("accessToken")
		for _, at := range g.site.running() {
			if got := g.token(at, account); got != renewed || got == token {
				g.t.Errorf("after %s has renewed %q into %q, %s has %q", renewing, token, renewed, at, got)
			}
		}
		token = renewed
	}
}

// hasAccountCookie does the same with what the browser keeps of the account.
func (g *guest) hasAccountCookie() {
	g.t.Helper()
	inCookie := map[string]any{"useAccountCookie": true}
	g.asks(g.ends, "/refresh-token", map[string]any{"accountId": g.account}, http.StatusOK)
	g.arrives(g.leaves("/sign-in/social", "acme"), "/home")
	for _, renewing := range []side{g.begins, g.ends} {
		renewed := g.asks(renewing, "/refresh-token", inCookie, http.StatusOK).member("accessToken")
		for _, at := range g.site.running() {
			if got := g.token(at, inCookie); got != renewed {
				g.t.Errorf("after %s has renewed the cookie's token into %q, %s reads %q", renewing, renewed, at, got)
			}
		}
	}
}

// links adds another provider, and none once the session has ended that wanted it.
func (g *guest) links() {
	g.t.Helper()
	gone := g.device
	g.device = gone.copied()
	g.arrives(g.leaves("/sign-in/social", "acme"), "/home") // another session
	back := g.leaves("/link-social", "github")
	same := g.copied() // with the state, where that is in a cookie
	g.asks(g.ends, "/sign-out", map[string]any{}, http.StatusOK)
	g.device = same
	g.arrives(back, "/failed?error=unable_to_link_account")
	g.device = gone
	g.arrives(g.leaves("/link-social", "github"), "/home")
	g.accounts(2)
}

// comesAgain signs in from another browser by what was linked.
func (g *guest) comesAgain() {
	g.t.Helper()
	g.device = g.site.device()
	g.arrives(g.leaves("/sign-in/social", "github"), "/home")
	a, err := g.get(g.begins, "/get-session")
	if err != nil || a.member("user.email") != g.name+"@idp.test" {
		g.t.Errorf("%v %s", err, a.text)
	}
}

// binds wants that a flow binds the code and the ID token to it.
func (g *guest) binds(address string) {
	g.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		g.t.Fatal(err)
	}
	for _, name := range []string{"code_challenge", "nonce", "state"} {
		if u.Query().Get(name) == "" {
			g.t.Errorf("%s of %s has no %s", address, g.begins, name)
		}
	}
}
