package jose

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"fmt"
	"io"
	"math/big"
	"strings"
)

// KeyPair is a new key as it is stored: the JWK text of both halves, members
// in the order in which Better Auth stores them, without alg and kid.
type KeyPair struct {
	Public, Private string
	// Curve is the crv member; empty for RSA.
	Curve string
}

// String hides the private half, so that a pair may be printed.
func (p KeyPair) String() string { return p.Public + " [redacted]" }

// GoString hides the private half from %#v as String does from the other verbs.
func (p KeyPair) GoString() string { return p.String() }

// Generate makes a key. The modulus length in bits is for RSA alone, where 0
// means 2048. The bytes come from rand, except where the standard library
// insists on the system's own source.
func Generate(alg string, modulusLength int, rand io.Reader) (KeyPair, error) {
	if err := CheckAlgorithm(alg); err != nil {
		return KeyPair{}, err
	}
	pair, err := generate(alg, modulusLength, rand)
	if err != nil {
		return KeyPair{}, fmt.Errorf("making a %s key: %w", alg, err)
	}
	pair.Curve = Curve(alg)
	return pair, nil
}

func generate(alg string, modulusLength int, rand io.Reader) (KeyPair, error) {
	switch alg {
	case EdDSA:
		return generateOKP(rand)
	case ES256:
		return generateEC(elliptic.P256(), rand)
	case ES512:
		return generateEC(elliptic.P521(), rand)
	default:
		if modulusLength == 0 {
			modulusLength = MinModulus
		}
		return generateRSA(modulusLength, rand)
	}
}

// generateOKP writes crv first and d before x, as Node does for this type
// alone.
func generateOKP(rand io.Reader) (KeyPair, error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(rand, seed); err != nil {
		return KeyPair{}, err
	}
	x := encode(ed25519.NewKeyFromSeed(seed)[ed25519.SeedSize:])
	return KeyPair{
		Public:  jwkText("crv", "Ed25519", "x", x, "kty", "OKP"),
		Private: jwkText("crv", "Ed25519", "d", encode(seed), "x", x, "kty", "OKP"),
	}, nil
}

// generateEC writes coordinates and d at the full width of the field, zeros in
// front included: a shorter form is malformed (RFC 7518, section 6.2).
func generateEC(curve elliptic.Curve, rand io.Reader) (KeyPair, error) {
	key, err := ecdsa.GenerateKey(curve, rand)
	if err != nil {
		return KeyPair{}, err
	}
	point, err := key.PublicKey.Bytes()
	if err != nil {
		return KeyPair{}, err
	}
	d, err := key.Bytes()
	if err != nil {
		return KeyPair{}, err
	}
	public := []string{
		"kty", "EC", "x", encode(point[1 : 1+len(d)]), "y", encode(point[1+len(d):]), "crv", curve.Params().Name,
	}
	return KeyPair{Public: jwkText(public...), Private: jwkText(append(public, "d", encode(d))...)}, nil
}

func generateRSA(bits int, rand io.Reader) (KeyPair, error) {
	if bits < MinModulus || bits > MaxModulus {
		return KeyPair{}, fmt.Errorf("a modulus of %d bits is not allowed: it must have %d to %d", bits, MinModulus, MaxModulus)
	}
	key, err := rsa.GenerateKey(rand, bits)
	if err != nil {
		return KeyPair{}, err
	}
	number := func(n *big.Int) string { return encode(n.Bytes()) }
	public := []string{"kty", "RSA", "n", number(key.N), "e", number(big.NewInt(int64(key.E)))}
	private := append(public,
		"d", number(key.D), "p", number(key.Primes[0]), "q", number(key.Primes[1]),
		"dp", number(key.Precomputed.Dp), "dq", number(key.Precomputed.Dq), "qi", number(key.Precomputed.Qinv))
	return KeyPair{Public: jwkText(public...), Private: jwkText(private...)}, nil
}

// jwkText writes names and values that need no escaping.
func jwkText(namesAndValues ...string) string {
	var b strings.Builder
	for i := 0; i < len(namesAndValues); i += 2 {
		b.WriteByte("{,"[min(i, 1)])
		b.WriteString(`"` + namesAndValues[i] + `":"` + namesAndValues[i+1] + `"`)
	}
	return b.String() + "}"
}
