package jose

import (
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"
)

// Assertions signs what this server says of itself to other servers (RFC 7523),
// with a key that its operator has made: in more algorithms than tokens of our
// own are signed in. It is safe for concurrent use.
type Assertions struct {
	alg    jwa.SignatureAlgorithm
	key    jwk.Key
	header jws.Headers
}

// AssertionKey is a private key, as a JWK or as PKCS#8 in PEM; KeyID and Algorithm
// may be empty where the JWK has them.
type AssertionKey struct{ JWK, PEM, KeyID, Algorithm string }

// errPEM quotes no part of a key, as the others.
var errPEM = errors.New("not a readable private key in PKCS#8 and PEM")

// NewAssertions reads the key and tries it.
func NewAssertions(k AssertionKey) (*Assertions, error) {
	key, err := k.read()
	if err != nil {
		return nil, err
	}
	name, err := k.algorithm(key)
	if err != nil {
		return nil, err
	}
	alg, _ := jwa.LookupSignatureAlgorithm(name)
	a := &Assertions{alg: alg, key: key, header: jws.NewHeaders()}
	if err := a.header.Set(jws.TypeKey, "JWT"); err != nil {
		return nil, err
	}
	if id, ok := key.KeyID(); ok && k.KeyID == "" {
		k.KeyID = id
	}
	// jws would take the name from the key.
	if err := errors.Join(key.Remove(jwk.KeyIDKey), key.Remove(jwk.AlgorithmKey)); err != nil {
		return nil, errUnreadable
	}
	if k.KeyID != "" {
		if err := a.header.Set(jws.KeyIDKey, k.KeyID); err != nil {
			return nil, err
		}
	}
	return a, a.try()
}

// try tells whether the key can sign in the algorithm, and is large enough.
func (a *Assertions) try() error {
	public, err := a.key.PublicKey()
	if err != nil {
		return errUnreadable
	}
	var raw any
	if err := jwk.Export(public, &raw); err != nil || !(publicKey{raw: raw}).fits(a.alg.String()) {
		return errWrongKey
	}
	_, err = a.Sign([]byte("{}"))
	return err
}

func (k *AssertionKey) read() (jwk.Key, error) {
	if k.JWK != "" {
		key, err := jwk.ParseKey([]byte(k.JWK))
		if err != nil {
			return nil, errUnreadable
		}
		if private, err := jwk.IsPrivateKey(key); err != nil || !private {
			return nil, errUnreadable
		}
		return key, nil
	}
	block, _ := pem.Decode([]byte(k.PEM))
	if block == nil {
		return nil, errPEM
	}
	raw, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errPEM
	}
	key, err := jwk.Import(raw)
	if err != nil {
		return nil, errPEM
	}
	return key, nil
}

func (k *AssertionKey) algorithm(key jwk.Key) (string, error) {
	own, name := "", k.Algorithm
	if alg, ok := key.Algorithm(); ok {
		own = alg.String()
	}
	switch {
	case name == "" && own == "":
		name = RS256
	case name == "":
		name = own
	case own != "" && own != name:
		return "", fmt.Errorf("the JWK is for %s, not for %s", own, name)
	}
	if !Asymmetric(name) {
		return "", fmt.Errorf("%q signs no assertions", name)
	}
	return name, nil
}

// Sign gives the compact form of claims that are signed.
func (a *Assertions) Sign(claims []byte) (string, error) {
	token, err := jws.Sign(claims, jws.WithKey(a.alg, a.key, jws.WithProtectedHeaders(a.header)))
	if err != nil {
		return "", fmt.Errorf("signing an assertion: %w", errWrongKey)
	}
	return string(token), nil
}
