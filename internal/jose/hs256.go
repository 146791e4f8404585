package jose

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/secure"
)

// headerHS256 is {"alg":"HS256"} and its dot, the header of every token signed
// with the server's secret. What such a token is for shows in its claims alone.
const headerHS256 = "eyJhbGciOiJIUzI1NiJ9."

// SignHS256 gives the compact serialisation of a JWS over payload with the
// current secret (RFC 7518, section 3.2). Nobody outside can verify it: it is
// for tokens that come back to this server.
func SignHS256(secrets *secure.Secrets, payload []byte) string {
	size := len(headerHS256) + base64.RawURLEncoding.EncodedLen(len(payload)) + 1 + base64.RawURLEncoding.EncodedLen(sha256.Size)
	token := append(make([]byte, 0, size), headerHS256...)
	token = base64.RawURLEncoding.AppendEncode(token, payload)
	sum := secrets.MAC(token)
	token = append(token, '.')
	return string(base64.RawURLEncoding.AppendEncode(token, sum[:]))
}

// VerifyHS256 checks the signature of a compact token with the current secret,
// or an earlier one where those count, and gives the payload. Its claims, times
// included, are the caller's to judge. Every error wraps ErrInvalid.
func VerifyHS256(secrets *secure.Secrets, token string) ([]byte, error) {
	return verifyHS256(secrets.VerifyMAC, token)
}

// VerifyCurrentHS256 is VerifyHS256 for what no earlier secret vouches for.
func VerifyCurrentHS256(secrets *secure.Secrets, token string) ([]byte, error) {
	return verifyHS256(secrets.VerifyCurrentMAC, token)
}

func verifyHS256(verify func(sum []byte, parts ...[]byte) bool, token string) ([]byte, error) {
	dot := strings.LastIndexByte(token, '.')
	if dot < 0 {
		return nil, fmt.Errorf("%w: not in compact form", ErrInvalid)
	}
	signature, err := base64.RawURLEncoding.Strict().DecodeString(token[dot+1:])
	if err != nil {
		return nil, fmt.Errorf("%w: its signature is not base64url", ErrInvalid)
	}
	if !verify(signature, []byte(token[:dot])) {
		return nil, fmt.Errorf("%w: the signature does not match", ErrInvalid)
	}
	header, body, _ := strings.Cut(token[:dot], ".")
	if header+"." != headerHS256 {
		if err := checkHS256(header); err != nil {
			return nil, err
		}
	}
	payload, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		return nil, fmt.Errorf("%w: its payload is not base64url", ErrInvalid)
	}
	return payload, nil
}

// checkHS256 refuses a header that asks for something else, or for an
// extension: none is known here (RFC 7515, section 4.1.11).
func checkHS256(segment string) error {
	text, err := base64.RawURLEncoding.DecodeString(segment)
	if err != nil {
		return fmt.Errorf("%w: its header is not base64url", ErrInvalid)
	}
	var header struct {
		Alg  string
		Crit json.RawMessage
	}
	if err := json.Unmarshal(text, &header); err != nil {
		return fmt.Errorf("%w: its header is not a JSON object", ErrInvalid)
	}
	if header.Alg != "HS256" || header.Crit != nil {
		return fmt.Errorf("%w: its header asks for something else than HS256", ErrInvalid)
	}
	return nil
}
