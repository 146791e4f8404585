package genericoauth_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
	"github.com/sallyport-auth/sallyport/internal/plugin/genericoauth"
)

// signIn carries a browser through a flow and gives where it ends.
func signIn(t *testing.T, c *authtest.Client, idp *idptest.Server, more, claims string) string {
	t.Helper()
	a := c.Post("/sign-in/social", `{"provider":"acme","callbackURL":"/in","errorCallbackURL":"/no"`+more+`}`).Is(http.StatusOK)
	return finish(t, c, idp, a.Header.Get("Location"), claims)
}

func finish(t *testing.T, c *authtest.Client, idp *idptest.Server, address, claims string) string {
	t.Helper()
	landing, err := idp.Browse(t.Context(), address, idptest.Script{Claims: json.RawMessage(claims)})
	if err != nil {
		t.Fatal(err)
	}
	_, back, _ := strings.Cut(landing.Address, "/api/auth")
	return c.Get(back).Header.Get("Location")
}

func TestRulesOfAProvider(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ option, more, claims, want, sql string }{
		"by default":            {"", "", "", "/in", `select count(*) from "user" where "emailVerified"`},
		"not by itself":         {", disableImplicitSignUp: true", "", "", "/no?error=signup_disabled", `select 1 - count(*) from "user"`},
		"when it is asked":      {", disableImplicitSignUp: true", `,"requestSignUp":true`, "", "/in", `select count(*) from "user"`},
		"not even then":         {", disableSignUp: true", `,"requestSignUp":true`, "", "/no?error=signup_disabled", `select 1 - count(*) from "user"`},
		"unverified is let in":  {"", "", `{"email_verified":false}`, "/in", `select count(*) from session`},
		"or not":                {", requireEmailVerification: true", "", `{"email_verified":false}`, "/no?error=email_not_verified", `select 1 - count(*) from session`},
		"verified is, of these": {", requireEmailVerification: true", "", "", "/in", `select count(*) from session`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, idp := with(t, discovered+c.option, "")
			if got := signIn(t, s.Client(), idp, c.more, c.claims); got != c.want {
				t.Errorf("it ends at %s, want %s", got, c.want)
			}
			if n := s.Count(c.sql); n != 1 {
				t.Errorf("%s gives %d", c.sql, n)
			}
		})
	}
}

func TestInfoIsWrittenOver(t *testing.T) {
	t.Parallel()
	for option, want := range map[string]string{"": "Ida Idstein", ", overrideUserInfo: true": "Ida New"} {
		s, idp := with(t, discovered+option, "")
		signIn(t, s.Client(), idp, "", "")
		signIn(t, s.Client(), idp, "", `{"name":"Ida New"}`)
		if n := s.Count(`select count(*) from "user" where name = $1`, want); n != 1 {
			t.Errorf("%q: nobody is named %s", option, want)
		}
	}
}

func TestACallbackThatBeginsASignIn(t *testing.T) {
	t.Parallel()
	s, idp := with(t, discovered+", allowIdpInitiated: true", "")
	c := s.Client()
	address := c.Get("/callback/acme?code=theirs").Is(http.StatusFound).Header.Get("Location")
	if !strings.HasPrefix(address, "https://idp.test/authorize?") {
		t.Fatalf("it leads to %s", address)
	}
	if to := finish(t, c, idp, address, ""); strings.Contains(to, "error") || c.Cookie("session_token") == "" {
		t.Errorf("it ends at %s", to)
	}
	other, _ := with(t, discovered, "")
	if to := other.Client().Get("/callback/acme?code=theirs").Header.Get("Location"); !strings.HasSuffix(to, "error=state_not_found") {
		t.Errorf("without the option it leads to %s", to)
	}
}

// TestAProviderThatIsNotThere has nobody in its place, and is back once its document
// can be read.
func TestAProviderThatIsNotThere(t *testing.T) {
	t.Parallel()
	idp := idptest.New(t)
	idp.Tell("oidc", idptest.Script{Discovery: "500"})
	s := authtest.New(t, plain+"socialProviders: {github: {clientId: app, clientSecret: app-secret}}\n"+
		"plugins: {genericOAuth: {config: [{"+strings.Replace(discovered, "acme", "github", 1)+"}]}}", authtest.Outbound(idp.Transport()))
	defer s.Clock.Stop()()
	ask := func() *authtest.Answer { return s.Client().Post("/sign-in/social", `{"provider":"github"}`) }
	ask() // may wait for the reading of the start, which does not count as asked for
	if got := ask().Is(http.StatusNotFound).Text; !strings.Contains(got, "PROVIDER_NOT_FOUND") {
		t.Errorf("it is %s", got)
	}
	idp.Tell("oidc", idptest.Script{})
	ask().Is(http.StatusNotFound)
	s.Clock.Advance(genericoauth.PauseOfDiscovery)
	u, err := url.Parse(ask().Is(http.StatusOK).Header.Get("Location"))
	if err != nil || u.Host != "idp.test" {
		t.Errorf("it leads to %s, %v", u, err)
	}
	if log := s.Log.String(); !strings.Contains(log, "discovery document cannot be used") || !strings.Contains(log, "hides the built-in one") {
		t.Errorf("the log says nothing of it:\n%s", log)
	}
}

// TestAnIDTokenAlone tells who its user is: an access token that a client brings
// beside it is not believed.
func TestAnIDTokenAlone(t *testing.T) {
	t.Parallel()
	s, idp := with(t, discovered, "")
	token, err := idp.SignIDToken("oidc", "app", "", idptest.Script{Claims: json.RawMessage(`{"email":null}`)})
	if err != nil {
		t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"provider": "acme", "idToken": map[string]any{"token": token, "accessToken": "x"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Client().Post("/sign-in/social", string(body)).Is(http.StatusUnauthorized).Text; !strings.Contains(got, "FAILED_TO_GET_USER_INFO") {
		t.Errorf("it is %s", got)
	}
	for _, r := range idp.Asked() {
		if strings.HasSuffix(r.URL, "/userinfo") {
			t.Errorf("asked for %s", r.URL)
		}
	}
}
