package jose_test

import (
	"crypto/rand"
	"errors"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/jose"
)

const typ = "better-auth.session-cache+jwt"

func TestVerifierWantsTheTypeOfToken(t *testing.T) {
	for _, alg := range algorithms {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			pair, err := jose.Generate(alg, 0, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			signer, err := jose.NewSigner(alg, "k1", pair.Private)
			if err != nil {
				t.Fatal(err)
			}
			verifier, err := jose.NewVerifier(alg, pair.Public)
			if err != nil {
				t.Fatal(err)
			}
			typed, err := signer.SignTyped(typ, []byte("{}"))
			if err != nil {
				t.Fatal(err)
			}
			if payload, err := verifier.Verify(typed, typ); err != nil || string(payload) != "{}" {
				t.Errorf("verified to %q, %v", payload, err)
			}
			if kid, err := jose.KeyID(typed); kid != "k1" || err != nil {
				t.Errorf("signed by %q, %v", kid, err)
			}
			untyped, err := signer.Sign([]byte("{}"))
			if err != nil {
				t.Fatal(err)
			}
			for name, token := range map[string]string{"without a type": untyped, "altered": typed[:len(typed)-4] + "AAAA", "empty": ""} {
				if _, err := verifier.Verify(token, typ); !errors.Is(err, jose.ErrInvalid) {
					t.Errorf("%s: %v", name, err)
				}
			}
			if _, err := verifier.Verify(typed, "JWT"); err == nil {
				t.Error("a token of one type passes for another")
			}
		})
	}
}

func TestVerifierRefusesKeysOfAnotherKind(t *testing.T) {
	for _, v := range vectors(t) {
		if _, err := jose.NewVerifier(v.Alg, v.Private); err == nil {
			t.Errorf("%s: a private key was taken", v.Alg)
		}
		for _, alg := range append(algorithms, "HS256", "none", "") {
			rsa := map[string]bool{jose.RS256: true, jose.PS256: true}
			_, err := jose.NewVerifier(alg, v.Public)
			if fits := alg == v.Alg || rsa[alg] && rsa[v.Alg]; (err == nil) != fits {
				t.Errorf("a key for %s with %q: %v", v.Alg, alg, err)
			}
		}
	}
}
