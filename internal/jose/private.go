package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"

	"github.com/lestrrat-go/jwx/v3/jwk"
)

// These texts never quote the key, and neither do their callers: what jwx says
// of a malformed key may hold a part of it.
var (
	errUnreadable = errors.New("not a readable private JWK")
	errWrongKey   = errors.New("the key is not of the kind or size that its algorithm wants")
	errHalves     = errors.New("the halves of the key do not belong together")
)

// readPrivate lets jwx read a private JWK and gives the standard library's
// type for it.
func readPrivate(alg, text string) (crypto.Signer, error) {
	if !widthsFit(alg, text) {
		return nil, errWrongKey
	}
	parsed, err := jwk.ParseKey([]byte(text))
	if err != nil {
		return nil, errUnreadable
	}
	var raw any
	if err := jwk.Export(parsed, &raw); err != nil {
		return nil, errUnreadable
	}
	return fitting(alg, raw)
}

// fitting gives a private key that is of the kind and size that alg wants.
func fitting(alg string, raw any) (crypto.Signer, error) {
	switch key := raw.(type) {
	case ed25519.PrivateKey:
		return key, checkOKP(alg, key)
	case *ecdsa.PrivateKey:
		return key, checkEC(alg, key)
	case *rsa.PrivateKey:
		return key, checkRSA(alg, key)
	default:
		return nil, errWrongKey
	}
}

// fieldSize is the length of an elliptic coordinate in octets, 0 for RSA (RFC
// 7518, section 6.2.1.2; RFC 8037, section 2).
func fieldSize(alg string) int {
	switch alg {
	case EdDSA, ES256:
		return 32
	case ES512:
		return 66
	default:
		return 0
	}
}

// widthsFit holds the octet strings of elliptic keys to the width of their
// field: a verifier may refuse a shorter form that means the same number.
func widthsFit(alg, text string) bool {
	size := fieldSize(alg)
	if size == 0 {
		return true
	}
	var members struct{ X, Y, D *string }
	if json.Unmarshal([]byte(text), &members) != nil {
		return false
	}
	for _, member := range []*string{members.X, members.Y, members.D} {
		if member != nil && base64.RawURLEncoding.DecodedLen(len(*member)) != size {
			return false
		}
	}
	return true
}

func checkOKP(alg string, key ed25519.PrivateKey) error {
	if alg != EdDSA || len(key) != ed25519.PrivateKeySize {
		return errWrongKey
	}
	if !ed25519.NewKeyFromSeed(key.Seed()).Equal(key) {
		return errHalves
	}
	return nil
}

func checkEC(alg string, key *ecdsa.PrivateKey) error {
	if alg != ES256 && alg != ES512 || key.Curve.Params().Name != Curve(alg) {
		return errWrongKey
	}
	d, err := key.Bytes()
	if err != nil {
		return errHalves
	}
	own, err := ecdsa.ParseRawPrivateKey(key.Curve, d)
	if err != nil || !own.PublicKey.Equal(&key.PublicKey) {
		return errHalves
	}
	return nil
}

func checkRSA(alg string, key *rsa.PrivateKey) error {
	if alg != RS256 && alg != PS256 || key.N.BitLen() < MinModulus || key.N.BitLen() > MaxModulus {
		return errWrongKey
	}
	if len(key.Primes) != 2 || key.Validate() != nil {
		return errHalves
	}
	key.Precompute()
	return nil
}
