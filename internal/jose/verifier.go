package jose

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"errors"
	"fmt"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"
)

// Verifier checks tokens of one type with one key, which is read only once. It
// is safe for concurrent use.
type Verifier struct {
	alg jwa.SignatureAlgorithm
	key any
}

// NewVerifier reads a public JWK, which must be of the kind and size that alg
// wants.
func NewVerifier(alg, public string) (*Verifier, error) {
	if err := CheckPublic(public); err != nil {
		return nil, err
	}
	parsed, err := jwk.ParseKey([]byte(public))
	if err != nil {
		return nil, errors.New("not a readable JWK")
	}
	var raw any
	if err := jwk.Export(parsed, &raw); err != nil || !verifies(alg, raw) {
		return nil, errWrongKey
	}
	algorithm, _ := jwa.LookupSignatureAlgorithm(alg)
	return &Verifier{alg: algorithm, key: raw}, nil
}

// Verify checks the signature of a compact token and gives the payload. The
// token's typ must be the one given: a token of another type may hold the same
// claims and mean something else (RFC 8725, section 3.11). Every error wraps
// ErrInvalid.
func (v *Verifier) Verify(token, typ string) ([]byte, error) {
	header, err := readHeader(token)
	if err != nil {
		return nil, err
	}
	if header.Alg != v.alg.String() || header.Typ != typ {
		return nil, fmt.Errorf("%w: its header names another algorithm or type", ErrInvalid)
	}
	return verify(token, v.alg, v.key)
}

// KeyID gives the kid that a token's header names; nothing is verified yet.
func KeyID(token string) (string, error) {
	header, err := readHeader(token)
	return header.KID, err
}

func verify(token string, alg jwa.SignatureAlgorithm, key any) ([]byte, error) {
	// Extensions that must be understood are refused: none is (RFC 7515, section 4.1.11).
	payload, err := jws.Verify([]byte(token), jws.WithKey(alg, key), jws.WithCompact(), jws.WithCritValidation(true))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	return payload, nil
}

// verifies tells whether a public key is of the kind that alg wants.
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
