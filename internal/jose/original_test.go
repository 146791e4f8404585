package jose_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/jose"
)

// vector is a key pair and a token made by the original's library (jose
// 6.2.18 on Node 20), as Better Auth uses it.
type vector struct {
	Alg, Public, Private, KID, Payload, Token string
}

func vectors(t *testing.T) []vector {
	t.Helper()
	text, err := os.ReadFile("testdata/original.json")
	if err != nil {
		t.Fatal(err)
	}
	var out []vector
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestVerifiesTokensOfTheOriginal(t *testing.T) {
	for _, v := range vectors(t) {
		payload, err := jose.Verify(v.Token, keySet(v.Alg, v.KID, v.Public))
		if err != nil || string(payload) != v.Payload {
			t.Errorf("%s: %s, %v", v.Alg, payload, err)
		}
	}
}

func TestSignsWithKeysOfTheOriginal(t *testing.T) {
	for _, v := range vectors(t) {
		signer, err := jose.NewSigner(v.Alg, v.KID, v.Private)
		if err != nil {
			t.Errorf("%s: %v", v.Alg, err)
			continue
		}
		token, err := signer.Sign([]byte(v.Payload))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := jose.Verify(token, keySet(v.Alg, v.KID, v.Public)); err != nil {
			t.Errorf("%s: %v", v.Alg, err)
		}
		// EdDSA and RS256 always sign alike, the others all but the signature.
		want, got := v.Token, token
		if v.Alg != jose.EdDSA && v.Alg != jose.RS256 {
			want, got = want[:strings.LastIndexByte(want, '.')], got[:strings.LastIndexByte(got, '.')]
		}
		if got != want {
			t.Errorf("%s: %s, want %s", v.Alg, got, want)
		}
		if err := jose.CheckPublic(v.Public); err != nil {
			t.Errorf("%s: %v", v.Alg, err)
		}
	}
}

func TestHeaderDecidesNothing(t *testing.T) {
	byAlg := map[string]vector{}
	for _, v := range vectors(t) {
		byAlg[v.Alg] = v
	}
	v := byAlg[jose.RS256]
	signature := v.Token[strings.LastIndexByte(v.Token, '.'):]
	body := strings.Split(v.Token, ".")[1]
	for _, header := range []string{
		`{"alg":"none","kid":"kid-RS256"}`, `{"alg":"HS256","kid":"kid-RS256"}`, `{"alg":"PS256","kid":"kid-RS256"}`,
		`{"alg":"RS256"}`, `{"kid":"kid-RS256"}`, `[]`, `{`, ``,
	} {
		token := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + body + signature
		if _, err := jose.Verify(token, keySet(v.Alg, v.KID, v.Public)); err == nil {
			t.Errorf("accepted with header %s", header)
		}
	}
	for _, token := range []string{"", ".", "..", "a.b.c", v.Token + ".", v.Token + "=", " " + v.Token, v.Token[:len(v.Token)-4]} {
		if _, err := jose.Verify(token, keySet(v.Alg, v.KID, v.Public)); err == nil {
			t.Errorf("accepted %q", token)
		}
	}
}

// The signature is right, and what it says of its meaning is not understood.
func TestRefusesExtensionsThatMustBeUnderstood(t *testing.T) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys := keySet(jose.EdDSA, "k", fmt.Sprintf(`{"kty":"OKP","crv":"Ed25519","x":%q}`, base64.RawURLEncoding.EncodeToString(public)))
	for header, good := range map[string]bool{
		`{"alg":"EdDSA","kid":"k"}`:                             true,
		`{"alg":"EdDSA","kid":"k","x":1}`:                       true,
		`{"alg":"EdDSA","kid":"k","crit":["x"],"x":1}`:          false,
		`{"alg":"EdDSA","kid":"k","crit":[]}`:                   false,
		`{"alg":"EdDSA","kid":"k","crit":["b64"],"b64":false}`:  false,
		`{"alg":"EdDSA","kid":"k","crit":["exp"],"exp":123456}`: false,
	} {
		input := base64.RawURLEncoding.EncodeToString([]byte(header)) + ".e30"
		token := input + "." + base64.RawURLEncoding.EncodeToString(ed25519.Sign(private, []byte(input)))
		if _, err := jose.Verify(token, keys); (err == nil) != good {
			t.Errorf("%s: %v", header, err)
		}
	}
}

