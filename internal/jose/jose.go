// Package jose makes, stores and uses the keys that sign tokens: JSON Web Keys
// (RFC 7517, RFC 8037) and compact JSON Web Signatures (RFC 7515) with the
// five algorithms Better Auth offers. Keys are written as the jose library of
// Node writes them, member for member, so that either server reads the other's.
//
// It is the only package that imports jwx.
package jose

import (
	"encoding/base64"
	"fmt"
)

// The algorithms that can sign (RFC 7518, section 3.1; RFC 8037, section 3.1).
const (
	EdDSA = "EdDSA" // with the curve Ed25519
	ES256 = "ES256"
	ES512 = "ES512"
	RS256 = "RS256"
	PS256 = "PS256"
)

// Bounds of an RSA modulus in bits. The upper one keeps a mistyped number from
// costing minutes.
const (
	MinModulus = 2048
	MaxModulus = 16384
)

// CheckAlgorithm says why an algorithm cannot sign here, or nil.
func CheckAlgorithm(alg string) error {
	switch alg {
	case EdDSA, ES256, ES512, RS256, PS256:
		return nil
	case "HS256", "HS384", "HS512":
		return fmt.Errorf("%s is not possible: it signs with a shared secret, which the key set would have to publish for anyone to verify a token, and whoever verifies could sign as well; use EdDSA, ES256, ES512, RS256 or PS256", alg)
	default:
		return fmt.Errorf("unknown algorithm %q; use EdDSA, ES256, ES512, RS256 or PS256", alg)
	}
}

// Curve names the elliptic curve of an algorithm as the crv member does; it is
// empty for RSA.
func Curve(alg string) string {
	switch alg {
	case EdDSA:
		return "Ed25519"
	case ES256:
		return "P-256"
	case ES512:
		return "P-521"
	default:
		return ""
	}
}

func encode(octets []byte) string { return base64.RawURLEncoding.EncodeToString(octets) }
