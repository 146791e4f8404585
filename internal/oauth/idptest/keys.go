package idptest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"sync"
)

// key signs ID tokens.
type key struct {
	kid     string
	private crypto.Signer
}

// keyRing has the keys of a provider; the first signs.
type keyRing struct{ keys []key }

// The first RSA keys are the same for every server of a process, because making
// one takes long.
var firstRSA = sync.OnceValue(newRSA)

func newRSA() *rsa.PrivateKey {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err) // it has no reason to
	}
	return private
}

func newKey(alg string, first bool) key {
	k := key{kid: random()}
	switch {
	case alg == "ES256":
		private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			panic(err)
		}
		k.private = private
	case first:
		k.private = firstRSA()
	default:
		k.private = newRSA()
	}
	return k
}

// ring gives the keys of a provider, and makes the first one.
func (s *Server) ring(p *Provider) *keyRing {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.keys[p.ID] == nil {
		s.keys[p.ID] = &keyRing{keys: []key{newKey(p.Alg, true)}}
	}
	return s.keys[p.ID]
}

// Rotate makes a provider sign with a new key from now on. The old one stays
// published where keep says so.
func (s *Server) Rotate(provider string, keep bool) {
	p := s.providers[provider]
	ring := s.ring(p)
	fresh := newKey(p.Alg, false)
	s.mu.Lock()
	defer s.mu.Unlock()
	if !keep {
		ring.keys = nil
	}
	ring.keys = append([]key{fresh}, ring.keys...)
}

// signing gives the key with which a provider signs now.
func (s *Server) signing(p *Provider) key {
	ring := s.ring(p)
	s.mu.Lock()
	defer s.mu.Unlock()
	return ring.keys[0]
}

// Key gives the public key of a kid, as a JWK in JSON.
func (s *Server) Key(kid string) (map[string]any, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for id, ring := range s.keys {
		for _, k := range ring.keys {
			if k.kid == kid {
				return k.jwk(s.providers[id].Alg), true
			}
		}
	}
	return nil, false
}

// publish is the key set (RFC 7517, 5).
func (s *Server) publish(p *Provider, w http.ResponseWriter, r *http.Request) {
	if s.fail(s.scriptOf(p.ID, nil).Keys, w, r) {
		return
	}
	ring := s.ring(p)
	s.mu.Lock()
	set := make([]any, len(ring.keys))
	for i, k := range ring.keys {
		set[i] = k.jwk(p.Alg)
	}
	s.mu.Unlock()
	answer(w, http.StatusOK, map[string]any{"keys": set})
}

func (k key) jwk(alg string) map[string]any {
	encode := base64.RawURLEncoding.EncodeToString
	jwk := map[string]any{"kid": k.kid, "use": "sig", "alg": alg}
	switch public := k.private.Public().(type) {
	case *rsa.PublicKey:
		jwk["kty"], jwk["n"] = "RSA", encode(public.N.Bytes())
		jwk["e"] = encode(big.NewInt(int64(public.E)).Bytes())
	case *ecdsa.PublicKey:
		point, err := public.Bytes()
		if err != nil {
			panic(err)
		}
		jwk["kty"], jwk["crv"] = "EC", "P-256"
		jwk["x"], jwk["y"] = encode(point[1:33]), encode(point[33:])
	}
	return jwk
}

// sign makes a signature of JWS (RFC 7518, 3.3 and 3.4).
func (k key) sign(message string) ([]byte, error) {
	sum := sha256.Sum256([]byte(message))
	switch private := k.private.(type) {
	case *rsa.PrivateKey:
		return rsa.SignPKCS1v15(rand.Reader, private, crypto.SHA256, sum[:])
	case *ecdsa.PrivateKey:
		r, t, err := ecdsa.Sign(rand.Reader, private, sum[:])
		if err != nil {
			return nil, err
		}
		return append(r.FillBytes(make([]byte, 32)), t.FillBytes(make([]byte, 32))...), nil
	}
	return nil, fmt.Errorf("no way to sign with %T", k.private)
}

// isSigned tells whether a JWS is signed by a key of the provider.
func (s *Server) isSigned(p *Provider, token string) bool {
	message, encoded, _ := cutLast(token)
	signature, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil {
		return false
	}
	sum := sha256.Sum256([]byte(message))
	ring := s.ring(p)
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.ContainsFunc(ring.keys, func(k key) bool {
		switch public := k.private.Public().(type) {
		case *rsa.PublicKey:
			return rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], signature) == nil
		case *ecdsa.PublicKey:
			return len(signature) == 64 &&
				ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:]))
		}
		return false
	})
}
