package secure

import (
	"bytes"
	"crypto/rand"
	"strings"
	"testing"
)

func TestRandomStringRejects(t *testing.T) {
	// 62 goes four times into 256; 248 and above would favour the first letters and are skipped.
	source := bytes.NewReader([]byte{0, 61, 62, 247, 248, 255, 1, 25, 26, 0})
	got, err := RandomString(source, Alphanumeric, 5)
	if err != nil || got != "a9a9b" {
		t.Errorf("RandomString = %q, %v", got, err)
	}
}

func TestRandomStringReadsOn(t *testing.T) {
	source := bytes.NewReader([]byte{255, 255, 254, 7})
	if got, err := RandomString(source, "0123456789", 1); err != nil || got != "4" && got != "7" {
		t.Errorf("RandomString = %q, %v", got, err)
	}
}

func TestRandomStringRefuses(t *testing.T) {
	for _, c := range []struct {
		alphabet string
		n        int
	}{{"", 1}, {strings.Repeat("a", 257), 1}, {"ab", 0}, {"ab", -1}} {
		if got, err := RandomString(rand.Reader, c.alphabet, c.n); err == nil {
			t.Errorf("RandomString(%d letters, %d) = %q", len(c.alphabet), c.n, got)
		}
	}
	if got, err := RandomString(strings.NewReader("x"), "ab", 1); err == nil {
		t.Errorf("drew %q from a dry source", got)
	}
}

func TestIDsAndTokens(t *testing.T) {
	id, err := NewID(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	token, err := NewToken(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{id, token} {
		if len(text) != 32 || strings.Trim(text, Alphanumeric) != "" {
			t.Errorf("%q is not 32 letters and digits", text)
		}
	}
	if id == token {
		t.Error("two draws are equal")
	}
}
