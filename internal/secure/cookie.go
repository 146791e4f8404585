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
// when the signature fits the current secret. The value must not be empty. Values signed with an
// earlier secret are refused, as in Better Auth, unless AcceptOlder was called: after a change of secret
// every browser signs in anew.
func (s *Secrets) Verify(signed string) (value string, ok bool) {
	dot := strings.LastIndexByte(signed, '.')
	if dot < 1 {
		return "", false
	}
	value, signature := signed[:dot], signed[dot+1:]
	if len(signature) != signatureLength || signature[signatureLength-1] != '=' {
		return "", false
	}
	given, err := base64.StdEncoding.DecodeString(signature)
	if err != nil {
		return "", false
	}
	if !s.VerifyMAC(given, []byte(value)) {
		return "", false
	}
	return value, true
}

// VerifyMAC tells in constant time whether sum is the MAC of the parts under the current secret, or an
// earlier one where those count.
func (s *Secrets) VerifyMAC(sum []byte, parts ...[]byte) bool {
	own := s.MAC(parts...)
	if hmac.Equal(sum, own[:]) {
		return true
	}
	for _, older := range s.older {
		state := newMAC(older)
		for _, part := range parts {
			state.Write(part)
		}
		if hmac.Equal(sum, state.Sum(nil)) {
			return true
		}
	}
	return false
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
