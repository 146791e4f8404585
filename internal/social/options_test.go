package social_test

import (
	"net/url"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/outbound"
	"github.com/sallyport-auth/sallyport/internal/social"
)

// newSocial makes the providers of a configuration on a server without any.
func newSocial(t *testing.T, yaml string) *social.Social {
	t.Helper()
	cfg := authtest.Config(t, yaml)
	s, err := social.New(authtest.New(t, authtest.Starter).Server.Auth, cfg.Social, social.Deps{Client: outbound.New(outbound.Options{})})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestOptionsOfAProvider(t *testing.T) {
	t.Parallel()
	s := newSocial(t, `socialProviders: {github: {clientId: [one, two], scope: [repo], disableDefaultScope: true, prompt: consent,
		redirectURI: "https://app.test/back", authorizationEndpoint: "https://github.test/authorize"}}`)
	address, err := s.Provider("github").Authorize(oauth.Authorization{State: "s", Verifier: "v"})
	if err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	if got := u.Scheme + "://" + u.Host + u.Path; got != "https://github.test/authorize" {
		t.Errorf("the browser is sent to %s", got)
	}
	for name, want := range map[string]string{
		"client_id": "one", "scope": "repo", "prompt": "consent", "redirect_uri": "https://app.test/back",
	} {
		if got := u.Query().Get(name); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
	if newSocial(t, "socialProviders: {github: {clientId: one, enabled: false}}").Provider("github") != nil {
		t.Error("a provider that is off is there")
	}
}

func TestAPluginsProviderShadowsABuiltInOne(t *testing.T) {
	t.Parallel()
	s := newSocial(t, "socialProviders: {github: {clientId: one}}")
	own := &oauth.Provider{ID: "github", CallbackPath: "oauth2/callback/github"}
	if got, want := s.CallbackURL(s.Provider("github")), "/api/auth/callback/github"; got[len(got)-len(want):] != want {
		t.Errorf("the built-in one is called back at %s", got)
	}
	s.Add(own)
	if s.Provider("github") != own {
		t.Error("it does not")
	}
	if got, want := s.CallbackURL(own), "/api/auth/oauth2/callback/github"; got[len(got)-len(want):] != want {
		t.Errorf("it is called back at %s", got)
	}
}
