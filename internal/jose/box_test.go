package jose_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

const (
	oldSecret = "only-for-this-test-0123456789-ABCDEFGH"
	newSecret = "second-secret-for-this-test-0123456789"
	purpose   = "better-auth-session"
)

// Values that the original's library sealed under these secrets for that
// purpose (jose 6.2.18 on Node 20), as Better Auth uses it.
const (
	sealedOld = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIiwia2lkIjoibUVPOTBOZ1c1cmxvakNwbVlpV25fWl9YUGlmRUR3WWZKN2ZDWHM4cXlvbyJ9..iYJy8Ba_up3ukmZyk_0IRw.LGEA4UKYan2T-v2dirMfbVXnWTsgB7EEVqNGT7hZSOdgQIGdO9YyXMcMr2LPQPdahffRL8_rq2k4rKDLTzNEUuDZ-_CqlJIhZF_cNhmgaOcQrVgMcURl4bmp1cJQgsZ7.JLJiqd1aQ44rezWlwxLeOu37_ERzoiKYiEPKPheYuEY"
	sealedNew = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIiwia2lkIjoiWndFSzNOWE9fMDZLY1JDYi13NDBxb2VPVnJXa3ZxWUs3YW5EUTVKdGQtNCJ9..ziAXJGe5yRXfzibU8smMGA.MRI988ul-vNkdUrHL-5RPFQpCzb6FgGvAk5bKMY9byG-D_kD_i91LkKFRqM_a7Z2JQaF-WkfBs9WkqQpp-OZekn0O_UTh6_olng8NAloPHIpznDM9r8PaeHHMWSZtZQE.hSXeuTD5VNYXrbSZNi_79zWQvTQPKpDCTljvUfvD3ic"
)

func boxOf(t testing.TB, purpose, single string, versioned ...secure.Version) *jose.Box {
	t.Helper()
	secrets, err := secure.NewSecrets(single, versioned)
	if err != nil {
		t.Fatal(err)
	}
	box, err := jose.NewBox(secrets, purpose)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func TestBoxOpensValuesOfTheOriginal(t *testing.T) {
	two, one := secure.Version{Number: 2, Secret: newSecret}, secure.Version{Number: 1, Secret: oldSecret}
	tests := []struct {
		name, token, payload string
		box                  *jose.Box
	}{
		{"one secret", sealedOld, `{"a":"ä<&>"`, boxOf(t, purpose, oldSecret)},
		{"the newest version", sealedNew, `{"a":"v2"`, boxOf(t, purpose, "", two, one)},
		{"an older version", sealedOld, "", boxOf(t, purpose, "", two, one)},
		{"the one from before there were versions", sealedOld, "", boxOf(t, purpose, oldSecret, two)},
		{"another secret", sealedNew, "", boxOf(t, purpose, oldSecret)},
		{"another purpose", sealedOld, "", boxOf(t, "better-auth-account", oldSecret)},
	}
	for _, tt := range tests {
		payload, err := tt.box.Open(tt.token)
		if tt.payload == "" {
			if !errors.Is(err, jose.ErrInvalid) {
				t.Errorf("%s: %q, %v", tt.name, payload, err)
			}
			continue
		}
		if err != nil || !strings.HasPrefix(string(payload), tt.payload) {
			t.Errorf("%s: %q, %v", tt.name, payload, err)
		}
	}
}

func TestBoxSealsAsTheOriginal(t *testing.T) {
	box := boxOf(t, purpose, oldSecret)
	token, err := box.Seal([]byte("payload"))
	if err != nil {
		t.Fatal(err)
	}
	if header, _, _ := strings.Cut(sealedOld, "."); !strings.HasPrefix(token, header+"..") {
		t.Errorf("header of %s", token)
	}
	if payload, err := box.Open(token); err != nil || string(payload) != "payload" {
		t.Errorf("opened to %q, %v", payload, err)
	}
	if again, _ := box.Seal([]byte("payload")); again == token {
		t.Error("the same value is sealed alike twice")
	}
}

func TestBoxOpensNothingElse(t *testing.T) {
	box := boxOf(t, purpose, oldSecret)
	rest := sealedOld[strings.IndexByte(sealedOld, '.'):]
	header := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) + rest }
	for name, token := range map[string]string{
		"empty": "", "dots": "....", "an altered tag": sealedOld[:len(sealedOld)-2] + "AA", "cut": sealedOld[:len(sealedOld)-20],
		"another header": header(`{"alg":"dir","enc":"A256CBC-HS512"}`), "another encryption": header(`{"alg":"dir","enc":"A256GCM"}`),
		"another algorithm": header(`{"alg":"A256KW","enc":"A256CBC-HS512"}`), "compression": header(`{"alg":"dir","enc":"A256CBC-HS512","zip":"DEF"}`),
		"an extension": header(`{"alg":"dir","enc":"A256CBC-HS512","crit":["exp"]}`), "no object": header(`[]`),
	} {
		if payload, err := box.Open(token); !errors.Is(err, jose.ErrInvalid) {
			t.Errorf("%s: %q, %v", name, payload, err)
		}
	}
}

func BenchmarkBoxOpen(b *testing.B) {
	box := boxOf(b, purpose, oldSecret)
	for b.Loop() {
		if _, err := box.Open(sealedOld); err != nil {
			b.Fatal(err)
		}
	}
}

func TestALastingBoxOpensWhatOlderSecretsSealed(t *testing.T) {
	secrets, err := secure.NewSecrets(oldSecret, []secure.Version{{Number: 2, Secret: newSecret}})
	if err != nil {
		t.Fatal(err)
	}
	box, err := jose.NewLastingBox(secrets, purpose)
	if err != nil {
		t.Fatal(err)
	}
	for token, want := range map[string]string{sealedOld: `{"a":"ä<&>"`, sealedNew: `{"a":"v2"`} {
		if payload, err := box.Open(token); err != nil || !strings.HasPrefix(string(payload), want) {
			t.Errorf("%q, %v, want %s", payload, err, want)
		}
	}
	token, err := box.Seal([]byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := boxOf(t, purpose, newSecret).Open(token); err != nil {
		t.Errorf("what it seals is not under the current secret: %v", err)
	}
	other, err := jose.NewLastingBox(secrets, "another purpose")
	if err != nil {
		t.Fatal(err)
	}
	if payload, err := other.Open(sealedOld); !errors.Is(err, jose.ErrInvalid) {
		t.Errorf("a box of another purpose opens %q", payload)
	}
}
