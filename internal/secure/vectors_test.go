package secure

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"
)

// vectors were made by better-auth 1.7.25: its password hashing, its cookie signing and its symmetric
// encryption.
type vectors struct {
	Secret, OlderSecret, LegacySecret string
	Passwords                         []struct{ Password, Hash string }
	Cookies                           []struct{ Value, Signed string }
	Ciphertexts                       []struct{ Under, Plain, Text string }
	Purposes                          []struct{ Under, Purpose, Plain, Text string }
}

func readVectors(t *testing.T) vectors {
	t.Helper()
	text, err := os.ReadFile("testdata/vectors.json")
	if err != nil {
		t.Fatal(err)
	}
	var v vectors
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

func newSecrets(t testing.TB, single string, versions ...Version) *Secrets {
	t.Helper()
	s, err := NewSecrets(single, versions)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPasswordsHashedByBetterAuth(t *testing.T) {
	p := NewPasswords(PasswordOptions{})
	defer p.Close()
	for _, v := range readVectors(t).Passwords {
		ok, err := in(p).Verify(t.Context(), v.Hash, v.Password)
		if err != nil || !ok {
			t.Errorf("%q does not match its hash: %v", v.Password, err)
		}
	}
}

func TestCookiesSignedByBetterAuth(t *testing.T) {
	v := readVectors(t)
	s := newSecrets(t, v.Secret)
	for _, cookie := range v.Cookies {
		if got := s.Sign(cookie.Value); got != cookie.Signed {
			t.Errorf("Sign(%q) = %q, want %q", cookie.Value, got, cookie.Signed)
		}
		if value, ok := s.Verify(cookie.Signed); !ok || value != cookie.Value {
			t.Errorf("Verify(%q) = %q, %v", cookie.Signed, value, ok)
		}
	}
}

func TestCiphertextsOfBetterAuth(t *testing.T) {
	v := readVectors(t)
	under := map[string]*Secrets{
		"single":    newSecrets(t, v.Secret),
		"versioned": newSecrets(t, v.LegacySecret, Version{2, v.Secret}, Version{1, v.OlderSecret}),
	}
	for _, c := range v.Ciphertexts {
		plain, err := under[c.Under].Decrypt(c.Text)
		if err != nil || !bytes.Equal(plain, []byte(c.Plain)) {
			t.Errorf("Decrypt(%q) = %q, %v; want %q", c.Text, plain, err, c.Plain)
		}
	}
}