func TestHalvesMustBelongTogether(t *testing.T) {
	for _, v := range vectors(t) {
		other, err := jose.Generate(v.Alg, 0, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		for _, member := range []string{"x", "n", "d"} {
			mixed, changed := mix(t, v.Private, other.Private, member)
			if !changed {
				continue
			}
			if _, err := jose.NewSigner(v.Alg, "k", mixed); err == nil {
				t.Errorf("%s: %s of another key was accepted", v.Alg, member)
			} else if secret := memberOf(t, v.Private, "d"); strings.Contains(err.Error(), secret) {
				t.Errorf("%s: the error quotes the key", v.Alg)
			}
		}
	}
}

func TestShortWidthsAreRefused(t *testing.T) {
	for _, v := range vectors(t) {
		if v.Alg[0] != 'E' {
			continue
		}
		for _, member := range []string{"x", "y", "d"} {
			short, changed := edit(t, v.Private, member, func(octets []byte) []byte { return octets[1:] })
			if _, err := jose.NewSigner(v.Alg, "k", short); changed && err == nil {
				t.Errorf("%s: %s without its first octet was accepted", v.Alg, member)
			}
			long, changed := edit(t, v.Private, member, func(octets []byte) []byte { return append([]byte{0}, octets...) })
			if _, err := jose.NewSigner(v.Alg, "k", long); changed && err == nil {
				t.Errorf("%s: %s with an octet too many was accepted", v.Alg, member)
			}
		}
	}
}

// mix puts a member of one JWK into another.
func mix(t *testing.T, into, from, member string) (string, bool) {
	t.Helper()
	value := memberOf(t, from, member)
	octets, _ := base64.RawURLEncoding.DecodeString(value)
	return edit(t, into, member, func([]byte) []byte { return octets })
}

// edit changes the octets of a member of a JWK, if it is there.
func edit(t *testing.T, jwk, member string, change func([]byte) []byte) (string, bool) {
	t.Helper()
	old := memberOf(t, jwk, member)
	octets, err := base64.RawURLEncoding.DecodeString(old)
	if err != nil {
		t.Fatal(err)
	}
	if old == "" {
		return jwk, false
	}
	return strings.Replace(jwk, old, base64.RawURLEncoding.EncodeToString(change(octets)), 1), true
}

// memberOf gives a member of a JWK, empty where there is none.
func memberOf(t *testing.T, jwk, name string) string {
	t.Helper()
	var members map[string]string
	if err := json.Unmarshal([]byte(jwk), &members); err != nil {
		t.Fatal(err)
	}
	return members[name]
}

func FuzzVerify(f *testing.F) {
	pair, err := jose.Generate(jose.EdDSA, 0, rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	signer, err := jose.NewSigner(jose.EdDSA, "k", pair.Private)
	if err != nil {
		f.Fatal(err)
	}
	token, err := signer.Sign([]byte(`{}`))
	if err != nil {
		f.Fatal(err)
	}
	set := keySet(jose.EdDSA, "k", pair.Public)
	for _, seed := range []string{token, "", "..", "e30.e30.", token + "A", "eyJhbGciOiJub25lIn0..", strings.Replace(token, ".", "..", 1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := jose.Verify(text, set); (err == nil) != (text == token) {
			t.Errorf("%q: %v", text, err)
		}
	})
}

func FuzzNewSigner(f *testing.F) {
	for _, alg := range algorithms {
		pair, err := jose.Generate(alg, 0, rand.Reader)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(alg, pair.Private)
		f.Add(alg, pair.Public)
	}
	f.Add("", `{"kty":"oct","k":"AA"}`)
	f.Fuzz(func(t *testing.T, alg, text string) {
		signer, err := jose.NewSigner(alg, "k", text)
		if err != nil {
			return
		}
		if _, err := signer.Sign([]byte("{}")); err != nil {
			t.Errorf("%s: a key was accepted that does not sign: %v", alg, err)
		}
	})
}
