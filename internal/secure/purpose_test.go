package secure

import (
	"crypto/rand"
	"testing"
)

func TestPurposesOfBetterAuth(t *testing.T) {
	v := readVectors(t)
	under := map[string]*Secrets{
		"single":    newSecrets(t, v.Secret),
		"versioned": newSecrets(t, v.LegacySecret, Version{2, v.Secret}, Version{1, v.OlderSecret}),
	}
	if len(v.Purposes) == 0 {
		t.Fatal("no vectors")
	}
	for _, c := range v.Purposes {
		plain, err := under[c.Under].Purpose(c.Purpose).Decrypt(c.Text)
		if err != nil || string(plain) != c.Plain {
			t.Errorf("%s %s: %q, %v; want %q", c.Under, c.Purpose, plain, err, c.Plain)
		}
		if _, err := under[c.Under].Purpose("other").Decrypt(c.Text); err == nil {
			t.Errorf("%s %s: decrypted for another purpose", c.Under, c.Purpose)
		}
		if _, err := under[c.Under].Decrypt(c.Text); err == nil {
			t.Errorf("%s %s: decrypted under the secret itself", c.Under, c.Purpose)
		}
	}
}

func TestThePurposeOfTheNewestVersionEncrypts(t *testing.T) {
	older, newer := Version{7, "older secret"}, Version{3, "newer secret"}
	text, err := newSecrets(t, "", newer, older).Purpose("a purpose").Encrypt([]byte("hello"), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := newSecrets(t, "", older, newer).Purpose("a purpose").Decrypt(text); err != nil || string(plain) != "hello" {
		t.Errorf("%q, %v", plain, err)
	}
	if _, err := newSecrets(t, "", older).Purpose("a purpose").Decrypt(text); err == nil {
		t.Error("the newest version did not encrypt it")
	}
}
