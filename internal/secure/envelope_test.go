package secure

import (
	"bytes"
	"crypto/rand"
	"errors"
	"strings"
	"testing"
)

func encrypt(t testing.TB, s *Secrets, plain string) string {
	t.Helper()
	text, err := s.Encrypt([]byte(plain), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestEncryptTags(t *testing.T) {
	single := encrypt(t, newSecrets(t, "one"), "plain")
	if len(single) != 2*(24+5+16) || strings.ToLower(single) != single {
		t.Errorf("single secret: %q", single)
	}
	versioned := encrypt(t, newSecrets(t, "", Version{12, "two"}, Version{3, "one"}), "plain")
	if !strings.HasPrefix(versioned, "$ba$12$") {
		t.Errorf("versioned secret: %q", versioned)
	}
}

func TestDecryptAfterRotation(t *testing.T) {
	single := newSecrets(t, "one")
	first := newSecrets(t, "one", Version{1, "two"})
	second := newSecrets(t, "one", Version{2, "three"}, Version{1, "two"})
	for _, writer := range []*Secrets{single, first, second} {
		plain, err := second.Decrypt(encrypt(t, writer, "plain"))
		if err != nil || string(plain) != "plain" {
			t.Errorf("Decrypt = %q, %v", plain, err)
		}
	}
}

func TestDecryptRefuses(t *testing.T) {
	single := newSecrets(t, "one")
	versioned := newSecrets(t, "", Version{1, "one"})
	text := encrypt(t, single, "plain")
	for name, c := range map[string]struct {
		secrets *Secrets
		text    string
	}{
		"another secret":          {newSecrets(t, "two"), text},
		"altered":                 {single, "00" + text[2:]},
		"cut":                     {single, text[:len(text)-2]},
		"too short":               {single, strings.Repeat("00", 39)},
		"odd length":              {single, text[1:]},
		"not hexadecimal":         {single, "z" + text[1:]},
		"empty":                   {single, ""},
		"tagged, single secret":   {single, "$ba$1$" + text},
		"untagged, no legacy":     {versioned, text},
		"unknown version":         {versioned, "$ba$2$" + text},
		"version is not a number": {versioned, "$ba$x$" + text},
		"negative version":        {versioned, "$ba$-1$" + text},
		"tag without an end":      {versioned, "$ba$1" + text},
		"upstream's default":      {newSecrets(t, UpstreamDefault, Version{1, "one"}), encrypt(t, newSecrets(t, UpstreamDefault), "plain")},
	} {
		if plain, err := c.secrets.Decrypt(c.text); !errors.Is(err, ErrDecrypt) {
			t.Errorf("%s: %q, %v", name, plain, err)
		}
	}
	if _, err := versioned.Decrypt("$ba$1$" + text); err != nil {
		t.Errorf("the same text under the right tag: %v", err)
	}
}

func TestEncryptNeedsRandomness(t *testing.T) {
	if _, err := newSecrets(t, "one").Encrypt(nil, strings.NewReader("too little")); err == nil {
		t.Error("encrypted with half a nonce")
	}
}

func FuzzDecrypt(f *testing.F) {
	s := newSecrets(f, "legacy", Version{2, "newer"}, Version{1, "older"})
	for _, seed := range []string{"", "$ba$", "$ba$1$", "$ba$2$00", strings.Repeat("00", 40), encrypt(f, s, "plain")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := s.Decrypt(text); err != nil && !errors.Is(err, ErrDecrypt) {
			t.Errorf("Decrypt(%q): %v", text, err)
		}
		plain, err := s.Decrypt(encrypt(t, s, text))
		if err != nil || !bytes.Equal(plain, []byte(text)) {
			t.Errorf("%q came back as %q, %v", text, plain, err)
		}
	})
}
