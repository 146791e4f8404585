package jose

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/lestrrat-go/jwx/v3/jwk"
)

// maxSignature is the longest signature of a common key in base64url: RSA with
// 2048 bits.
const maxSignature = 342

// Signer signs with one key. It is safe for concurrent use.
type Signer struct {
	alg, kid string
	key      crypto.Signer
	header   []byte // the encoded protected header and its dot
}

// NewSigner reads a private JWK. The key must be of the kind and size that alg
// wants, and its halves must belong together. No error quotes the key.
func NewSigner(alg, kid, private string) (*Signer, error) {
	key, err := readPrivate(alg, private)
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", kid, err)
	}
	return newSigner(alg, kid, key)
}

// NewSignerPEM is NewSigner for the form in which other services hand out keys:
// PKCS #8 in PEM (RFC 7468, section 10).
func NewSignerPEM(alg, kid, text string) (*Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "PRIVATE KEY" {
		return nil, errNotPEM
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errNotPEM
	}
	key, err := fitting(alg, parsed)
	if err != nil {
		return nil, fmt.Errorf("key %s: %w", kid, err)
	}
	return newSigner(alg, kid, key)
}

// errNotPEM quotes nothing of what may be a key.
var errNotPEM = errors.New("not a private key in PEM, which begins with -----BEGIN PRIVATE KEY-----")

func newSigner(alg, kid string, key crypto.Signer) (*Signer, error) {
	name, err := json.Marshal(kid)
	if err != nil {
		return nil, err
	}
	return &Signer{alg: alg, kid: string(name), key: key, header: encodeHeader(`{"alg":"%s","kid":%s}`, alg, name)}, nil
}

// encodeHeader gives an encoded protected header and its dot.
func encodeHeader(format string, args ...any) []byte {
	return append([]byte(encode(fmt.Appendf(nil, format, args...))), '.')
}

// Sign gives the compact serialisation of a JWS over payload (RFC 7515, section
// 7.1). Its header holds alg and kid and nothing else.
func (s *Signer) Sign(payload []byte) (string, error) { return s.sign(s.header, payload) }

// SignTyped is Sign with a third member in the header, typ, which tells tokens
// for one use from those for another (RFC 8725, section 3.11).
func (s *Signer) SignTyped(typ string, payload []byte) (string, error) {
	return s.sign(encodeHeader(`{"alg":"%s","kid":%s,"typ":%q}`, s.alg, s.kid, typ), payload)
}

func (s *Signer) sign(header, payload []byte) (string, error) {
	size := len(header) + base64.RawURLEncoding.EncodedLen(len(payload)) + 1 + maxSignature
	token := append(make([]byte, 0, size), header...)
	token = base64.RawURLEncoding.AppendEncode(token, payload)
	signature, err := s.signature(token)
	if err != nil {
		return "", fmt.Errorf("signing with %s: %w", s.alg, err)
	}
	token = append(token, '.')
	return string(base64.RawURLEncoding.AppendEncode(token, signature)), nil
}

// Matches tells whether a public JWK is the other half of the key.
func (s *Signer) Matches(public string) bool {
	parsed, err := jwk.ParseKey([]byte(public))
	if err != nil {
		return false
	}
	var raw any
	if err := jwk.Export(parsed, &raw); err != nil {
		return false
	}
	own, ok := s.key.Public().(interface{ Equal(crypto.PublicKey) bool })
	return ok && own.Equal(raw)
}

// signature is the standard library's work: it is done on every request, and
// jwx would look its algorithm up each time.
func (s *Signer) signature(input []byte) ([]byte, error) {
	switch key := s.key.(type) {
	case ed25519.PrivateKey:
		return ed25519.Sign(key, input), nil
	case *ecdsa.PrivateKey:
		return signEC(s.alg, key, input)
	default:
		digest := sha256.Sum256(input)
		var options crypto.SignerOpts = crypto.SHA256
		if s.alg == PS256 {
			options = &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash, Hash: crypto.SHA256}
		}
		return key.Sign(rand.Reader, digest[:], options)
	}
}

// signEC joins r and s at the width of the field; Go's own form is ASN.1 (RFC
// 7518, section 3.4).
func signEC(alg string, key *ecdsa.PrivateKey, input []byte) ([]byte, error) {
	var digest []byte
	if alg == ES512 {
		sum := sha512.Sum512(input)
		digest = sum[:]
	} else {
		sum := sha256.Sum256(input)
		digest = sum[:]
	}
	r, s, err := ecdsa.Sign(rand.Reader, key, digest)
	if err != nil {
		return nil, err
	}
	size := fieldSize(alg)
	signature := make([]byte, 2*size)
	r.FillBytes(signature[:size])
	s.FillBytes(signature[size:])
	return signature, nil
}
