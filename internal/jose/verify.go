package jose

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"
)

// ErrInvalid is wrapped by every error of Verify.
var ErrInvalid = errors.New("invalid token")

// Verify checks the signature of a compact token with a key set as /jwks
// publishes it, and gives the payload. The token's kid names the key, and the
// algorithm is the key's own: a header that names another is refused, so that
// no key is used for what it was not made for (RFC 8725, section 3.1). The
// claims are the caller's to judge.
func Verify(token string, keySet []byte) ([]byte, error) {
	alg, kid, err := readHeader(token)
	if err != nil {
		return nil, err
	}
	set, err := jwk.Parse(keySet)
	if err != nil {
		return nil, fmt.Errorf("the key set is malformed: %w", err)
	}
	key, ok := set.LookupKeyID(kid)
	if !ok {
		return nil, fmt.Errorf("%w: no key is named %q", ErrInvalid, kid)
	}
	return verify(token, alg, key)
}

func verify(token, alg string, key jwk.Key) ([]byte, error) {
	own, ok := key.Algorithm()
	if !ok || own.String() != alg || CheckAlgorithm(alg) != nil {
		return nil, fmt.Errorf("%w: its header names an algorithm that is not the key's", ErrInvalid)
	}
	var raw any
	if err := jwk.Export(key, &raw); err != nil || !verifies(alg, raw) {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, errWrongKey)
	}
	algorithm, _ := jwa.LookupSignatureAlgorithm(alg)
	payload, err := jws.Verify([]byte(token), jws.WithKey(algorithm, raw), jws.WithCompact())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return payload, nil
}

// verifies is what fits is, for public keys.
func verifies(alg string, key any) bool {
	switch k := key.(type) {
	case ed25519.PublicKey:
		return alg == EdDSA && len(k) == ed25519.PublicKeySize
	case *ecdsa.PublicKey:
		return (alg == ES256 || alg == ES512) && k.Curve.Params().Name == Curve(alg)
	case *rsa.PublicKey:
		return (alg == RS256 || alg == PS256) && k.N.BitLen() >= MinModulus
	default:
		return false
	}
}

func readHeader(token string) (alg, kid string, err error) {
	segment, _, found := strings.Cut(token, ".")
	if !found {
		return "", "", fmt.Errorf("%w: not in compact form", ErrInvalid)
	}
	text, err := base64.RawURLEncoding.DecodeString(segment)
	if err != nil {
		return "", "", fmt.Errorf("%w: its header is not base64url", ErrInvalid)
	}
	var header struct{ Alg, KID string }
	if err := json.Unmarshal(text, &header); err != nil {
		return "", "", fmt.Errorf("%w: its header is not a JSON object", ErrInvalid)
	}
	return header.Alg, header.KID, nil
}

// CheckPublic says why a stored public key cannot be published: it is no JWK,
// or it holds a private or symmetric key.
func CheckPublic(text string) error {
	key, err := jwk.ParseKey([]byte(text))
	if err != nil {
		return errors.New("not a readable JWK")
	}
	if private, err := jwk.IsPrivateKey(key); err != nil || private {
		return errors.New("not a public key")
	}
	return nil
}
