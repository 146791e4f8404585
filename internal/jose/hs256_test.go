package jose_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

func secretsOf(t *testing.T, secret string) *secure.Secrets {
	t.Helper()
	s, err := secure.NewSecrets(secret, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The secret and the token are those of RFC 7515, appendix A.1, whose header
// and payload hold line breaks.
func TestVerifyHS256OfTheStandard(t *testing.T) {
	key, err := base64.RawURLEncoding.DecodeString("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
	if err != nil {
		t.Fatal(err)
	}
	const token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	payload, err := jose.VerifyHS256(secretsOf(t, string(key)), token)
	if err != nil || !strings.HasPrefix(string(payload), `{"iss":"joe"`) {
		t.Errorf("got %q, %v", payload, err)
	}
}

func TestHS256(t *testing.T) {
	ours := secretsOf(t, "ours")
	token := jose.SignHS256(ours, []byte(`{"a":1}`))
	if payload, err := jose.VerifyHS256(ours, token); err != nil || string(payload) != `{"a":1}` {
		t.Fatalf("got %q, %v", payload, err)
	}
	sign := func(header string) string {
		input := base64.RawURLEncoding.EncodeToString([]byte(header)) + ".e30"
		sum := ours.MAC([]byte(input))
		return input + "." + base64.RawURLEncoding.EncodeToString(sum[:])
	}
	if _, err := jose.VerifyHS256(ours, sign(`{"typ":"JWT","alg":"HS256"}`)); err != nil {
		t.Errorf("another header: %v", err)
	}
	for name, bad := range map[string]string{
		"of another secret": jose.SignHS256(secretsOf(t, "theirs"), []byte(`{"a":1}`)),
		"altered":           strings.Replace(token, ".ey", ".eX", 1),
		"without signature": token[:strings.LastIndexByte(token, '.')+1],
		"in two parts":      token[:strings.LastIndexByte(token, '.')],
		"none":              sign(`{"alg":"none"}`),
		"an extension":      sign(`{"alg":"HS256","crit":["b64"],"b64":false}`),
		"no object":         sign(`[]`),
		"empty":             "",
	} {
		if _, err := jose.VerifyHS256(ours, bad); !errors.Is(err, jose.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
