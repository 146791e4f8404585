package idptest_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/oauth/idptest"
)

func TestIDTokensAreSignedAndBoundToTheRequest(t *testing.T) {
	t.Parallel()
	c := client{t, idptest.New(t)}
	_, document := c.ask("GET", "https://idp.test/.well-known/openid-configuration", nil, nil)
	_, tokens := c.ask("POST", document["token_endpoint"].(string), nil, exchange(c.code(document["authorization_endpoint"].(string), idptest.Script{})))
	header, claims := opened(t, tokens["id_token"].(string))
	if claims["nonce"] != "the-nonce" || claims["aud"] != "app" || claims["iss"] != document["issuer"] || claims["sub"] != "ida-of-idp" {
		t.Errorf("the claims are %v", claims)
	}
	_, set := c.ask("GET", document["jwks_uri"].(string), nil, nil)
	first := set["keys"].([]any)[0].(map[string]any)
	if first["kid"] != header["kid"] {
		t.Errorf("signed by %v, published is %v", header, first)
	}
	c.idp.Rotate("oidc", false)
	_, next := c.ask("GET", document["jwks_uri"].(string), nil, nil)
	if keys := next["keys"].([]any); len(keys) != 1 || keys[0].(map[string]any)["kid"] == header["kid"] {
		t.Errorf("after a rotation the keys are %v", keys)
	}
	c.idp.Rotate("oidc", true)
	if _, next := c.ask("GET", document["jwks_uri"].(string), nil, nil); len(next["keys"].([]any)) != 2 {
		t.Errorf("after a rotation that keeps the old one the keys are %v", next)
	}
}

// Each fault of an ID token shows in what it is, or LINE's endpoint, which checks
// tokens of its own, refuses it.
func TestFaultsOfIDTokens(t *testing.T) {
	t.Parallel()
	idp := idptest.New(t)
	right, err := idp.SignIDToken("oidc", "app", "n", idptest.Script{})
	if err != nil {
		t.Fatal(err)
	}
	rightHeader, rightClaims := opened(t, right)
	for fault := range idptest.IDTokenFaults {
		token, err := idp.SignIDToken("oidc", "app", "n", idptest.Script{IDToken: fault})
		if err != nil {
			t.Fatalf("%s: %v", fault, err)
		}
		if fault == "absent" || fault == "garbage" {
			if strings.Count(token, ".") == 2 {
				t.Errorf("%s: %s", fault, token)
			}
			continue
		}
		header, claims := opened(t, token)
		same := header["alg"] == rightHeader["alg"] && header["kid"] == rightHeader["kid"]
		for _, name := range []string{"iss", "aud", "sub", "nonce"} {
			same = same && claims[name] == rightClaims[name]
		}
		exp, iat := claims["exp"].(float64), claims["iat"].(float64)
		now := float64(time.Now().Unix())
		same = same && exp > now && iat > now-60 && iat <= now+60
		if same != (fault == "signature" || fault == "stranger") {
			t.Errorf("%s: %v %v", fault, header, claims)
		}
	}
}

func opened(t *testing.T, token string) (header, claims map[string]any) {
	t.Helper()
	part := strings.Split(token, ".")
	for i, into := range []*map[string]any{&header, &claims} {
		raw, err := base64.RawURLEncoding.DecodeString(part[i])
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(raw, into); err != nil {
			t.Fatal(err)
		}
	}
	return header, claims
}

// Whatever the fault, a server that gives up in time goes on, and none is a good
// answer, but the slow one.
func TestFaultsOfEndpoints(t *testing.T) {
	t.Parallel()
	c := client{t, idptest.New(t)}
	for fault := range idptest.Faults {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://idp.test/keys", nil)
			if err != nil {
				t.Fatal(err)
			}
			idp := idptest.New(t)
			idp.Tell("oidc", idptest.Script{Keys: fault})
			web := http.Client{
				Transport: idp.Transport(), Timeout: 2 * time.Second,
				CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("a redirect") },
			}
			var body []byte
			got, err := web.Do(r)
			if err == nil {
				defer func() { _ = got.Body.Close() }()
				body, err = io.ReadAll(io.LimitReader(got.Body, 1<<20))
			}
			good := err == nil && got.StatusCode == 200 && strings.Contains(string(body), `"keys":[`)
			if good != (fault == "slow") {
				t.Errorf("the answer is %.200s %v", body, err)
			}
		})
	}
	if _, set := c.ask("GET", "https://idp.test/keys", nil, nil); set["keys"] == nil {
		t.Errorf("without a fault the keys are %v", set)
	}
}
