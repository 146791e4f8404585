package server_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/authtest"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/server"
)

func TestCheckTellsWhatToEnterAtProviders(t *testing.T) {
	t.Parallel()
	tells(t, `
baseURL: https://auth.example.com
socialProviders:
  github: {clientId: app, clientSecret: secret}
  spotify: {clientId: app, redirectURI: "https://app.example.com/back"}
  slack: {clientId: app, enabled: false}
plugins:
  oneTap: {}
`,
		"ok socialProviders.github: enter https://auth.example.com/api/auth/callback/github at its console",
		"ok socialProviders.spotify: enter https://app.example.com/back at its console",
		"warning socialProviders.spotify: has no clientSecret",
		"ok socialProviders.slack: is switched off",
		"warning oneTap: has no client id, so that every sign-in is refused")
}

func TestCheckReadsWhatGenericProvidersSay(t *testing.T) {
	t.Parallel()
	idp := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasPrefix(r.URL.Path, "/full/"):
			fmt.Fprintf(w, `{"issuer":"http://%[1]s","authorization_endpoint":"http://%[1]s/a","token_endpoint":"http://%[1]s/t"}`, r.Host)
		case strings.HasPrefix(r.URL.Path, "/half/"):
			fmt.Fprint(w, `{"authorization_endpoint":"http://idp.test/a"}`)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(idp.Close)
	tells(t, `
baseURL: https://preview.example.com
server: {outbound: {allow: [127.0.0.1]}}
socialProviders:
  google: {clientId: app, clientSecret: secret}
plugins:
  genericOAuth:
    config:
      - {preset: gumroad, clientId: app}
      - {preset: keycloak, issuer: "`+idp.URL+`/full", clientId: app, clientSecret: secret}
      - {providerId: half, discoveryUrl: "`+idp.URL+`/half/x", clientId: app, clientSecret: secret, redirectURI: "https://app.example.com/back"}
      - {providerId: gone, discoveryUrl: "`+idp.URL+`/gone", clientId: public-app, tokenEndpointAuth: {method: none}}
      - {providerId: google, authorizationUrl: "https://idp.test/a", tokenUrl: "https://idp.test/t", clientId: app, clientSecret: secret}
  oneTap: {}
  oAuthProxy: {productionURL: "https://app.example.com"}
`,
		"ok socialProviders.google: enter https://app.example.com/api/auth/callback/google at its console",
		"ok genericOAuth.gumroad: enter https://app.example.com/api/auth/callback/gumroad at its console",
		"warning genericOAuth.gumroad: has no clientSecret",
		"ok genericOAuth.keycloak: enter https://app.example.com/api/auth/callback/keycloak at its console",
		"ok genericOAuth.keycloak: has read "+idp.URL+"/full/.well-known/openid-configuration",
		"ok genericOAuth.half: enter https://app.example.com/back at its console",
		"error genericOAuth.half: nobody can sign in: "+idp.URL+"/half/x: the discovery document has no token_endpoint",
		"ok genericOAuth.gone: enter https://app.example.com/api/auth/callback/gone at its console",
		"error genericOAuth.gone: nobody can sign in: "+idp.URL+"/gone: the provider answered 404",
		"ok genericOAuth.google: enter https://app.example.com/api/auth/callback/google at its console",
		"warning genericOAuth.google: hides socialProviders.google",
		"ok oneTap: enter the origins of the pages",
		"warning oAuthProxy: has no secret of its own")
}

// tells compares how the lines about providers begin.
func tells(t *testing.T, options string, want ...string) {
	t.Helper()
	cfg := authtest.Config(t, options)
	cfg.Database.URL = config.NewSecret(authtest.New(t, options).Database)
	if err := server.Complete(cfg, server.ModeOf(cfg)); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range server.Check(t.Context(), cfg, slog.New(slog.DiscardHandler), "") {
		switch kind, _, _ := strings.Cut(f.Subject, "."); kind {
		case "socialProviders", "genericOAuth", "oneTap", "oAuthProxy", "plugins":
			got = append(got, fmt.Sprintf("%s %s: %s", f.Level, f.Subject, f.Text))
		}
	}
	for i := range max(len(want), len(got)) {
		if len(got) != len(want) || !strings.HasPrefix(got[i], want[i]) {
			t.Fatalf("line %d\n%s", i+1, strings.Join(got, "\n"))
		}
	}
}
