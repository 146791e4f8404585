package provider_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"strings"
	"sync"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// key signs the ID tokens of all trials.
var key = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

func encoded(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// keys is the document that a provider publishes.
func keys() string {
	public := key().PublicKey
	return fmt.Sprintf(`{"keys":[{"kty":"RSA","kid":"the-key","alg":"RS256","use":"sig","n":%q,"e":%q}]}`,
		encoded(public.N.Bytes()), encoded(big.NewInt(int64(public.E)).Bytes()))
}

// sign makes an ID token of claims. Where no keys are published, nobody can tell
// whether a signature is right.
func (tr *trial) sign(t *testing.T, claims []byte) string {
	t.Helper()
	header := `{"alg":"RS256","kid":"the-key","typ":"JWT"}`
	if tr.Keys == "" {
		return encoded([]byte(header)) + "." + encoded(claims) + ".c2lnbmF0dXJl"
	}
	return signed(t, header, claims)
}

// tokens are those that were signed, by what was: it takes long.
var tokens sync.Map

func signed(t *testing.T, header string, claims []byte) string {
	t.Helper()
	text := encoded([]byte(header)) + "." + encoded(claims)
	if token, ok := tokens.Load(text); ok {
		return token.(string)
	}
	sum := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, key(), crypto.SHA256, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	token := text + "." + encoded(signature)
	tokens.Store(text, token)
	return token
}

// idTokens are sign-ins with an ID token that the application has got by itself.
func (tr *trial) idTokens(t *testing.T) []*play {
	t.Helper()
	if tr.Keys == "" {
		p := tr.play(t, "idToken", nil)
		p.Token = &token{ID: tr.sign(t, []byte(`{"sub":"1","email":"a@b.test"}`)), Access: "the-access-token"}
		return []*play{p}
	}
	good := tr.sign(t, tr.Claims)
	tokens := map[string]string{
		"good": good, "no token": "", "opaque": "opaque", "two parts": "a.b",
		"another signature": good[:len(good)-8] + "AAAAAAAA",
		"unsigned":          encoded([]byte(`{"alg":"none"}`)) + "." + encoded(tr.Claims) + ".",
		"HS256":             signed(t, `{"alg":"HS256","kid":"the-key"}`, tr.Claims),
		"another key":       signed(t, `{"alg":"RS256","kid":"another"}`, tr.Claims),
		"no kid":            signed(t, `{"alg":"RS256"}`, tr.Claims),
	}
	for _, m := range mutations(t, tr.Claims) {
		tokens[m] = tr.sign(t, []byte(m))
	}
	for _, change := range []api.Member{
		{Key: "exp", Value: now.Unix() - 29},
		{Key: "exp", Value: now.Unix() - 31},
		{Key: "iat", Value: now.Unix() + 29},
		{Key: "iat", Value: now.Unix() + 31},
		{Key: "iat", Value: now.Unix() - 3629},
		{Key: "iat", Value: now.Unix() - 3631},
		{Key: "nbf", Value: now.Unix() + 31},
		{Key: "aud", Value: []any{"other", "the-id"}},
		{Key: "aud", Value: []any{"other"}},
	} {
		claims, err := oauth.ParseObject(tr.Claims)
		if err != nil {
			t.Fatal(err)
		}
		text, err := api.JSON(claims.Set(change.Key, change.Value))
		if err != nil {
			t.Fatal(err)
		}
		tokens[fmt.Sprintf("%s %v", change.Key, change.Value)] = tr.sign(t, text)
	}
	var out []*play
	for name, id := range tokens {
		for _, nonce := range []string{"", "the-nonce", "other"} {
			if nonce != "" && strings.HasPrefix(name, "{") {
				continue
			}
			p := tr.play(t, "idToken", nil)
			p.name += ", " + name
			p.mustWork = name == "good" && nonce == ""
			p.Token = &token{ID: id, Nonce: nonce, Access: "the-access-token"}
			out = append(out, p)
		}
	}
	return out
}
