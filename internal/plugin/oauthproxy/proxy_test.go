package oauthproxy_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

const base = `
emailAndPassword: {enabled: true}
rateLimit: {enabled: false}
socialProviders: {google: {clientId: app, clientSecret: app-secret}}
secret: one secret of production and of preview alike
`

// site is a production server and a preview, each with a database of its own.
type site struct {
	t                   *testing.T
	idp                 *idptest.Server
	production, preview *authtest.Server
}

func newSite(t *testing.T, production, preview string) *site {
	t.Helper()
	idp := idptest.New(t)
	start := func(yaml string) *authtest.Server { return authtest.New(t, yaml, authtest.Outbound(idp.Transport())) }
	w := &site{t: t, idp: idp, production: start(base + production)}
	w.preview = start(base + strings.ReplaceAll(preview, "PRODUCTION", w.production.Server.Auth.Origin))
	return w
}

const onPreview = "plugins: {oAuthProxy: {productionURL: PRODUCTION}}"

// begin begins a flow at the preview and gives the path at which the browser comes
// to the production server.
func (w *site) begin(c *authtest.Client, path string, script idptest.Script) string {
	w.t.Helper()
	body := map[string]any{"provider": "google", "callbackURL": "/home", "errorCallbackURL": "/failed"}
	address, _ := c.Post(path, body).Is(http.StatusOK).JSON()["url"].(string)
	landing, err := w.idp.Browse(w.t.Context(), address, script)
	if err != nil {
		w.t.Fatal(err)
	}
	if !strings.HasPrefix(landing.Address, w.production.Server.Auth.BaseURL+"/callback/google?") {
		w.t.Errorf("the provider sends the browser to %s", landing.Address)
	}
	return pathOf(landing.Address)
}

func pathOf(address string) string {
	_, path, _ := strings.Cut(address, "/api/auth")
	return path
}

// pass has the production server send a browser on, and gives the path at the
// preview.
func (w *site) pass(path string) string {
	w.t.Helper()
	to := w.production.Client().Get(path).Is(http.StatusFound).Header.Get("Location")
	if !strings.HasPrefix(to, w.preview.Server.Auth.BaseURL+"/callback/google/oauth-proxy?") {
		w.t.Errorf("the production server sends the browser to %s", to)
	}
	return pathOf(to)
}

func location(a *authtest.Answer) string { return a.Is(http.StatusFound).Header.Get("Location") }

func TestAPreviewAndItsProductionServer(t *testing.T) {
	t.Parallel()
	w := newSite(t, "plugins: {oAuthProxy: {}}", onPreview)
	c := w.preview.Client()
	path := w.pass(w.begin(c, "/sign-in/social", idptest.Script{}))
	if to := location(c.Get(path)); to != "/home" || c.Cookie("session_token") == "" {
		t.Errorf("the preview sends the browser to %s", to)
	}
	const users = `select count(*) from "user" join account on account."userId" = "user".id where email = 'odalys.finch@mail.test'`
	if here, there := w.preview.Count(users), w.production.Count(`select count(*) from "user"`); here != 1 || there != 0 {
		t.Errorf("there are %d users at the preview and %d at the production server", here, there)
	}
	if to := location(c.Get(path)); to != "/failed?error=state_mismatch" {
		t.Errorf("the second time it leads to %s", to)
	}
	// A server that is told its name sends browsers there.
	named := newSite(t, "plugins: {oAuthProxy: {}}", "plugins: {oAuthProxy: {productionURL: PRODUCTION, currentURL: 'https://preview.test'}}")
	to := location(named.production.Client().Get(named.begin(named.preview.Client(), "/sign-in/social", idptest.Script{})))
	if !strings.HasPrefix(to, "https://preview.test/api/auth/callback/google/oauth-proxy?") {
		t.Errorf("the production server sends the browser to %s", to)
	}
}

// Whoever has begun a flow ends it; an address that somebody else has got leads to
// nobody's session, and to nobody's account.
func TestAnotherBrowserEndsNothing(t *testing.T) {
	t.Parallel()
	w := newSite(t, "plugins: {oAuthProxy: {}}", onPreview)
	ann := w.preview.Client()
	ann.Post("/sign-up/email", map[string]any{"name": "Ann", "email": "odalys.finch@mail.test", "password": "correct horse"}).Is(http.StatusOK)
	for _, begin := range []string{"/sign-in/social", "/link-social"} {
		path := w.pass(w.begin(ann, begin, idptest.Script{}))
		bob := w.preview.Client()
		if to := location(bob.Get(path)); to != "/failed?error=state_mismatch" || bob.Cookie("session_token") != "" {
			t.Errorf("%s ends at %s in another browser", begin, to)
		}
	}
	if n := w.preview.Count(`select count(*) from account where "providerId" = 'google'`); n != 0 {
		t.Errorf("%d accounts", n)
	}
	path := w.pass(w.begin(ann, "/link-social", idptest.Script{}))
	if to := location(ann.Get(path)); to != "/home" || w.preview.Count(`select count(*) from account where "providerId" = 'google'`) != 1 {
		t.Errorf("in her own it ends at %s", to)
	}
}

