package secure

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"math"

	"golang.org/x/crypto/chacha20poly1305"
)

// untaggedVersion is the number of the secret that has none.
const untaggedVersion = math.MaxUint32

// sealedHead is what stands before the ciphertext: the secret's version and the nonce.
const sealedHead = 4 + chacha20poly1305.NonceSizeX

// Sealer encrypts what only this server reads, under keys of one purpose: nothing sealed for one
// can be opened for another, nor by Decrypt. It is safe for concurrent use.
type Sealer struct {
	newest uint32
	keys   map[uint32]cipher.AEAD
}

// Sealer gives the sealer of a purpose. Its keys are derived from the secrets by HKDF (RFC 5869)
// with SHA-256.
func (s *Secrets) Sealer(purpose string) *Sealer {
	r := &Sealer{newest: s.newest, keys: make(map[uint32]cipher.AEAD, len(s.values))}
	for version, secret := range s.values {
		key, err := hkdf.Key(sha256.New, []byte(secret), nil, "sallyport "+purpose, chacha20poly1305.KeySize)
		if err != nil {
			panic(err) // only for a key of absurd length
		}
		if r.keys[version], err = chacha20poly1305.NewX(key); err != nil {
			panic(err) // only for a key that is not 32 bytes long
		}
	}
	return r
}

// Seal encrypts plain under the current secret. Whoever opens it must name the same place, such as
// the id of its row, so that sealed values cannot be exchanged for one another.
func (r *Sealer) Seal(plain []byte, place string, rand io.Reader) ([]byte, error) {
	out := make([]byte, sealedHead, sealedHead+len(plain)+chacha20poly1305.Overhead)
	binary.BigEndian.PutUint32(out, r.newest)
	if _, err := io.ReadFull(rand, out[4:]); err != nil {
		return nil, fmt.Errorf("reading a nonce: %w", err)
	}
	return r.keys[r.newest].Seal(out, out[4:], plain, []byte(place)), nil
}

// Open decrypts what Seal made at a place, under whichever configured secret. Errors wrap ErrDecrypt.
func (r *Sealer) Open(sealed []byte, place string) ([]byte, error) {
	if len(sealed) < sealedHead+chacha20poly1305.Overhead {
		return nil, fmt.Errorf("%w: the value is too short", ErrDecrypt)
	}
	key, ok := r.keys[binary.BigEndian.Uint32(sealed)]
	if !ok {
		return nil, fmt.Errorf("%w: its secret is not configured", ErrDecrypt)
	}
	plain, err := key.Open(nil, sealed[4:sealedHead], sealed[sealedHead:], []byte(place))
	if err != nil {
		return nil, fmt.Errorf("%w: altered, or encrypted under another secret", ErrDecrypt)
	}
	return plain, nil
}
