package jose

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws/jwsbb"
)

// Signer signs with one key.
type Signer struct {
	alg    string
	key    any
	header string // the encoded protected header and its dot
}

// NewSigner reads a private JWK. The key must be of the kind and size that alg
// wants.
func NewSigner(alg, kid, private string) (*Signer, error) {
	key, err := readPrivate(alg, private)
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", kid, err)
	}
	name, err := json.Marshal(kid)
	if err != nil {
		return nil, err
	}
	header := `{"alg":"` + alg + `","kid":` + string(name) + `}`
	return &Signer{alg: alg, key: key, header: encode([]byte(header)) + "."}, nil
}

// Sign gives the compact serialisation of a JWS over payload (RFC 7515, section
// 7.1). Its header holds alg and kid and nothing else.
func (s *Signer) Sign(payload []byte) (string, error) {
	signed := s.header + encode(payload)
	signature, err := jwsbb.Sign(s.key, s.alg, []byte(signed), rand.Reader)
	if err != nil {
		return "", fmt.Errorf("signing with %s: %w", s.alg, err)
	}
	return signed + "." + encode(signature), nil
}

var errWrongKey = errors.New("the key is not of the kind or size that its algorithm wants")

func readPrivate(alg, text string) (any, error) {
	parsed, err := jwk.ParseKey([]byte(text))
	if err != nil {
		return nil, errors.New("not a readable JWK")
	}
	var key any
	if err := jwk.Export(parsed, &key); err != nil {
		return nil, errors.New("not a readable private key")
	}
	if !fits(alg, key) {
		return nil, errWrongKey
	}
	return key, nil
}

func fits(alg string, key any) bool {
	switch k := key.(type) {
	case ed25519.PrivateKey:
		return alg == EdDSA && len(k) == ed25519.PrivateKeySize
	case *ecdsa.PrivateKey:
		return alg == ES256 && k.Curve.Params().BitSize == 256 || alg == ES512 && k.Curve.Params().BitSize == 521
	case *rsa.PrivateKey:
		return (alg == RS256 || alg == PS256) && k.N.BitLen() >= MinModulus && k.Validate() == nil
	default:
		return false
	}
}