func TestSecretsOfTheProxy(t *testing.T) {
	t.Parallel()
	const own = "secret: a secret of the proxy that both servers share"
	w := newSite(t, "plugins: {oAuthProxy: {"+own+"}}", "plugins: {oAuthProxy: {productionURL: PRODUCTION, "+own+"}}")
	c := w.preview.Client()
	if to := location(c.Get(w.pass(w.begin(c, "/sign-in/social", idptest.Script{})))); to != "/home" {
		t.Errorf("with one secret it ends at %s", to)
	}
	other := newSite(t, "plugins: {oAuthProxy: {secret: a secret of the production server alone}}", onPreview)
	path := other.begin(other.preview.Client(), "/sign-in/social", idptest.Script{})
	if to := location(other.production.Client().Get(path)); !strings.HasSuffix(to, "/error?error=state_mismatch") {
		t.Errorf("with two it ends at %s", to)
	}
}

func TestPayloadsGrowOld(t *testing.T) {
	t.Parallel()
	w := newSite(t, "plugins: {oAuthProxy: {}}", "plugins: {oAuthProxy: {productionURL: PRODUCTION, maxAge: 30}}")
	for wait, want := range map[time.Duration]string{29 * time.Second: "/home", 31 * time.Second: "/failed?error=payload_expired", -11 * time.Second: "/failed?error=payload_expired"} {
		c := w.preview.Client()
		path := w.pass(w.begin(c, "/sign-in/social", idptest.Script{}))
		w.preview.Clock.Advance(wait)
		if to := location(c.Get(path)); to != want {
			t.Errorf("after %s it ends at %s", wait, to)
		}
		w.preview.Clock.Advance(-wait)
	}
}

// Of many who bring the same payload to two servers, one is let in.
func TestAPayloadIsGoodOnce(t *testing.T) {
	t.Parallel()
	for _, strategy := range []string{"database", "cookie"} {
		t.Run(strategy, func(t *testing.T) {
			t.Parallel()
			w := newSite(t, "plugins: {oAuthProxy: {}}", "account: {storeStateStrategy: "+strategy+"}\n"+onPreview)
			c := w.preview.Client()
			path := w.pass(w.begin(c, "/sign-in/social", idptest.Script{}))
			beside := authtest.New(t, base+"account: {storeStateStrategy: "+strategy+"}\nbaseURL: "+w.preview.Server.Auth.Origin+"\nplugins: {oAuthProxy: {}}",
				authtest.Beside(w.preview), authtest.Outbound(w.idp.Transport()))
			var in, refused atomic.Int64
			var all sync.WaitGroup
			for i := range 20 {
				all.Go(func() {
					s := w.preview
					if i%2 == 1 {
						s = beside
					}
					switch to := visit(t, s, c, path); to {
					case "/home":
						in.Add(1)
					case "/failed?error=state_mismatch":
						refused.Add(1)
					default:
						t.Errorf("it ends at %s", to)
					}
				})
			}
			all.Wait()
			if in.Load() != 1 || refused.Load() != 19 || w.preview.Count(`select count(*) from session`) != 1 {
				t.Errorf("%d were let in, %d refused", in.Load(), refused.Load())
			}
		})
	}
}

// visit goes to a path of a server with the cookies of a client, and leaves them as
// they are.
func visit(t *testing.T, s *authtest.Server, c *authtest.Client, path string) string {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/api/auth"+path, nil)
	if err != nil {
		t.Error(err)
		return ""
	}
	for _, name := range []string{"state", "oauth_state"} {
		if value := c.Cookie(name); value != "" {
			r.Header.Add("Cookie", "better-auth."+name+"="+value)
		}
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Error(err)
		return ""
	}
	_ = answer.Body.Close()
	return answer.Header.Get("Location")
}

// Nothing that a client brings makes an error of the server.
func TestProfilesOfStrangers(t *testing.T) {
	t.Parallel()
	w := newSite(t, "plugins: {oAuthProxy: {}}", onPreview)
	for _, profile := range []string{"x", "00", strings.Repeat("0", 200), "$ba$1$" + strings.Repeat("0", 200), "é", strings.Repeat("ab", 8000)} {
		to := location(w.preview.Client().Get("/callback/google/oauth-proxy?callbackURL=/home&profile=" + url.QueryEscape(profile)))
		if !strings.HasSuffix(to, "/error?error=invalid_profile") {
			t.Errorf("%.20q ends at %s", profile, to)
		}
	}
}
