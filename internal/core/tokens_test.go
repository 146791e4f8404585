package core_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

const withGitHub = authtest.Starter + "socialProviders: {github: {clientId: app, clientSecret: app-secret}}\n"

// githubTokens lets a user sign in at the provider and gives the tokens.
func githubTokens(t *testing.T, idp *idptest.Server) (access, refresh string) {
	t.Helper()
	const back, verifier = "https://app.test/callback", "a-verifier-0123456789-0123456789-0123456789-0123456789"
	sum := sha256.Sum256([]byte(verifier))
	landing, err := idp.Browse(t.Context(), "https://github.com/login/oauth/authorize?"+url.Values{
		"response_type": {"code"}, "client_id": {"app"}, "redirect_uri": {back}, "state": {"s"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}.Encode(), idptest.Script{})
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.Parse(landing.Address)
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://github.com/login/oauth/access_token", strings.NewReader(url.Values{
		"grant_type": {"authorization_code"}, "code": {to.Query().Get("code")}, "redirect_uri": {back}, "code_verifier": {verifier},
		"client_id": {"app"}, "client_secret": {idptest.SecretOf("app")},
	}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	got, err := idp.Transport().RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = got.Body.Close() }()
	var tokens struct {
		Access  string `json:"access_token"`
		Refresh string `json:"refresh_token"`
	}
	if err := json.NewDecoder(got.Body).Decode(&tokens); err != nil || tokens.Access == "" || tokens.Refresh == "" {
		t.Fatalf("the provider gave %+v, %v", tokens, err)
	}
	return tokens.Access, tokens.Refresh
}

// linkGitHub gives the user of an address an account with good tokens, whose access
// token ends after a time.
func linkGitHub(t *testing.T, s *authtest.Server, idp *idptest.Server, email, id string, life time.Duration) (access, refresh string) {
	t.Helper()
	access, refresh = githubTokens(t, idp)
	s.Exec(`insert into account (id, "accountId", "providerId", "userId", "accessToken", "refreshToken", "accessTokenExpiresAt", scope, "createdAt", "updatedAt")
		select $2, '48151623', 'github', id, $3, $4, $5, 'read:user,user:email', now(), now() from "user" where email = $1`,
		email, id, access, refresh, s.Clock.Now().Add(life))
	return access, refresh
}

// refreshes counts how often the provider was shown a refresh token since it was
// last asked.
func refreshes(idp *idptest.Server) (n int) {
	for _, r := range idp.Asked() {
		if strings.Contains(r.Body, "grant_type=refresh_token") {
			n++
		}
	}
	return n
}

var byID = map[string]any{"accountId": "social"}

func TestAnAccessTokenIsRenewedWhenItEndsSoon(t *testing.T) {
	t.Parallel()
	idp := idptest.New(t)
	s := authtest.New(t, withGitHub, authtest.Outbound(idp.Transport()))
	defer s.Clock.Stop()()
	c := s.Client()
	c.SignUp("ann@example.test")
	access, refresh := linkGitHub(t, s, idp, "ann@example.test", "social", 5*time.Second+time.Millisecond)
	a := c.Post("/get-access-token", byID).Is(http.StatusOK)
	if !strings.HasPrefix(a.Text, `{"accessToken":"`+access+`","accessTokenExpiresAt":"`) ||
		!strings.HasSuffix(a.Text, `Z","scopes":["read:user","user:email"]}`) || refreshes(idp) != 0 {
		t.Errorf("5 s before its end: %s", a.Text)
	}
	s.Clock.Advance(2 * time.Millisecond)
	a = c.Post("/get-access-token", byID).Is(http.StatusOK)
	if a.JSON()["accessToken"] == access || refreshes(idp) != 1 {
		t.Errorf("less than 5 s before its end: %s", a.Text)
	}
	if n := s.Count(`select count(*) from account where "accessToken" = $1 and "refreshToken" <> $2 and scope = 'read:user,user:email'`, a.JSON()["accessToken"], refresh); n != 1 {
		t.Error("what the provider gave is not stored")
	}
	if again := c.Post("/get-access-token", byID).Is(http.StatusOK); again.Text != a.Text || refreshes(idp) != 0 {
		t.Errorf("again: %s after %s", again.Text, a.Text)
	}
	if n := s.Count(`select count(*) from sallyport.token_refresh`); n != 0 {
		t.Errorf("%d attempts are left", n)
	}
}

