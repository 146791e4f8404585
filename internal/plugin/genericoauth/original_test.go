package genericoauth

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/outbound"
)

// played is what testdata/original.mjs has recorded of the original's plugin.
type played struct {
	Name             string
	Config           json.RawMessage
	Answers          web
	Refused, Missing bool
	Discovery        []request
	Steps            []struct {
		Step         string
		Given, Gives json.RawMessage
		Asked        []request
	}
}

// web is what other servers answer, by address.
type web map[string]struct {
	Status int
	Body   json.RawMessage
}

type request struct {
	Method, URL string
	Headers     map[string]string
	Body        string
}

// watched answers as web does, and notes what it is asked.
type watched struct {
	web
	mu    sync.Mutex
	asked []request
}

func (w *watched) RoundTrip(r *http.Request) (*http.Response, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	body := ""
	if r.Body != nil {
		text, _ := io.ReadAll(r.Body)
		body = string(text)
	}
	headers := map[string]string{}
	for name, values := range r.Header {
		headers[strings.ToLower(name)] = values[0]
	}
	address := r.URL.String()
	if !strings.HasSuffix(address, "/jwks") {
		w.asked = append(w.asked, request{r.Method, address, headers, body})
	}
	answer, ok := w.web[address]
	if answer.Status == 0 {
		answer.Status = http.StatusOK
	}
	if !ok {
		answer.Status = http.StatusNotFound
	}
	return &http.Response{StatusCode: answer.Status, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(answer.Body)), Request: r}, nil
}

func (w *watched) take() []request {
	w.mu.Lock()
	defer w.mu.Unlock()
	asked := w.asked
	w.asked = nil
	return asked
}

var theTime = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// plugin gives the parts of a plugin that make providers.
func plugin(t *testing.T, w http.RoundTripper) *GenericOAuth {
	t.Helper()
	g := &GenericOAuth{
		auth: &auth.Auth{
			BaseURL: "https://us.test/api/auth", Now: func() time.Time { return theTime },
			Rand: strings.NewReader(strings.Repeat("0123456789", 100)),
		},
		client: &client{outbound.New(outbound.Options{Transport: w})}, log: slog.New(slog.DiscardHandler),
	}
	g.ctx, g.stop = context.WithCancel(t.Context())
	t.Cleanup(g.stop)
	return g
}

// options reads the options of one provider as a file has them.
func options(text []byte) (*Provider, error) {
	var cfg Config
	_, err := config.Load(&cfg, config.Source{Name: "test", Text: fmt.Appendf(nil, `{"config":[%s]}`, text)})
	if err != nil {
		return nil, err
	}
	o := &cfg.Config[0]
	return o, o.settle()
}

func TestAsTheOriginalDoes(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/original.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []played
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	for _, one := range all {
		t.Run(one.Name, func(t *testing.T) { t.Parallel(); one.play(t) })
	}
}

func (one *played) play(t *testing.T) {
	o, err := options(one.Config)
	if one.Refused != (err != nil) {
		t.Fatalf("refused: %v, the original %v", err, one.Refused)
	}
	if one.Refused {
		return
	}
	w := &watched{web: one.Answers}
	g := plugin(t, w)
	var p *oauth.Provider
	if o.DiscoveryURL == "" {
		p = g.newProvider(o, &document{})
	} else {
		p = g.read(o)
	}
	sameRequests(t, "discovery", w.take(), one.Discovery)
	if one.Missing != (p == nil) {
		t.Fatalf("there is a provider: %t", p != nil)
	}
	for i, step := range one.Steps {
		name := fmt.Sprintf("%d %s", i, step.Step)
		got := do(t, p, step.Step, step.Given)
		var want any
		if err := json.Unmarshal(step.Gives, &want); err != nil {
			t.Fatal(err)
		}
		if want == "failed" {
			want = nil // an exception here, an error there
		}
		if text, err := api.JSON(got); err != nil || !sameJSON(text, want) {
			t.Errorf("%s gives\n\t%s (%v), the original\n\t%s", name, text, err, step.Gives)
		}
		sameRequests(t, name, w.take(), step.Asked)
	}
}

func sameJSON(text []byte, want any) bool {
	var got any
	return json.Unmarshal(text, &got) == nil && reflect.DeepEqual(got, want)
}

// assertionIn is what of a request is signed anew each time.
var assertionIn = regexp.MustCompile(`client_assertion=[^&]+`)

// sent are the headers that are compared: the others are the libraries'.
var sent = []string{"authorization", "content-type", "accept", "x-stage", "x-id"}

func sameRequests(t *testing.T, name string, got, want []request) {
	t.Helper()
	plain := func(list []request) (out []string) {
		for _, r := range list {
			body := assertionIn.ReplaceAllString(r.Body, "client_assertion=...")
			line := []string{r.Method, r.URL, body}
			for _, header := range sent {
				value := r.Headers[header]
				// What each library says by itself where nobody has said anything.
				if header == "accept" && (value == "*/*" || value == "application/json, text/plain, */*" || r.Method == http.MethodGet) {
					continue
				}
				line = append(line, header+"="+strings.TrimSuffix(value, ";charset=UTF-8"))
			}
			out = append(out, strings.Join(line, " "))
		}
		return out
	}
	if g, w := strings.Join(plain(got), "\n\t"), strings.Join(plain(want), "\n\t"); g != w {
		t.Errorf("%s asks\n\t%s\nthe original\n\t%s", name, g, w)
	}
}

// given is what the steps take.
type given struct {
	State, CodeVerifier, RedirectURI, LoginHint, IDTokenNonce, Code string
	Scopes                                                          []string
	AdditionalParams                                                json.RawMessage
	AccessToken, IDToken, ExpectedIDTokenNonce                      string
	Token, Nonce, PostLogoutRedirectURI                             string
}

