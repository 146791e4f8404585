package jose_test

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/jose"
)

var algorithms = []string{jose.EdDSA, jose.ES256, jose.ES512, jose.RS256, jose.PS256}

// keySet is the /jwks text for one key.
func keySet(alg, kid, public string) []byte {
	return fmt.Appendf(nil, `{"keys":[{"alg":%q,"kid":%q,%s]}`, alg, kid, public[1:])
}

func TestSignAndVerify(t *testing.T) {
	for _, alg := range algorithms {
		t.Run(alg, func(t *testing.T) {
			t.Parallel()
			pair, err := jose.Generate(alg, 0, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			signer, err := jose.NewSigner(alg, `k"1`, pair.Private)
			if err != nil {
				t.Fatal(err)
			}
			token, err := signer.Sign([]byte(`{"sub":"u"}`))
			if err != nil {
				t.Fatal(err)
			}
			header, _ := base64.RawURLEncoding.DecodeString(strings.Split(token, ".")[0])
			if want := `{"alg":"` + alg + `","kid":"k\"1"}`; string(header) != want {
				t.Errorf("header %s, want %s", header, want)
			}
			payload, err := jose.Verify(token, keySet(alg, `k"1`, pair.Public))
			if err != nil || string(payload) != `{"sub":"u"}` {
				t.Errorf("verified to %s, %v", payload, err)
			}
			if _, err := jose.Verify(token[:len(token)-2]+"AA", keySet(alg, `k"1`, pair.Public)); err == nil {
				t.Error("a tampered signature was accepted")
			}
			if _, err := jose.Verify(token, keySet(alg, "k2", pair.Public)); err == nil {
				t.Error("a key of another id was accepted")
			}
		})
	}
}

func TestMembersAreInTheStoredOrder(t *testing.T) {
	// As the original's library writes them (jose 6, exportJWK).
	for alg, want := range map[string][2]string{
		jose.EdDSA: {"crv x kty", "crv d x kty"},
		jose.ES256: {"kty x y crv", "kty x y crv d"},
		jose.ES512: {"kty x y crv", "kty x y crv d"},
		jose.RS256: {"kty n e", "kty n e d p q dp dq qi"},
		jose.PS256: {"kty n e", "kty n e d p q dp dq qi"},
	} {
		pair, err := jose.Generate(alg, 0, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for i, text := range []string{pair.Public, pair.Private} {
			var names []string
			for _, m := range regexp.MustCompile(`"(\w+)":`).FindAllStringSubmatch(text, -1) {
				names = append(names, m[1])
			}
			if got := strings.Join(names, " "); got != want[i] || !json.Valid([]byte(text)) {
				t.Errorf("%s: %s, want %s", alg, got, want[i])
			}
		}
	}
}

func TestECCoordinatesArePadded(t *testing.T) {
	for alg, size := range map[string]int{jose.ES256: 43, jose.ES512: 88} {
		for range 40 { // one in 256 begins with a zero byte; ES512 half of the time
			pair, err := jose.Generate(alg, 0, rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			var key struct{ X, Y, D string }
			if err := json.Unmarshal([]byte(pair.Private), &key); err != nil {
				t.Fatal(err)
			}
			if len(key.X) != size || len(key.Y) != size || len(key.D) != size {
				t.Fatalf("%s: lengths %d %d %d, want %d", alg, len(key.X), len(key.Y), len(key.D), size)
			}
		}
	}
}

func TestWrongKeysAreRefused(t *testing.T) {
	pairs := map[string]jose.KeyPair{}
	for _, alg := range algorithms {
		pair, err := jose.Generate(alg, 0, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		pairs[alg] = pair
	}
	for _, alg := range algorithms {
		for other, pair := range pairs {
			same := alg == other || strings.HasSuffix(alg, "S256") && strings.HasSuffix(other, "S256") && alg[0] != 'E' && other[0] != 'E'
			if _, err := jose.NewSigner(alg, "k", pair.Private); (err == nil) != same {
				t.Errorf("a key for %s with %s: %v", other, alg, err)
			}
		}
	}
	for name, text := range map[string]string{
		"nothing": "", "no JWK": "{}", "public": pairs[jose.EdDSA].Public,
		"short seed": `{"crv":"Ed25519","d":"AAAA","x":"AAAA","kty":"OKP"}`, "symmetric": `{"kty":"oct","k":"AAAA"}`,
	} {
		if _, err := jose.NewSigner(jose.EdDSA, "k", text); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
	for _, alg := range []string{"HS256", "none", "", "ES384"} {
		if _, err := jose.Generate(alg, 0, rand.Reader); err == nil {
			t.Errorf("%q was accepted", alg)
		}
	}
	if _, err := jose.Generate(jose.RS256, 1024, rand.Reader); err == nil {
		t.Error("a short RSA key was made")
	}
	if err := jose.CheckPublic(pairs[jose.EdDSA].Private); err == nil {
		t.Error("a private key passed for a public one")
	}
	if err := jose.CheckPublic(pairs[jose.RS256].Public); err != nil {
		t.Error(err)
	}
}

func BenchmarkSign(b *testing.B) {
	for _, alg := range algorithms {
		pair, err := jose.Generate(alg, 0, rand.Reader)
		if err != nil {
			b.Fatal(err)
		}
		signer, err := jose.NewSigner(alg, "kid", pair.Private)
		if err != nil {
			b.Fatal(err)
		}
		payload := []byte(strings.Repeat("x", 400))
		b.Run(alg, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := signer.Sign(payload); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
