package transcript

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"fmt"
	"testing"
)

var encoded = base64.RawURLEncoding.EncodeToString

// signECDSA gives a key as JWK and a signature in the form of JWS.
func signECDSA(t *testing.T, curve elliptic.Curve, sum []byte) (string, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	r, s, err := ecdsa.Sign(rand.Reader, key, sum)
	if err != nil {
		t.Fatal(err)
	}
	size := (curve.Params().BitSize + 7) / 8
	point, err := key.PublicKey.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	jwk := fmt.Sprintf(`{"kty":"EC","crv":%q,"x":%q,"y":%q}`, curve.Params().Name, encoded(point[1:1+size]), encoded(point[1+size:]))
	return jwk, append(r.FillBytes(make([]byte, size)), s.FillBytes(make([]byte, size))...)
}

func TestSignaturesOfEveryAlgorithm(t *testing.T) {
	message := []byte("header.claims")
	sum256, sum512 := sha256.Sum256(message), sha512.Sum512(message)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	rsaJWK := fmt.Sprintf(`{"kty":"RSA","n":%q,"e":"AQAB"}`, encoded(key.N.Bytes()))
	pkcs, _ := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum256[:])
	pss, _ := rsa.SignPSS(rand.Reader, key, crypto.SHA256, sum256[:], &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	p256, es256 := signECDSA(t, elliptic.P256(), sum256[:])
	p521, es512 := signECDSA(t, elliptic.P521(), sum512[:])
	keys := map[string]string{"ES256": p256, "ES512": p521, "RS256": rsaJWK, "PS256": rsaJWK}
	signatures := map[string][]byte{"ES256": es256, "ES512": es512, "RS256": pkcs, "PS256": pss}
	for alg, signature := range signatures {
		if err := verifySignature(alg, keys[alg], message, signature); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
		if verifySignature(alg, keys[alg], []byte("header.claimz"), signature) == nil {
			t.Errorf("%s: another message was accepted", alg)
		}
		for other, jwk := range keys {
			if other != alg && verifySignature(alg, jwk, message, signatures[other]) == nil {
				t.Errorf("%s: a signature of %s was accepted", alg, other)
			}
		}
	}
	for _, alg := range []string{"none", "HS256", "ES384", ""} {
		if verifySignature(alg, p256, message, es256) == nil {
			t.Errorf("algorithm %q was accepted", alg)
		}
	}
}

func TestShortRSAKeysAreRefused(t *testing.T) {
	jwk := fmt.Sprintf(`{"kty":"RSA","n":%q,"e":"AQAB"}`, encoded(make([]byte, 128)))
	if verifySignature("RS256", jwk, nil, nil) == nil {
		t.Error("a short key was accepted")
	}
}
