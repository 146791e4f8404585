package oracle_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

const social = `{"baseURL":"http://auth.test","rateLimit":{"enabled":false},"advanced":{"disableCSRFCheck":true},
"socialProviders":{"google":{"clientId":"app","clientSecret":"app-secret"}},
"plugins":{"genericOAuth":{"config":[{"providerId":"oidc","clientId":"app","clientSecret":"app-secret","discoveryUrl":"https://idp.test/.well-known/openid-configuration"}]}}}`

// Originals of one process each ask their own provider, whatever they ask at the
// same time, and one that has none asks nobody else's.
func TestEveryOriginalAsksItsOwnProvider(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	t.Parallel()
	host, err := oracle.NewHost(t.Context(), secret)
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	var providers [2]*idptest.Server
	var urls [2]string
	for i := range providers {
		providers[i] = idptest.New(t)
		o := oracle.Options{Config: social, DatabaseURL: pgtest.URL(t), Provider: providers[i].URL}
		if urls[i], _, err = host.Start(o); err != nil {
			t.Fatal(err)
		}
		if asked := addresses(providers[i].Asked()); !slices.Equal(asked, []string{"https://idp.test/.well-known/openid-configuration"}) {
			t.Errorf("while it starts, original %d asks %v", i, asked)
		}
	}
	plain, _, err := host.Start(oracle.Options{Config: config, DatabaseURL: pgtest.URL(t)})
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	for i := range 6 {
		wait.Go(func() {
			someone := idptest.Script{Alone: true, Claims: fmt.Appendf(nil, `{"sub":"user-%d","email":"user-%d@mail.test"}`, i, i)}
			signIn(t, urls[i%2], []string{"google", "oidc"}[i/2%2], providers[i%2], someone)
			if status, _ := ask(t, plain+"/api/auth/ok"); status != 200 {
				t.Errorf("the one without a provider answers %d", status)
			}
		})
	}
	wait.Wait()
	for i, provider := range providers {
		asked := addresses(provider.Asked())
		if google, oidc := count(asked, "https://oauth2.googleapis.com/token"), count(asked, "https://idp.test/token"); google != 2 || oidc != 1 {
			t.Errorf("original %d asked %v", i, asked)
		}
	}
}

func count(all []string, one string) (n int) {
	for _, other := range all {
		if other == one {
			n++
		}
	}
	return n
}

func addresses(asked []idptest.Request) []string {
	all := make([]string, len(asked))
	for i, r := range asked {
		all[i] = r.URL
	}
	return all
}

// signIn signs in at one provider of an original.
func signIn(t *testing.T, at, id string, provider *idptest.Server, script idptest.Script) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Error(err)
		return
	}
	browser := &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	begun, err := browser.Post(at+"/api/auth/sign-in/social", "application/json", strings.NewReader(`{"provider":"`+id+`","callbackURL":"/home"}`))
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = begun.Body.Close() }()
	var answer struct{ URL string }
	if err := json.NewDecoder(begun.Body).Decode(&answer); err != nil || answer.URL == "" {
		t.Errorf("%s: sign-in begins with %d %v", id, begun.StatusCode, err)
		return
	}
	landing, err := provider.Browse(t.Context(), answer.URL, script)
	if err != nil {
		t.Error(err)
		return
	}
	to, err := url.Parse(landing.Address)
	if err != nil {
		t.Error(err)
		return
	}
	ended, err := browser.Get(at + to.RequestURI())
	if err != nil {
		t.Error(err)
		return
	}
	defer func() { _ = ended.Body.Close() }()
	if ended.Header.Get("Location") != "/home" {
		t.Errorf("%s: sign-in ends with %d %v", id, ended.StatusCode, ended.Header)
	}
}
