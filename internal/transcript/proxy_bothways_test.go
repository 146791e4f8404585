package transcript_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
	"github.com/sallyport-auth/sallyport/internal/postgres/pgtest"
	"github.com/sallyport-auth/sallyport/internal/transcript"
	"github.com/sallyport-auth/sallyport/internal/transcript/oracle"
)

// Production and preview, with a database each.
const (
	productionSite = `{"baseURL": "http://prod.test", "rateLimit": {"enabled": false}, %s
		"socialProviders": {"google": {"clientId": "app", "clientSecret": "app-secret"}}, "plugins": {"oAuthProxy": {}}}`
	previewSite = `{"baseURL": "http://preview.test", "rateLimit": {"enabled": false}, %s
		"socialProviders": {"google": {"clientId": "app", "clientSecret": "app-secret"}}, "plugins": {"oAuthProxy": {"productionURL": "http://prod.test"}}}`
)

// TestEitherServerIsThePreviewOfTheOther begins a sign-in at a preview that is one of
// the servers, and has the other one as the production server.
func TestEitherServerIsThePreviewOfTheOther(t *testing.T) {
	if testing.Short() {
		t.Skip("needs Node")
	}
	host, err := oracle.NewHost(t.Context(), transcript.Secret)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(host.Close)
	for name, options := range map[string]string{
		"state in the database": "",
		"state in a cookie":     `"account": {"storeStateStrategy": "cookie"},`,
		"versions of secrets":   `"secrets": [{"version": 2, "value": "the-second-secret-0123456789-ABCDEFGH"}, {"version": 1, "value": "the-first-secret-0123456789-ABCDEFGHI"}],`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			theirs := func(config string) transcript.Target {
				idp := idptest.New(t)
				url, stop, err := host.Start(oracle.Options{Config: fmt.Sprintf(config, options), DatabaseURL: pgtest.URL(t), Provider: idp.URL})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(stop)
				return transcript.Target{BaseURL: url, Provider: idp}
			}
			ours := func(config string) transcript.Target {
				return startSallyport(t, transcript.Conversation{Topic: "proxy", Name: name, Config: fmt.Sprintf(config, options)}, nil)
			}
			swapPreviews(t, theirs(previewSite), ours(productionSite))
			swapPreviews(t, ours(previewSite), theirs(productionSite))
		})
	}
}

func swapPreviews(t *testing.T, preview, production transcript.Target) {
	t.Helper()
	begun, cookies := visit(t, preview.BaseURL, "preview.test", http.MethodPost, "/api/auth/sign-in/social", "", `{"provider":"google","callbackURL":"/home","newUserCallbackURL":"/welcome"}`)
	landing, err := production.Provider.Browse(t.Context(), begun, idptest.Script{})
	if err != nil {
		t.Fatal(err)
	}
	path, ok := strings.CutPrefix(landing.Address, "http://prod.test")
	if !ok {
		t.Fatalf("the provider sends the browser to %s", landing.Address)
	}
	to, _ := visit(t, production.BaseURL, "prod.test", http.MethodGet, path, "", "")
	path, ok = strings.CutPrefix(to, "http://preview.test")
	if !ok {
		t.Fatalf("the production server sends the browser to %s", to)
	}
	to, cookies = visit(t, preview.BaseURL, "preview.test", http.MethodGet, path, cookies, "")
	if to != "/welcome" || !strings.Contains(cookies, "session_token=") {
		t.Errorf("the preview sends the browser to %s with %s", to, cookies)
	}
}

// visit gives where a server sends a browser, and the cookies that it sets.
func visit(t *testing.T, base, host, method, path, cookies, body string) (to, set string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, base+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Host = host
	r.Header.Set("Origin", "http://"+host)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if cookies != "" {
		r.Header.Set("Cookie", cookies)
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	to = answer.Header.Get("Location")
	if method == http.MethodPost {
		var begun struct{ URL string }
		if err := json.NewDecoder(answer.Body).Decode(&begun); err != nil {
			t.Fatal(err)
		}
		to = begun.URL
	}
	var pairs []string
	for _, c := range answer.Cookies() {
		pairs = append(pairs, c.Name+"="+c.Value)
	}
	return to, strings.Join(pairs, "; ")
}
