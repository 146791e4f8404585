package transcript

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
)

// sign is the contract's cookie signature: HMAC-SHA256 in padded base64.
func sign(secret, value string) string {
	return base64.StdEncoding.EncodeToString(macOf(secret, []byte(value)))
}

func macOf(secret string, message []byte) []byte {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(message)
	return mac.Sum(nil)
}

// signed reads value.signature and says whether the signature is right.
func (r *reader) signed(ctx context.Context, text string) string {
	dot := strings.LastIndex(text, ".")
	value := r.text(ctx, text[:dot])
	if !hmac.Equal([]byte(sign(r.secret, text[:dot])), []byte(text[dot+1:])) {
		return "<wrongly signed " + value + ">"
	}
	return "<signed " + value + ">"
}

// decodeURIComponent undoes encodeURIComponent; what cannot be decoded stays.
func decodeURIComponent(raw string) string {
	value, err := url.PathUnescape(raw)
	if err != nil {
		return raw
	}
	return value
}
