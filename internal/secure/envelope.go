package secure

import (
	"crypto/cipher"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

const envelopePrefix = "$ba$"

// ErrDecrypt is wrapped by every error of Decrypt: the text is malformed, was tampered with, or was
// encrypted under a secret that is not configured.
var ErrDecrypt = errors.New("cannot decrypt")

// newCipher derives the key as Better Auth does: the SHA-256 of the secret's bytes.
func newCipher(secret string) cipher.AEAD {
	key := sha256.Sum256([]byte(secret))
	aead, err := chacha20poly1305.NewX(key[:])
	if err != nil {
		panic(err) // only for a key that is not 32 bytes long
	}
	return aead
}

// Encrypt seals plain under the current secret and returns lower-case hex of nonce, ciphertext and
// tag, with versioned secrets behind "$ba$<version>$". The nonce's 24 bytes are read from rand.
func (s *Secrets) Encrypt(plain []byte, rand io.Reader) (string, error) {
	nonce := make([]byte, chacha20poly1305.NonceSizeX, chacha20poly1305.NonceSizeX+len(plain)+chacha20poly1305.Overhead)
	if _, err := io.ReadFull(rand, nonce); err != nil {
		return "", fmt.Errorf("reading a nonce: %w", err)
	}
	return s.tag + hex.EncodeToString(s.encrypt.Seal(nonce, nonce, plain, nil)), nil
}

// Decrypt opens what Encrypt or Better Auth sealed. Tagged text is opened with the secret of its
// version. Untagged text is opened with the single secret, or with the legacy secret beside
// versioned ones. Errors wrap ErrDecrypt.
func (s *Secrets) Decrypt(text string) ([]byte, error) {
	aead, body, err := s.opener(text)
	if err != nil {
		return nil, err
	}
	sealed, err := hex.DecodeString(body)
	if err != nil {
		return nil, fmt.Errorf("%w: the text is not hexadecimal", ErrDecrypt)
	}
	if len(sealed) < chacha20poly1305.NonceSizeX+chacha20poly1305.Overhead {
		return nil, fmt.Errorf("%w: the text is too short", ErrDecrypt)
	}
	nonce, sealed := sealed[:chacha20poly1305.NonceSizeX], sealed[chacha20poly1305.NonceSizeX:]
	plain, err := aead.Open(nil, nonce, sealed, nil)
	if err != nil {
		return nil, fmt.Errorf("%w: altered, or encrypted under another secret", ErrDecrypt)
	}
	return plain, nil
}

// opener chooses the key for text and returns what follows the version tag.
func (s *Secrets) opener(text string) (cipher.AEAD, string, error) {
	rest, tagged := strings.CutPrefix(text, envelopePrefix)
	if !tagged {
		if s.untagged == nil {
			return nil, "", fmt.Errorf("%w: the text is older than versioned secrets and BETTER_AUTH_SECRET is not set", ErrDecrypt)
		}
		return s.untagged, text, nil
	}
	number, body, _ := strings.Cut(rest, "$")
	version, err := parseVersion(number)
	if err != nil {
		return nil, "", fmt.Errorf("%w: the version tag is malformed", ErrDecrypt)
	}
	aead, ok := s.versioned[version]
	if !ok {
		return nil, "", fmt.Errorf("%w: secret version %d is not configured", ErrDecrypt, version)
	}
	return aead, body, nil
}

func parseVersion(text string) (int, error) {
	number, err := strconv.ParseUint(text, 10, 31)
	return int(number), err
}
