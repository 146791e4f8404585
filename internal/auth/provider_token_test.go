package auth

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/secure"
)

// keeper stores tokens under the secrets, the current one first.
func keeper(t *testing.T, encrypts bool, single string, versioned ...secure.Version) *Auth {
	t.Helper()
	secrets, err := secure.NewSecrets(single, versioned)
	if err != nil {
		t.Fatal(err)
	}
	a := &Auth{Secrets: secrets, Rand: rand.Reader}
	a.Config.Account.EncryptOAuthTokens = encrypts
	return a
}

func TestTokensAreStoredEncryptedWhereAsked(t *testing.T) {
	t.Parallel()
	before, after := keeper(t, true, "the first secret"), keeper(t, true, "the first secret", secure.Version{Number: 2, Secret: "the second"})
	for _, token := range []string{"gho_abc", "ya29.a0-_~", "deadbeef", "$ba$1$00", "日本"} {
		sealed, err := before.SealToken(token)
		if err != nil || strings.Contains(sealed, token) {
			t.Fatalf("%q is stored as %q, %v", token, sealed, err)
		}
		for _, reader := range []*Auth{before, after} {
			if got, err := reader.OpenToken(sealed); err != nil || got != token {
				t.Errorf("%q comes back as %q, %v", token, got, err)
			}
		}
		newer, err := after.SealToken(token)
		if err != nil || !strings.HasPrefix(newer, "$ba$2$") {
			t.Errorf("after a change of secret %q is stored as %q, %v", token, newer, err)
		}
		if _, err := before.OpenToken(newer); err == nil {
			t.Error("a secret opens what another has sealed")
		}
	}
}

func TestTokensStoredBeforeEncryptionAreStillRead(t *testing.T) {
	t.Parallel()
	a := keeper(t, true, "a secret")
	for _, token := range []string{"", "gho_abc", "abc", "xyz0", "$b$1"} {
		if got, err := a.OpenToken(token); err != nil || got != token {
			t.Errorf("%q is read as %q, %v", token, got, err)
		}
	}
	// What looks encrypted and is not cannot be told from what was damaged.
	for _, token := range []string{"DEADBEEF", "$ba$9$00", "$ba$"} {
		if got, err := a.OpenToken(token); err == nil {
			t.Errorf("%q is read as %q", token, got)
		}
	}
	if sealed, err := a.SealToken(""); sealed != "" || err != nil {
		t.Errorf("no token is stored as %q, %v", sealed, err)
	}
}

func TestTokensAreStoredAsTheyAreByDefault(t *testing.T) {
	t.Parallel()
	a, other := keeper(t, false, "a secret"), keeper(t, true, "a secret")
	sealed, err := other.SealToken("gho_abc")
	if err != nil {
		t.Fatal(err)
	}
	for _, token := range []string{"gho_abc", sealed} {
		stored, err := a.SealToken(token)
		if got, failed := a.OpenToken(stored); err != nil || failed != nil || stored != token || got != token {
			t.Errorf("%q is stored as %q and read as %q", token, stored, got)
		}
	}
}
