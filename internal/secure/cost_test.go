package secure

import (
	"crypto/rand"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/scrypt"
)

// A hash that a test made cheaply is none in earnest, and the cost is earnest
// unless a test says otherwise.
func TestTheCostOfHashesIsBetterAuths(t *testing.T) {
	t.Parallel()
	if got := (PasswordOptions{}).cost(); got != (scrypt.Cost{N: 16384, R: 16}) {
		t.Errorf("hashes cost %+v", got)
	}
	cheap, real := NewPasswords(PasswordOptions{Cost: scrypt.Cost{N: 2, R: 1}}), NewPasswords(PasswordOptions{})
	for _, p := range []*Passwords{cheap, real} {
		t.Cleanup(p.Close)
	}
	place, err := cheap.Enter("")
	if err != nil {
		t.Fatal(err)
	}
	defer place.Leave()
	hash, err := place.Hash(t.Context(), "a password", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if ok, err := place.Verify(t.Context(), hash, "a password"); !ok || err != nil {
		t.Errorf("at its own cost: %t, %v", ok, err)
	}
	earnest, err := real.Enter("")
	if err != nil {
		t.Fatal(err)
	}
	defer earnest.Leave()
	if ok, err := earnest.Verify(t.Context(), hash, "a password"); ok || err != nil {
		t.Errorf("at the real cost: %t, %v", ok, err)
	}
}
