package secure

import (
	"bytes"
	"testing"
)

func secretsFor(t *testing.T, single string, versioned ...Version) *Secrets {
	t.Helper()
	s, err := NewSecrets(single, versioned)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestFingerprintsDependOnEverything(t *testing.T) {
	t.Parallel()
	s := secretsFor(t, "one-secret-0123456789-0123456789")
	f := s.Fingerprints("throttle")
	same := f.Of("a", "bc")
	if len(same) != fingerprintSize || !bytes.Equal(same, s.Fingerprints("throttle").Of("a", "bc")) {
		t.Fatalf("%x is not what it was", same)
	}
	others := map[string][]byte{
		"the texts":         f.Of("a", "bd"),
		"where they end":    f.Of("ab", "c"),
		"how many they are": f.Of("abc"),
		"the purpose":       s.Fingerprints("other").Of("a", "bc"),
		"the secret":        secretsFor(t, "two-secret-0123456789-0123456789").Fingerprints("throttle").Of("a", "bc"),
	}
	for what, other := range others {
		if bytes.Equal(same, other) {
			t.Errorf("it does not depend on %s", what)
		}
	}
}

// After a rotation, what was kept under the secret before is still found.
func TestFingerprintsOutliveARotation(t *testing.T) {
	t.Parallel()
	const first, second = "first-secret-0123456789-0123456789", "second-secret-0123456789-0123456789"
	before := secretsFor(t, first).Fingerprints("throttle").Of("ann@example.test")
	after := secretsFor(t, first, Version{Number: 1, Secret: second}).Fingerprints("throttle")
	all := after.All("ann@example.test")
	if len(all) != 2 || !bytes.Equal(all[0], after.Of("ann@example.test")) || !bytes.Equal(all[1], before) {
		t.Errorf("%x, of which the second should be %x", all, before)
	}
}