// do takes a step; nil stands for a failure.
func do(t *testing.T, p *oauth.Provider, step string, text json.RawMessage) any {
	t.Helper()
	ctx := t.Context()
	var in given
	if step == "refresh" {
		var token string
		_ = json.Unmarshal(text, &token)
		tokens, err := p.Refresh(ctx, token)
		return plainTokens(tokens, err)
	}
	if text != nil {
		if err := json.Unmarshal(text, &in); err != nil {
			t.Fatal(err)
		}
	}
	switch step {
	case "traits":
		o := p.Options
		return map[string]any{
			"id": p.ID, "name": p.Name, "issuer": p.Issuer, "nonce": p.BindsNonce, "idpInitiated": p.IdPInitiated,
			"disableImplicitSignUp": o.DisableImplicitSignUp, "disableSignUp": o.DisableSignUp,
			"override": o.OverrideUserInfo, "requireVerified": o.RequireEmailVerified,
		}
	case "authorize":
		address, err := p.Authorize(oauth.Authorization{
			State: in.State, Verifier: in.CodeVerifier, RedirectURI: in.RedirectURI, Nonce: in.IDTokenNonce,
			Scopes: in.Scopes, LoginHint: in.LoginHint, Extra: extra(t, in.AdditionalParams),
		})
		if err != nil {
			t.Fatal(err)
		}
		return address
	case "exchange":
		tokens, err := p.Exchange(ctx, oauth.Code{Code: in.Code, Verifier: in.CodeVerifier, RedirectURI: in.RedirectURI})
		return plainTokens(tokens, err)
	case "user":
		tokens := &oauth.Tokens{Access: in.AccessToken, ID: in.IDToken, Nonce: in.ExpectedIDTokenNonce}
		info, err := p.UserInfo(ctx, tokens)
		return plainUser(t, p, tokens, info, err)
	case "idToken":
		switch {
		case p.CheckIDToken == nil:
			return "unsupported"
		case p.CheckIDToken(ctx, in.Token, in.Nonce) != nil:
			return "refused"
		}
		info, err := p.IDTokenUser(ctx, in.Token)
		return plainUser(t, p, &oauth.Tokens{ID: in.Token}, info, err)
	case "logout":
		if p.EndSession == nil {
			return ""
		}
		return p.EndSession(oauth.Logout{IDToken: in.IDToken, RedirectURI: in.PostLogoutRedirectURI, State: in.State})
	}
	t.Fatalf("an unknown step: %s", step)
	return nil
}

func extra(t *testing.T, text json.RawMessage) []oauth.Param {
	t.Helper()
	var list []oauth.Param
	if text == nil {
		return nil
	}
	object, err := oauth.ParseObject(text)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range object {
		list = append(list, oauth.Param{Name: m.Key, Value: m.Value.(string)})
	}
	return list
}

func plainTokens(tokens *oauth.Tokens, err error) any {
	if err != nil {
		return nil
	}
	expires := 0
	if !tokens.AccessExpiresAt.IsZero() {
		expires = int(tokens.AccessExpiresAt.Sub(theTime).Seconds())
	}
	return map[string]any{"access": tokens.Access, "refresh": tokens.Refresh, "id": tokens.ID, "scopes": tokens.Scopes, "expires": expires}
}

func plainUser(t *testing.T, p *oauth.Provider, tokens *oauth.Tokens, info *oauth.UserInfo, err error) any {
	t.Helper()
	if err != nil {
		return nil
	}
	return api.Object{{Key: "user", Value: info.User}, {Key: "data", Value: info.Profile}, {Key: "subject", Value: textOf(p.Subject(tokens, info.Profile))}}
}

// TestAssertions tells what the original's do: who, to whom, and for how long.
func TestAssertions(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("testdata/original.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []played
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	tried := 0
	for _, one := range all {
		if !strings.HasPrefix(one.Name, "private ") || one.Refused {
			continue
		}
		tried++
		o, err := options(one.Config)
		if err != nil {
			t.Fatal(err)
		}
		w := &watched{web: one.Answers}
		if _, err := plugin(t, w).newProvider(o, &document{}).Exchange(t.Context(), oauth.Code{Code: "c"}); err != nil {
			t.Fatal(err)
		}
		got, want := assertionClaims(t, w.take()), assertionClaims(t, one.Steps[0].Asked)
		if got["iat"] != float64(theTime.Unix()) || got["jti"] == "" || got["jti"] == want["jti"] {
			t.Errorf("%s: iat %v, jti %v", one.Name, got["iat"], got["jti"])
		}
		got["exp"], want["exp"] = got["exp"].(float64)-got["iat"].(float64), want["exp"].(float64)-want["iat"].(float64)
		for _, c := range []map[string]any{got, want} {
			delete(c, "iat")
			delete(c, "jti")
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: claims %v, the original's %v", one.Name, got, want)
		}
	}
	if tried != 2 {
		t.Errorf("%d assertions compared", tried)
	}
}

// assertionClaims gives what an assertion says, its header among it.
func assertionClaims(t *testing.T, asked []request) map[string]any {
	t.Helper()
	form, err := url.ParseQuery(asked[0].Body)
	if err != nil {
		t.Fatal(err)
	}
	claims, err := oauth.DecodeJWT(form.Get("client_assertion"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := api.JSON(claims)
	if err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	header, err := base64.RawURLEncoding.DecodeString(strings.Split(form.Get("client_assertion"), ".")[0])
	if err != nil {
		t.Fatal(err)
	}
	var members any
	if err := json.Unmarshal(header, &members); err != nil {
		t.Fatal(err)
	}
	out["header"] = members
	return out
}
