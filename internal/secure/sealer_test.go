package secure

import (
	"crypto/rand"
	"errors"
	"testing"
)

func seal(t *testing.T, s *Secrets, purpose, place string) []byte {
	t.Helper()
	sealed, err := s.Sealer(purpose).Seal([]byte("hello"), place, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestASealedValueOpensAtItsPlaceAlone(t *testing.T) {
	s := newSecrets(t, strongSecret)
	sealed := seal(t, s, "letters", "row 1")
	if plain, err := s.Sealer("letters").Open(sealed, "row 1"); err != nil || string(plain) != "hello" {
		t.Errorf("opened %q, error %v", plain, err)
	}
	altered := append([]byte(nil), sealed...)
	altered[len(altered)-1] ^= 1
	for name, open := range map[string]func() ([]byte, error){
		"another place":   func() ([]byte, error) { return s.Sealer("letters").Open(sealed, "row 2") },
		"another purpose": func() ([]byte, error) { return s.Sealer("cards").Open(sealed, "row 1") },
		"another secret":  func() ([]byte, error) { return newSecrets(t, "other").Sealer("letters").Open(sealed, "row 1") },
		"altered":         func() ([]byte, error) { return s.Sealer("letters").Open(altered, "row 1") },
		"cut":             func() ([]byte, error) { return s.Sealer("letters").Open(sealed[:43], "row 1") },
		"empty":           func() ([]byte, error) { return s.Sealer("letters").Open(nil, "row 1") },
	} {
		if plain, err := open(); !errors.Is(err, ErrDecrypt) {
			t.Errorf("%s: opened %q, error %v", name, plain, err)
		}
	}
}

// A value sealed before the secrets got versions, or under an earlier version,
// opens as long as that secret is configured.
func TestSealedValuesOutliveTheChangeOfSecrets(t *testing.T) {
	old := seal(t, newSecrets(t, strongSecret), "letters", "x")
	first := seal(t, newSecrets(t, "", Version{1, "first"}), "letters", "x")
	now := newSecrets(t, strongSecret, Version{2, "second"}, Version{1, "first"}).Sealer("letters")
	for name, sealed := range map[string][]byte{"untagged": old, "first": first} {
		if plain, err := now.Open(sealed, "x"); err != nil || string(plain) != "hello" {
			t.Errorf("%s: opened %q, error %v", name, plain, err)
		}
	}
	later := newSecrets(t, "", Version{2, "second"}).Sealer("letters")
	if _, err := later.Open(first, "x"); !errors.Is(err, ErrDecrypt) {
		t.Errorf("a secret that is gone still opens: %v", err)
	}
}
