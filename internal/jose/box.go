package jose

import (
	"crypto"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwe"
	"github.com/lestrrat-go/jwx/v3/jwk"

	"github.com/sallyport-auth/sallyport/internal/secure"
)

// boxInfo and boxKeySize are what Better Auth derives keys of encrypted cookies
// with (RFC 5869), beside a salt for each purpose.
const (
	boxInfo    = "BetterAuth.js Generated Encryption Key"
	boxKeySize = 64
)

// Box encrypts values that come back to this server, as JWEs under a key derived
// from the current secret for one purpose: direct encryption with A256CBC-HS512
// (RFC 7518, sections 4.5 and 5.2.5). It is safe for concurrent use.
type Box struct {
	boxKey
	older []boxKey // which open as well
}

type boxKey struct {
	octets []byte
	id     string // RFC 7638 thumbprint
}

// NewBox derives the key of a purpose. What one box has sealed no box of another
// purpose opens.
func NewBox(secrets *secure.Secrets, purpose string) (*Box, error) {
	key, err := newBoxKey(secrets.Current(), purpose)
	return &Box{boxKey: key}, err
}

// NewLastingBox is NewBox for what outlives a change of the secret: the older ones
// open it, too.
func NewLastingBox(secrets *secure.Secrets, purpose string) (*Box, error) {
	box, err := NewBox(secrets, purpose)
	for _, secret := range secrets.All()[1:] {
		key, failed := newBoxKey(secret, purpose)
		box.older, err = append(box.older, key), errors.Join(err, failed)
	}
	return box, err
}

func newBoxKey(secret []byte, purpose string) (boxKey, error) {
	octets, err := hkdf.Key(sha256.New, secret, []byte(purpose), boxInfo, boxKeySize)
	if err != nil {
		return boxKey{}, fmt.Errorf("deriving a key: %w", err)
	}
	key, err := jwk.Import(octets)
	if err != nil {
		return boxKey{}, fmt.Errorf("deriving a key: %w", err)
	}
	thumbprint, err := key.Thumbprint(crypto.SHA256)
	return boxKey{octets, encode(thumbprint)}, err
}

// Seal encrypts payload. Its header holds alg, enc and
// kid.
func (b *Box) Seal(payload []byte) (string, error) {
	header := jwe.NewHeaders()
	if err := header.Set(jwe.KeyIDKey, b.id); err != nil {
		return "", err
	}
	sealed, err := jwe.Encrypt(payload, jwe.WithKey(jwa.DIRECT(), b.octets),
		jwe.WithContentEncryption(jwa.A256CBC_HS512()), jwe.WithProtectedHeaders(header))
	if err != nil {
		return "", fmt.Errorf("encrypting: %w", err)
	}
	return string(sealed), nil
}

// Open decrypts what Seal made under a secret of the box. A header may leave out
// which one that was. Every error wraps ErrInvalid.
func (b *Box) Open(token string) ([]byte, error) {
	kid, err := readBoxHeader(token)
	if err != nil {
		return nil, err
	}
	for _, key := range append([]boxKey{b.boxKey}, b.older...) {
		if kid != nil && *kid != key.id {
			continue
		}
		if payload, err := jwe.Decrypt([]byte(token), jwe.WithKey(jwa.DIRECT(), key.octets)); err == nil {
			return payload, nil
		}
	}
	return nil, fmt.Errorf("%w: altered, or encrypted under another secret", ErrInvalid)
}

// readBoxHeader refuses every form but the one that Seal writes: no other
// algorithm, no compression and no extension is looked at any further.
func readBoxHeader(token string) (kid *string, err error) {
	segment, _, _ := strings.Cut(token, ".")
	text, err := base64.RawURLEncoding.DecodeString(segment)
	if err != nil {
		return nil, fmt.Errorf("%w: its header is not base64url", ErrInvalid)
	}
	var header struct {
		Alg, Enc  string
		KID       *string
		Zip, Crit json.RawMessage
	}
	if err := json.Unmarshal(text, &header); err != nil {
		return nil, fmt.Errorf("%w: its header is not a JSON object", ErrInvalid)
	}
	if header.Alg != "dir" || header.Enc != "A256CBC-HS512" || header.Zip != nil || header.Crit != nil {
		return nil, fmt.Errorf("%w: its header asks for another encryption", ErrInvalid)
	}
	return header.KID, nil
}
