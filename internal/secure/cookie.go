package secure

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"strings"
)

// signatureLength is the length of 32 bytes in padded base64.
const signatureLength = 44

func newMAC(secret string) hash.Hash { return hmac.New(sha256.New, []byte(secret)) }

// Sign appends a dot and the signature of value under the current secret: standard base64, padded, of
// HMAC-SHA256 over the value's bytes. The result still has to be percent-encoded to go into a cookie.
func (s *Secrets) Sign(value string) string {
	sum := s.MAC([]byte(value))
	signed := make([]byte, 0, len(value)+1+signatureLength)
	signed = append(signed, value...)
	signed = append(signed, '.')
	return string(base64.StdEncoding.AppendEncode(signed, sum[:]))
}

// Verify splits a signed value, already percent-decoded, at its last dot and returns the part before
// when the signature fits the current secret, or an earlier one where AcceptOlder was called. The value
// must not be empty.
func (s *Secrets) Verify(signed string) (value string, ok bool) {
	value, by := s.VerifyBy(signed)
	return value, by != NoSecret
}

// Signer is which of the secrets has signed something.
type Signer int

// What a signature may be of.
const (
	NoSecret Signer = iota // nobody's, or a secret's that does not count
	CurrentSecret
	OlderSecret
)

// VerifyBy is Verify, and tells which secret it was, so that the value can be signed anew.
func (s *Secrets) VerifyBy(signed string) (value string, by Signer) {
	dot := strings.LastIndexByte(signed, '.')
	if dot < 1 {
		return "", NoSecret
	}
	value, signature := signed[:dot], signed[dot+1:]
	if len(signature) != signatureLength || signature[signatureLength-1] != '=' {
		return "", NoSecret
	}
	given, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return "", NoSecret
	}
	if by = s.signer(given, []byte(value)); by == NoSecret {
		return "", NoSecret
	}
	return value, by
}

// VerifyMAC tells in constant time whether sum is the MAC of the parts under the current secret, or an
// earlier one where those count.
func (s *Secrets) VerifyMAC(sum []byte, parts ...[]byte) bool {
	return s.signer(sum, parts...) != NoSecret
}

// VerifyCurrentMAC is VerifyMAC for what no earlier secret vouches for.
func (s *Secrets) VerifyCurrentMAC(sum []byte, parts ...[]byte) bool {
	own := s.MAC(parts...)
	return hmac.Equal(sum, own[:])
}

// signer asks the current secret first: what that has signed costs one MAC, however many there are.
func (s *Secrets) signer(sum []byte, parts ...[]byte) Signer {
	if s.VerifyCurrentMAC(sum, parts...) {
		return CurrentSecret
	}
	for _, older := range s.older {
		state := newMAC(older)
		for _, part := range parts {
			state.Write(part)
		}
		if hmac.Equal(sum, state.Sum(nil)) {
			return OlderSecret
		}
	}
	return NoSecret
}

// MAC is the HMAC-SHA256 of the parts, one after the other, under the current secret. It reuses keyed
// states: resetting one costs a third of keying a new one, and get-session is little else than this
// and one query.
func (s *Secrets) MAC(parts ...[]byte) (sum [sha256.Size]byte) {
	state, _ := s.macs.Get().(hash.Hash)
	state.Reset()
	for _, part := range parts {
		state.Write(part)
	}
	state.Sum(sum[:0])
	s.macs.Put(state)
	return sum
}
