package transcript

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
)

var errWrongSignature = errors.New("the signature does not match")

// publicJWK holds the members of the key types of RFC 7518 and RFC 8037.
type publicJWK struct{ Kty, Crv, X, Y, N, E string }

// verifySignature checks a JWS signature (RFC 7515) under a public JWK.
func verifySignature(alg, jwk string, message, signature []byte) error {
	var key publicJWK
	if err := json.Unmarshal([]byte(jwk), &key); err != nil {
		return fmt.Errorf("the stored public key: %w", err)
	}
	switch alg {
	case "EdDSA":
		return verifyEd25519(key, message, signature)
	case "ES256":
		sum := sha256.Sum256(message)
		return verifyECDSA(elliptic.P256(), key, sum[:], signature)
	case "ES512":
		sum := sha512.Sum512(message)
		return verifyECDSA(elliptic.P521(), key, sum[:], signature)
	case "RS256", "PS256":
		return verifyRSA(alg, key, message, signature)
	}
	return fmt.Errorf("unknown algorithm %q", alg)
}

func verifyHMAC(secret string, message, signature []byte) error {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(message)
	if !hmac.Equal(mac.Sum(nil), signature) {
		return errWrongSignature
	}
	return nil
}

func verifyEd25519(key publicJWK, message, signature []byte) error {
	x, err := base64.RawURLEncoding.DecodeString(key.X)
	if err != nil || key.Kty != "OKP" || key.Crv != "Ed25519" || len(x) != ed25519.PublicKeySize {
		return errors.New("the stored key is not an Ed25519 key")
	}
	if !ed25519.Verify(x, message, signature) {
		return errWrongSignature
	}
	return nil
}

func verifyECDSA(curve elliptic.Curve, key publicJWK, sum, signature []byte) error {
	size := (curve.Params().BitSize + 7) / 8
	x, errX := base64.RawURLEncoding.DecodeString(key.X)
	y, errY := base64.RawURLEncoding.DecodeString(key.Y)
	if errX != nil || errY != nil || key.Crv != curve.Params().Name || len(x) != size || len(y) != size {
		return fmt.Errorf("the stored key is not a %s key", curve.Params().Name)
	}
	public, err := ecdsa.ParseUncompressedPublicKey(curve, append(append([]byte{4}, x...), y...))
	if err != nil {
		return err
	}
	if len(signature) != 2*size {
		return fmt.Errorf("a signature of %d bytes", len(signature))
	}
	r, s := new(big.Int).SetBytes(signature[:size]), new(big.Int).SetBytes(signature[size:])
	if !ecdsa.Verify(public, sum, r, s) {
		return errWrongSignature
	}
	return nil
}

func verifyRSA(alg string, key publicJWK, message, signature []byte) error {
	n, errN := base64.RawURLEncoding.DecodeString(key.N)
	e, errE := base64.RawURLEncoding.DecodeString(key.E)
	if errN != nil || errE != nil || key.Kty != "RSA" {
		return errors.New("the stored key is not an RSA key")
	}
	public := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(new(big.Int).SetBytes(e).Int64())}
	if public.N.BitLen() < 2048 {
		return fmt.Errorf("an RSA key of %d bits", public.N.BitLen())
	}
	sum := sha256.Sum256(message)
	if alg == "PS256" {
		return rsa.VerifyPSS(public, crypto.SHA256, sum[:], signature, &rsa.PSSOptions{SaltLength: rsa.PSSSaltLengthEqualsHash})
	}
	return rsa.VerifyPKCS1v15(public, crypto.SHA256, sum[:], signature)
}
