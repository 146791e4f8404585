package provider_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/sallyport-auth/sallyport/internal/config"
	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/oauth"
	"github.com/sallyport-auth/sallyport/internal/oauth/provider"
	"github.com/sallyport-auth/sallyport/internal/outbound"
)

func appleKey(t *testing.T) (text, public string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	public = fmt.Sprintf(`{"keys":[{"kty":"EC","crv":"P-256","kid":"K1","x":%q,"y":%q}]}`, encode(point[1:33]), encode(point[33:]))
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})), public
}

// Apple's secret is a JWT (https://developer.apple.com/documentation/accountorganizationaldatasharing/creating-a-client-secret).
func TestAppleSecretsAreSignedAndRenewed(t *testing.T) {
	t.Parallel()
	text, public := appleKey(t)
	keys, err := jose.ParseKeySet([]byte(public))
	if err != nil {
		t.Fatal(err)
	}
	var form url.Values
	transport := inPlace(func(r *http.Request) reply {
		body, _ := io.ReadAll(r.Body)
		form, _ = url.ParseQuery(string(body))
		return answered(`{"access_token":"a"}`)
	})
	clock := now
	made, err := provider.New("apple", oauth.Options{
		ClientID: config.One("app.test"), TeamID: "T1", KeyID: "K1", PrivateKey: config.NewSecret(text),
	}, provider.Deps{
		Client: outbound.New(outbound.Options{Transport: transport}), Now: func() time.Time { return clock },
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := made.Authorize(oauth.Authorization{State: "s", Verifier: verifier, RedirectURI: redirectURI}); err != nil {
		t.Error(err)
	}
	ask := func() string {
		t.Helper()
		if _, err := made.Exchange(t.Context(), oauth.Code{Code: "c", Verifier: verifier, RedirectURI: redirectURI}); err != nil {
			t.Fatal(err)
		}
		return form.Get("client_secret")
	}
	first := ask()
	payload, err := keys.Verify(first, []string{jose.ES256})
	want := fmt.Sprintf(`{"iss":"T1","iat":%d,"exp":%d,"aud":"https://appleid.apple.com","sub":"app.test"}`, now.Unix(), now.Unix()+24*3600)
	if err != nil || string(payload) != want || form.Get("client_id") != "app.test" {
		t.Errorf("%s, %v; want %s", payload, err, want)
	}
	clock = now.Add(22 * time.Hour)
	if ask() != first {
		t.Error("another secret while the first is good")
	}
	clock = now.Add(23*time.Hour + time.Minute)
	if second := ask(); second == first {
		t.Error("the same secret shortly before its end")
	}
}

func TestAppleOptionsGoTogether(t *testing.T) {
	t.Parallel()
	text, _ := appleKey(t)
	for name, o := range map[string]oauth.Options{
		"no team":   {KeyID: "K1", PrivateKey: config.NewSecret(text)},
		"no key id": {TeamID: "T1", PrivateKey: config.NewSecret(text)},
		"no key":    {TeamID: "T1", KeyID: "K1"},
		"two":       {TeamID: "T1", KeyID: "K1", PrivateKey: config.NewSecret(text), ClientSecret: config.NewSecret("secret")},
		"no PEM":    {TeamID: "T1", KeyID: "K1", PrivateKey: config.NewSecret(strings.Repeat("hidden", 20))},
		"half":      {TeamID: "T1", KeyID: "K1", PrivateKey: config.NewSecret(text[:80] + "\n-----END PRIVATE KEY-----\n")},
	} {
		o.ClientID = config.One("app.test")
		_, err := provider.New("apple", o, provider.Deps{Now: time.Now})
		if err == nil || strings.Contains(err.Error(), "hidden") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