func TestTokensAreRenewedWhenAsked(t *testing.T) {
	t.Parallel()
	idp := idptest.New(t)
	s := authtest.New(t, withGitHub, authtest.Outbound(idp.Transport()))
	c := s.Client()
	c.SignUp("ann@example.test")
	access, refresh := linkGitHub(t, s, idp, "ann@example.test", "social", time.Hour)
	for range 2 {
		a := c.Post("/refresh-token", byID).Is(http.StatusOK)
		const want = "accessToken refreshToken accessTokenExpiresAt refreshTokenExpiresAt scope idToken providerId accountId"
		got := a.JSON()
		if order := keys(t, a.Text); order != want || got["accessToken"] == access || got["refreshToken"] == refresh || got["accountId"] != "social" {
			t.Errorf("got %s", a.Text)
		}
		access, refresh = got["accessToken"].(string), got["refreshToken"].(string)
	}
	for _, fault := range []string{"500", "400", "text", "half", "null", "list", "object", "hangup", "redirect", "huge"} {
		idp.Tell("github", idptest.Script{Token: fault})
		c.Post("/refresh-token", byID).Code(http.StatusBadRequest, "FAILED_TO_REFRESH_ACCESS_TOKEN")
	}
	s.Exec(`update account set "accessTokenExpiresAt" = now() - interval '1 hour' where id = 'social'`)
	c.Post("/get-access-token", byID).Code(http.StatusBadRequest, "FAILED_TO_GET_ACCESS_TOKEN")
	c.Get("/account-info?accountId=social").Code(http.StatusBadRequest, "FAILED_TO_GET_ACCESS_TOKEN")
	idp.Tell("github", idptest.Script{Token: "text"})
	s.Exec(`update account set "refreshToken" = null where id = 'social'`)
	c.Post("/refresh-token", byID).Code(http.StatusBadRequest, "REFRESH_TOKEN_NOT_FOUND")
	if got := c.Post("/get-access-token", byID).Is(http.StatusOK).JSON()["accessToken"]; got != access {
		t.Errorf("what cannot be renewed is answered with %v", got)
	}
}

func TestAProviderTellsOfItsUser(t *testing.T) {
	t.Parallel()
	idp := idptest.New(t)
	s := authtest.New(t, withGitHub, authtest.Outbound(idp.Transport()))
	c := s.Client()
	c.SignUp("ann@example.test")
	linkGitHub(t, s, idp, "ann@example.test", "social", time.Hour)
	a := c.Get("/account-info?accountId=social").Is(http.StatusOK)
	if part(t, a, "user")["email"] != "Morven.Hale@mail.test" || part(t, a, "data")["login"] != "morven-hale" ||
		!strings.HasSuffix(a.Text, `"account":{"id":"social","providerId":"github","accountId":"48151623"}}`) {
		t.Errorf("got %s", a.Text)
	}
	for _, fault := range []string{"500", "401", "text", "null", "hangup", "redirect", "huge"} {
		idp.Tell("github", idptest.Script{User: fault})
		c.Get("/account-info?accountId=social").Code(http.StatusUnauthorized, "FAILED_TO_GET_USER_INFO")
	}
	s.Exec(`update account set "accessToken" = null where id = 'social'`)
	c.Get("/account-info?accountId=social").Code(http.StatusBadRequest, "ACCESS_TOKEN_NOT_FOUND")
	c.Post("/get-access-token", byID).Is(http.StatusOK)
}

// Both kinds of tokens are kept encrypted when that is asked for, and a change of
// the secret leaves those of before good.
func TestEncryptedTokensOutliveAChangeOfTheSecret(t *testing.T) {
	t.Parallel()
	idp := idptest.New(t)
	const encrypting = withGitHub + "account: {encryptOAuthTokens: true}\n"
	s := authtest.New(t, encrypting, authtest.Outbound(idp.Transport()))
	s.Client().SignUp("ann@example.test")
	access, _ := linkGitHub(t, s, idp, "ann@example.test", "social", -time.Hour)
	c := s.Client()
	c.Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusOK)
	renewed := c.Post("/get-access-token", byID).Is(http.StatusOK).JSON()["accessToken"]
	if n := s.Count(`select count(*) from account where id = 'social' and "accessToken" ~ '^[0-9a-f]+$' and "refreshToken" ~ '^[0-9a-f]+$'`); n != 1 || renewed == access {
		t.Error("the tokens are not stored encrypted")
	}
	other := authtest.New(t, encrypting+"baseURL: "+s.URL+"\nsecrets: [{version: 1, value: another-secret-0123456789-ABCDEFGHIJKLM}]\n",
		authtest.Beside(s), authtest.Outbound(idp.Transport()))
	o := other.Client()
	o.Post("/sign-in/email", credentials("ann@example.test")).Is(http.StatusOK)
	if got := o.Post("/get-access-token", byID).Is(http.StatusOK).JSON()["accessToken"]; got != renewed {
		t.Errorf("after a change of the secret the access token is %v, not %v", got, renewed)
	}
	o.Post("/refresh-token", byID).Is(http.StatusOK)
	if n := s.Count(`select count(*) from account where id = 'social' and "accessToken" like '$ba$1$%' and "refreshToken" like '$ba$1$%'`); n != 1 {
		t.Error("new tokens are not under the new secret")
	}
	c.Post("/get-access-token", byID).Code(http.StatusBadRequest, "FAILED_TO_GET_ACCESS_TOKEN")
}
