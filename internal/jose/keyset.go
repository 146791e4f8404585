package jose

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
)

// foreign are the algorithms in which other servers sign: those of RFC 7518 and
// RFC 8037 that need no shared secret.
var foreign = []string{
	RS256, "RS384", "RS512", PS256, "PS384", "PS512", ES256, "ES384", ES512, EdDSA,
}

// Asymmetric tells whether an algorithm is one that a published key can check:
// neither none nor one with a shared secret.
func Asymmetric(alg string) bool { return slices.Contains(foreign, alg) }

// Algorithms lists them.
func Algorithms() []string { return slices.Clone(foreign) }

// maxKeys bounds how many keys of a set are read.
const maxKeys = 100

// KeySet are the public keys that another server publishes (RFC 7517, section 5).
// It is safe for concurrent use.
type KeySet struct{ keys []publicKey }

type publicKey struct {
	id, alg string // empty where the key has none
	raw     any
}

// errNoKeySet says that a text is no JSON Web Key Set.
var errNoKeySet = errors.New("not a JSON Web Key Set")

// ErrUnknownKey says that a set has no key for a token; it wraps ErrInvalid.
var ErrUnknownKey = fmt.Errorf("%w: the key set has no key for it", ErrInvalid)

// ParseKeySet reads a set. Keys that are not for signatures, or that nothing here
// can use, are passed over: a set may hold keys for others.
func ParseKeySet(text []byte) (*KeySet, error) {
	var set struct{ Keys []json.RawMessage }
	if err := json.Unmarshal(text, &set); err != nil || set.Keys == nil {
		return nil, errNoKeySet
	}
	s := &KeySet{}
	for _, member := range set.Keys[:min(len(set.Keys), maxKeys)] {
		if key, ok := readPublic(member); ok {
			s.keys = append(s.keys, key)
		}
	}
	return s, nil
}

func readPublic(text []byte) (publicKey, bool) {
	parsed, err := jwk.ParseKey(text)
	if err != nil {
		return publicKey{}, false
	}
	if use, ok := parsed.KeyUsage(); ok && use != "sig" {
		return publicKey{}, false
	}
	if ops, ok := parsed.KeyOps(); ok && !slices.Contains(ops, jwk.KeyOpVerify) {
		return publicKey{}, false
	}
	var key publicKey
	if err := jwk.Export(parsed, &key.raw); err != nil {
		return publicKey{}, false
	}
	key.id, _ = parsed.KeyID()
	if alg, ok := parsed.Algorithm(); ok {
		key.alg = alg.String()
	}
	return key, true
}

// Verify checks the signature of a compact token and gives the payload. Only an
// algorithm of the list counts, which comes from configuration and never from the
// token, and only a key that is of its kind and for no other algorithm. A token
// that names no key is tried with each. Every error wraps ErrInvalid.
func (s *KeySet) Verify(token string, algorithms []string) ([]byte, error) {
	header, err := expectedHeader(token, algorithms)
	if err != nil {
		return nil, err
	}
	algorithm, _ := jwa.LookupSignatureAlgorithm(header.Alg)
	err = ErrUnknownKey
	for _, key := range s.keys {
		if header.KID != "" && header.KID != key.id || !key.fits(header.Alg) {
			continue
		}
		payload, failed := verify(token, algorithm, key.raw)
		if failed == nil {
			return payload, nil
		}
		// Without a name, a new key of the other server may be the right one.
		if header.KID != "" {
			err = failed
		}
	}
	return nil, err
}

// CheckHeader says why no key can make a token good, before anybody is asked for
// keys: it is in another form or names another algorithm.
func CheckHeader(token string, algorithms []string) error {
	_, err := expectedHeader(token, algorithms)
	return err
}

func expectedHeader(token string, algorithms []string) (tokenHeader, error) {
	if strings.Count(token, ".") != 2 {
		return tokenHeader{}, fmt.Errorf("%w: not in compact form", ErrInvalid)
	}
	header, err := readHeader(token)
	if err == nil && (!slices.Contains(algorithms, header.Alg) || !Asymmetric(header.Alg)) {
		err = fmt.Errorf("%w: its header names an algorithm that is not expected", ErrInvalid)
	}
	return header, err
}

// fits tells whether the key may check a signature in alg.
func (k publicKey) fits(alg string) bool {
	if k.alg != "" && k.alg != alg {
		return false
	}
	switch raw := k.raw.(type) {
	case ed25519.PublicKey:
		return alg == EdDSA && len(raw) == ed25519.PublicKeySize
	case *ecdsa.PublicKey:
		curves := map[string]string{ES256: "P-256", "ES384": "P-384", ES512: "P-521"}
		return curves[alg] == raw.Curve.Params().Name
	case *rsa.PublicKey:
		return (strings.HasPrefix(alg, "RS") || strings.HasPrefix(alg, "PS")) &&
			raw.N.BitLen() >= MinModulus && raw.N.BitLen() <= MaxModulus
	default:
		return false
	}
}
