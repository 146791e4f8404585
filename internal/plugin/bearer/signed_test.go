package bearer

import (
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/auth"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

// FuzzSigned looks for a text with a dot that passes without the signature of
// its first part.
func FuzzSigned(f *testing.F) {
	secrets, err := secure.NewSecrets("a-secret-for-tests-0123456789-ABCDEFGHIJ", nil)
	if err != nil {
		f.Fatal(err)
	}
	b := &Bearer{auth: &auth.Auth{Secrets: secrets}}
	right := secrets.Sign("token")
	signature := strings.TrimRight(strings.TrimPrefix(right, "token."), "=")
	for _, seed := range []string{right, "token", ".", "a.b.c", right + ".x", right + "%00", "%74oken." + signature, strings.Replace(right, "t", "%74", 1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		cookie, ok := b.signed(text)
		if !ok || !strings.Contains(text, ".") {
			return
		}
		value, given, _ := strings.Cut(cookie, ".")
		wanted := strings.TrimPrefix(secrets.Sign(value), value+".")
		given = strings.NewReplacer("-", "+", "_", "/").Replace(given)
		// The last of the 43 characters carries two bits that mean nothing.
		if len(given) < signatureLength || given[:signatureLength-1] != wanted[:signatureLength-1] {
			t.Errorf("%q passed", text)
		}
	})
}
