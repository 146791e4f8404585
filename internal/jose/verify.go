package jose

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
)

// ErrInvalid is wrapped by every error of Verify.
var ErrInvalid = errors.New("invalid token")

// Verify checks the signature of a compact token with a key set as /jwks
// publishes it, and gives the payload. The token's kid names the key, and the
// algorithm is the key's own: a header that names another is refused, so that
// no key is used for what it was not made for (RFC 8725, section 3.1). The
// claims are the caller's to judge.
func Verify(token string, keySet []byte) ([]byte, error) {
	header, err := readHeader(token)
	if err != nil {
		return nil, err
	}
	set, err := jwk.Parse(keySet)
	if err != nil {
		return nil, fmt.Errorf("the key set is malformed: %w", err)
	}
	key, ok := set.LookupKeyID(header.KID)
	if !ok {
		return nil, fmt.Errorf("%w: no key is named %q", ErrInvalid, header.KID)
	}
	own, ok := key.Algorithm()
	if !ok || own.String() != header.Alg || CheckAlgorithm(header.Alg) != nil {
		return nil, fmt.Errorf("%w: its header names an algorithm that is not the key's", ErrInvalid)
	}
	var raw any
	if err := jwk.Export(key, &raw); err != nil || !verifies(header.Alg, raw) {
		return nil, fmt.Errorf("%w: %w", ErrInvalid, errWrongKey)
	}
	algorithm, _ := jwa.LookupSignatureAlgorithm(header.Alg)
	return verify(token, algorithm, raw)
}

// tokenHeader is what is looked at in a header before its signature is checked.
type tokenHeader struct{ Alg, KID, Typ string }

func readHeader(token string) (tokenHeader, error) {
	var header tokenHeader
	segment, _, found := strings.Cut(token, ".")
	if !found {
		return header, fmt.Errorf("%w: not in compact form", ErrInvalid)
	}
	text, err := base64.RawURLEncoding.DecodeString(segment)
	if err != nil {
		return header, fmt.Errorf("%w: its header is not base64url", ErrInvalid)
	}
	if err := json.Unmarshal(text, &header); err != nil {
		return header, fmt.Errorf("%w: its header is not a JSON object", ErrInvalid)
	}
	return header, nil
}

// CheckPublic says why a stored public key cannot be published: it is no JWK,
// or it holds a private or symmetric key.
func CheckPublic(text string) error {
	key, err := jwk.ParseKey([]byte(text))
	if err != nil {
		return errors.New("not a readable JWK")
	}
	if private, err := jwk.IsPrivateKey(key); err != nil || private {
		return errors.New("not a public key")
	}
	return nil
}
