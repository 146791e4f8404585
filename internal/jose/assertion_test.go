package jose_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"

	"github.com/sallyport-auth/sallyport/internal/jose"
)

func pkcs8(t *testing.T, key any) string {
	t.Helper()
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
}

func asJWK(t *testing.T, key any, more map[string]string) string {
	t.Helper()
	imported, err := jwk.Import(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range more {
		if err := imported.Set(name, value); err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(imported)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestAssertionsAreSignedInEveryAlgorithm(t *testing.T) {
	t.Parallel()
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	ec := func(c elliptic.Curve) crypto.Signer {
		key, err := ecdsa.GenerateKey(c, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string]crypto.Signer{"ES256": ec(elliptic.P256()), "ES384": ec(elliptic.P384()), "ES512": ec(elliptic.P521()), "EdDSA": ed}
	for _, alg := range []string{"RS256", "RS384", "RS512", "PS256", "PS384", "PS512"} {
		keys[alg] = rsaKey
	}
	for alg, key := range keys {
		for form, k := range map[string]jose.AssertionKey{
			"PEM": {PEM: pkcs8(t, key), KeyID: "mine", Algorithm: alg},
			"JWK": {JWK: asJWK(t, key, map[string]string{"kid": "mine", "alg": alg})},
		} {
			a, err := jose.NewAssertions(k)
			if err != nil {
				t.Errorf("%s %s: %v", alg, form, err)
				continue
			}
			token, err := a.Sign([]byte(`{"iss":"me"}`))
			if err != nil {
				t.Fatal(err)
			}
			header, _ := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[0])
			if got, want := string(header), `{"alg":"`+alg+`","kid":"mine","typ":"JWT"}`; got != want {
				t.Errorf("%s %s: header %s, want %s", alg, form, got, want)
			}
			known, _ := jwa.LookupSignatureAlgorithm(alg)
			if payload, err := jws.Verify([]byte(token), jws.WithKey(known, key.Public())); err != nil || string(payload) != `{"iss":"me"}` {
				t.Errorf("%s %s: %s, %v", alg, form, payload, err)
			}
		}
	}
}

func TestKeysThatSignNoAssertions(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	public := asJWK(t, key.Public(), nil)
	for name, k := range map[string]jose.AssertionKey{
		"none":             {},
		"no PEM":           {PEM: "secret words"},
		"no PKCS#8":        {PEM: "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"},
		"no JWK":           {JWK: `{"kty":"secret words"}`},
		"public":           {JWK: public},
		"shared secret":    {JWK: `{"kty":"oct","k":"c2VjcmV0IHdvcmRz"}`, Algorithm: "HS256"},
		"of another kind":  {PEM: pkcs8(t, key)}, // RS256 is the default
		"of another curve": {PEM: pkcs8(t, key), Algorithm: "ES512"},
		"of two minds":     {JWK: asJWK(t, key, map[string]string{"alg": "ES256"}), Algorithm: "ES384"},
		"unknown":          {PEM: pkcs8(t, key), Algorithm: "ES257"},
	} {
		if _, err := jose.NewAssertions(k); err == nil || strings.Contains(err.Error(), "secret words") || strings.Contains(err.Error(), "c2VjcmV0") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
