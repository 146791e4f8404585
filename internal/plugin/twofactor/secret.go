package twofactor

import (
	"encoding/base32"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/secure"
)

// A secret is a text of this length and alphabet, whose bytes are the key of the
// codes.
const (
	secretLength   = 32
	secretAlphabet = secure.Alphanumeric + "-_"
)

// importedPrefix stands before secrets that came from elsewhere. The rest of them
// is the key in base32.
const importedPrefix = "base32:"

// newSecret makes a secret, and the form in which it is stored.
func (t *TwoFactor) newSecret() (secret, stored string, err error) {
	secret, err = secure.RandomString(t.auth.Rand, secretAlphabet, secretLength)
	if err != nil {
		return "", "", err
	}
	stored, err = t.auth.Secrets.Encrypt([]byte(secret), t.auth.Rand)
	return secret, stored, err
}

// key gives the key of a stored secret. An error means that nobody can read it.
func (t *TwoFactor) key(stored string) ([]byte, error) {
	secret, err := t.auth.Secrets.Decrypt(stored)
	if err != nil {
		return nil, err
	}
	text, imported := strings.CutPrefix(string(secret), importedPrefix)
	if !imported {
		return secret, nil
	}
	return base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(strings.ToUpper(text), "="))
}
