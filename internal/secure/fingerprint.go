package secure

import (
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// fingerprintSize is half of SHA-256, which RFC 2104 lets stand for all of it.
const fingerprintSize = 16

// Fingerprints gives values that stand for others without telling them, under keys of one purpose:
// the same values have the same fingerprint, and nobody without the secret can try out which they
// were. It is safe for concurrent use.
type Fingerprints struct{ keys [][]byte } // newest first

// Fingerprints gives those of a purpose. Its keys are derived from the secrets by HKDF (RFC 5869)
// with SHA-256.
func (s *Secrets) Fingerprints(purpose string) *Fingerprints {
	f := &Fingerprints{}
	for _, secret := range s.All() {
		key, err := hkdf.Key(sha256.New, secret, nil, "sallyport "+purpose, sha256.Size)
		if err != nil {
			panic(err) // only for a key of absurd length
		}
		f.keys = append(f.keys, key)
	}
	return f
}

// Of is the fingerprint of some texts together, under the current secret.
func (f *Fingerprints) Of(texts ...string) []byte { return fingerprint(f.keys[0], texts) }

// All is the fingerprint under each configured secret, the current one first: what was kept before
// a rotation of secrets has one of the others.
func (f *Fingerprints) All(texts ...string) [][]byte {
	out := make([][]byte, len(f.keys))
	for i, key := range f.keys {
		out[i] = fingerprint(key, texts)
	}
	return out
}

// fingerprint tells each text's length, so that no two lists are the same bytes.
func fingerprint(key []byte, texts []string) []byte {
	mac := hmac.New(sha256.New, key)
	for _, text := range texts {
		mac.Write(binary.BigEndian.AppendUint64(nil, uint64(len(text))))
		mac.Write([]byte(text))
	}
	return mac.Sum(nil)[:fingerprintSize]
}
