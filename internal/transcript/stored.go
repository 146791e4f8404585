package transcript

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/text/unicode/norm"

	"github.com/sallyport-auth/sallyport/internal/scrypt"
)

var (
	hashForm   = regexp.MustCompile(`^[0-9a-f]{32}:[0-9a-f]{128}$`)
	storesHash = regexp.MustCompile(`(?i)\baccount\b.*\bpassword\b`)
	sealedForm = regexp.MustCompile(`^(?:\$ba\$(\d+)\$)?((?:[0-9a-f]{2}){40,})$`)
)

// StoresHash tells whether a statement of the conversation writes a hash itself: one
// that was made elsewhere, at Better Auth's cost, or none that could be tried, of
// which the original's own code must judge.
func (c Conversation) StoresHash() bool {
	return slices.ContainsFunc(c.Steps, func(s Step) bool { return storesHash.MatchString(s.SQL) })
}

// column reads one stored value: keys are opened, hashes tried with the
// passwords of the conversation.
func (r *reader) column(ctx context.Context, name, value string) string {
	switch {
	case name == "password" && hashForm.MatchString(value):
		return r.hash(value)
	case name == "secret" || name == "backupCodes":
		return r.secondFactor(ctx, value)
	case name == "privateKey" || name == "publicKey":
		return r.storedKey(ctx, value)
	case storedCode.MatchString(value):
		return r.storedCode(ctx, value)
	case strings.Contains(value, `"oauthState":`):
		return r.body(ctx, value, "application/json")
	case (name == "accessToken" || name == "refreshToken") && sealedForm.MatchString(value):
		return r.storedToken(ctx, value)
	}
	return r.text(ctx, value)
}

// storedKey reads a JWK that is plain or, as a JSON string, encrypted.
func (r *reader) storedKey(ctx context.Context, value string) string {
	var sealed string
	if json.Unmarshal([]byte(value), &sealed) == nil && quote(sealed) == value {
		plain, version, err := r.unseal(sealed)
		if err != nil {
			return "<not decryptable: " + err.Error() + ">"
		}
		return "<encrypted" + version + " " + r.body(ctx, plain, "application/json") + ">"
	}
	return r.body(ctx, value, "application/json")
}

// storedToken reads a provider's token that is stored encrypted.
func (r *reader) storedToken(ctx context.Context, sealed string) string {
	plain, version, err := r.unseal(sealed)
	if err != nil {
		return "<not decryptable: " + err.Error() + ">"
	}
	return "<encrypted" + version + " " + r.text(ctx, plain) + ">"
}

// unseal opens the contract's envelope: XChaCha20-Poly1305 in hex under the
// SHA-256 of the secret, with the secret's version before it if it has one.
func (r *reader) unseal(sealed string) (plain, version string, err error) {
	return r.unsealWith(sealed, func(secret string) (string, error) { return secret, nil })
}

// unsealWith is unseal under a key that is derived from the secret.
func (r *reader) unsealWith(sealed string, derive func(secret string) (string, error)) (plain, version string, err error) {
	match := sealedForm.FindStringSubmatch(sealed)
	if match == nil {
		return "", "", errors.New("not an envelope")
	}
	number := -1
	if match[1] != "" {
		if number, err = strconv.Atoi(match[1]); err != nil {
			return "", "", err
		}
		version = " by version " + match[1]
	}
	secret, err := derive(r.versions[number])
	if err != nil {
		return "", "", err
	}
	key := sha256.Sum256([]byte(secret))
	box, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		return "", "", err
	}
	raw, err := hex.DecodeString(match[2])
	if err != nil {
		return "", "", err
	}
	opened, err := box.Open(nil, raw[:box.NonceSize()], raw[box.NonceSize():], nil)
	return string(opened), version, err
}

// hash says which of the conversation's passwords a stored hash belongs to,
// trying the latest first.
func (r *reader) hash(stored string) string {
	if password, known := r.hashes[stored]; known {
		return fmt.Sprintf("<hash of %q>", password)
	}
	salt, want, _ := strings.Cut(stored, ":")
	tried := map[string]bool{}
	for i := len(r.passwords) - 1; i >= 0; i-- {
		password := r.passwords[i]
		if tried[password] {
			continue
		}
		tried[password] = true
		if hashed(password, salt, r.hashCost) == want {
			r.hashes[stored] = password
			return fmt.Sprintf("<hash of %q>", password)
		}
	}
	return r.names.of("hash of an unknown password", stored)
}

// hashed is the key of a stored hash. The salt is the hex text itself, as the
// contract says.
func hashed(password, salt string, cost scrypt.Cost) string {
	area, err := scrypt.NewArea(cost)
	if err != nil {
		return err.Error()
	}
	defer func() { _ = area.Free() }()
	key, err := area.Key(norm.NFKC.String(password), []byte(salt), 64)
	if err != nil {
		return err.Error()
	}
	return hex.EncodeToString(key)
}
