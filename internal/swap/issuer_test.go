package swap_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

const twoProviders = `{
	"baseURL": "http://auth.test", "rateLimit": {"enabled": false},
	"socialProviders": {
		"github": {"clientId": "app", "clientSecret": "app-secret"}, "google": {"clientId": "app", "clientSecret": "app-secret"}
	}
}`

// 1.7.1 writes the issuer into each account, and later versions do not. Whoever has
// signed in with a provider there is the same user at 1.7.25 and here; and two
// people who have the same id at two providers keep each other out at neither.
func TestAccountsWithAnIssuerAreThoseOfTheirProvider(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	host, idp := newHost(t), idptest.New(t)
	y := &story{shape: shape{sallyport: twoProviders}, database: pgtest.URL(t)}
	start := func(version string, asIs bool) *place {
		t.Helper()
		at, stop, err := host.Start(oracle.Options{Config: twoProviders, DatabaseURL: y.database, Provider: idp.URL, Version: version, AsIs: asIs})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(stop)
		return &place{t: t, url: at}
	}
	old := start("1.7.1", false)
	ann, bob := old.enters(idp, "github", "1"), old.enters(idp, "google", "2")
	conn, err := pgx.Connect(t.Context(), y.database)
	if err != nil {
		t.Fatal(err)
	}
	rows, _ := conn.Query(t.Context(), `select issuer from account order by "accountId"`)
	if issuers, err := pgx.CollectRows(rows, pgx.RowTo[string]); err != nil || fmt.Sprint(issuers) != "[local:oauth:github https://accounts.google.com]" {
		t.Errorf("%v, %v", issuers, err)
	}
	if err := conn.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	y.shape.plan = []string{"give account.issuer the default local:credential", "drop index account_issuer_accountId_uidx"}
	y.adopted(t)
	ours := authtest.New(t, twoProviders, authtest.Beside(&authtest.Server{Database: y.database}), authtest.Outbound(idp.Transport()))
	for n, at := range []*place{sallyport(t, ours), start("", true)} {
		if again, too := at.enters(idp, "github", "1"), at.enters(idp, "google", "2"); again != ann || too != bob {
			t.Errorf("they were %s and %s, and are %s and %s", ann, bob, again, too)
		}
		id := fmt.Sprint(10 + n)
		if one, other := at.enters(idp, "github", id), at.enters(idp, "google", id); one == other {
			t.Errorf("both are %s", one)
		}
	}
	if n := ours.Count("select count(*) from account"); n != 6 {
		t.Errorf("there are %d accounts", n)
	}
}

// enters goes through a sign-in with a provider, whose user has an id there, and
// gives the id here.
func (p *place) enters(idp *idptest.Server, provider, id string) string {
	p.t.Helper()
	address := fmt.Sprintf("%s-of-%s@idp.test", id, provider)
	script := idptest.Script{
		Claims: json.RawMessage(fmt.Sprintf(`{"sub": %q, "email": %q}`, id, address)),
		Pages: map[string]json.RawMessage{
			"GET https://api.github.com/user":        json.RawMessage(fmt.Sprintf(`{"id": %s, "login": "x"}`, id)),
			"GET https://api.github.com/user/emails": json.RawMessage(fmt.Sprintf(`[{"email": %q, "verified": true, "primary": true}]`, address)),
		},
	}
	begun := p.post("/sign-in/social", "", map[string]any{"provider": provider, "callbackURL": "/home"}).is(http.StatusOK)
	landing, err := idp.Browse(p.t.Context(), begun.member("url"), script)
	if err != nil {
		p.t.Fatal(err)
	}
	back, err := url.Parse(landing.Address)
	if err != nil {
		p.t.Fatal(err)
	}
	ended := p.get(strings.TrimPrefix(back.RequestURI(), "/api/auth"), begun.cookies).is(http.StatusFound)
	if to := ended.header.Get("Location"); to != "/home" {
		p.t.Fatalf("%s of %s is sent to %s", id, provider, to)
	}
	var session struct{ User struct{ ID string } }
	if err := json.Unmarshal([]byte(p.get("/get-session", ended.cookies).is(http.StatusOK).text), &session); err != nil || session.User.ID == "" {
		p.t.Fatalf("%v", err)
	}
	return session.User.ID
}
