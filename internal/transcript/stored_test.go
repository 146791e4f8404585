package transcript

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"golang.org/x/crypto/chacha20poly1305"
)

// hashOfHorse was made by Better Auth's own hashPassword("moved with the tables").
const hashOfHorse = "3e49c78b1ccc32606394790ac1a56345:24187024715868afa7a1eae4b72a6aa569ab84e2f5607df32fa4e4b187d80b3bbb9acfcedf838e619777b6bb46bf6d25b53f6fee8df6388805e758d4f0181a0d"

func emptyReader(config string) *reader { return newReader(Conversation{Config: config}, nil) }

func TestHashesAreTriedWithThePasswordsSent(t *testing.T) {
	r := emptyReader("{}")
	if got := r.column(context.Background(), "password", hashOfHorse); got != "<hash of an unknown password 1>" {
		t.Errorf("before: %s", got)
	}
	r.remember([]byte(`{"password":"other"}`))
	r.remember([]byte("\ufeff" + `{"password":"moved with the tables"}`))
	r.remember([]byte("email=x&password=form+one"))
	r.remember([]byte(`{"password":5}`))
	if got := r.column(context.Background(), "password", hashOfHorse); got != `<hash of "moved with the tables">` {
		t.Errorf("after: %s", got)
	}
	if got := r.column(context.Background(), "password", strings.ToUpper(hashOfHorse)); strings.HasPrefix(got, "<hash") {
		t.Errorf("a hash of another form: %s", got)
	}
}

// seal encrypts as the contract's envelope says, with a fixed nonce.
func seal(t *testing.T, secret, plain string) string {
	t.Helper()
	key := sha256.Sum256([]byte(secret))
	box, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		t.Fatal(err)
	}
	nonce := make([]byte, box.NonceSize())
	return hex.EncodeToString(box.Seal(nonce, nonce, []byte(plain), nil))
}

func TestStoredKeysAreOpened(t *testing.T) {
	const jwk = `{"kty":"OKP","d":"AAAA"}`
	r := emptyReader(`{"secrets":[{"version":2,"value":"new"},{"version":1,"value":"old"}]}`)
	for what, c := range map[string]struct{ stored, want string }{
		"in the clear":         {jwk, `{"kty":"OKP","d":"<key d 1> of 4 characters"}`},
		"under the old way":    {quote(seal(t, Secret, jwk)), `<encrypted {"kty":"OKP","d":"<key d 1> of 4 characters"}>`},
		"under a version":      {quote("$ba$2$" + seal(t, "new", jwk)), `<encrypted by version 2 {"kty":"OKP","d":"<key d 1> of 4 characters"}>`},
		"under another":        {quote("$ba$1$" + seal(t, "new", jwk)), "<not decryptable: chacha20poly1305: message authentication failed>"},
		"in upper case":        {quote(strings.ToUpper(seal(t, Secret, jwk))), "<not decryptable: not an envelope>"},
		"without its quotes":   {seal(t, Secret, jwk), seal(t, Secret, jwk)},
		"with spaces inside":   {`{"kty": "OKP"}`, `{"kty": "OKP"}`},
		"plain JSON in quotes": {quote(jwk), "<not decryptable: not an envelope>"},
	} {
		if got := r.column(context.Background(), "privateKey", c.stored); got != c.want {
			t.Errorf("%s: %s, want %s", what, got, c.want)
		}
	}
}
