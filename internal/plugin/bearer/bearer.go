// Package bearer lets clients without cookies send their session token in the
// Authorization header (RFC 6750), and gives it to them in the header
// set-auth-token.
//
// The token is a session token, not a JWT: those of package jwt are not
// accepted here.
package bearer

import (
	"context"
	"encoding/base64"
	"strings"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/auth"
)

// Bearer is the plugin.
type Bearer struct {
	auth *auth.Auth
	cfg  Config
}

// New gives the plugin.
func New(a *auth.Auth, cfg Config) *Bearer { return &Bearer{auth: a, cfg: cfg} }

// Plugin lists what the plugin adds.
func (b *Bearer) Plugin() auth.Plugin {
	return auth.Plugin{
		ID:     "bearer",
		Before: []auth.Hook{{On: hasAuthorization, Run: b.read, Credential: true}},
		After:  []auth.Hook{{On: api.Always, Run: b.write}},
	}
}

func hasAuthorization(c *api.Call) bool { return c.Request.Header.Get("Authorization") != "" }

const scheme = "bearer "

// read puts the token in the place of the session cookie. A header that is not
// a session token with a right signature is ignored, and the cookie counts.
func (b *Bearer) read(_ context.Context, c *api.Call) error {
	header := c.Header("Authorization")
	if len(header) < len(scheme) || !strings.EqualFold(header[:len(scheme)], scheme) {
		return nil
	}
	if signed, ok := b.signed(strings.TrimSpace(header[len(scheme):])); ok {
		c.ReplaceCookie(b.auth.SessionCookieName(), signed)
	}
	return nil
}

// signed gives the token in the form of a cookie's value. A bare token is
// signed here, unless the configuration wants clients to send signatures.
func (b *Bearer) signed(token string) (string, bool) {
	if token == "" {
		return "", false
	}
	if !strings.Contains(token, ".") {
		return b.auth.Secrets.Sign(token), !b.cfg.RequireSignature
	}
	if strings.Contains(token, "%") {
		if decoded, ok := api.DecodeURIComponent(token); ok {
			token = decoded
		}
	}
	value, signature, _ := strings.Cut(token, ".")
	signature, _, _ = strings.Cut(signature, ".")
	standard, ok := standardBase64(signature)
	if !ok {
		return "", false
	}
	if _, ok := b.auth.Secrets.Verify(value + "." + standard); !ok {
		return "", false
	}
	return token, true
}

// signatureLength is the length of an HMAC-SHA256 in base64 without padding.
const signatureLength = 43

// standardBase64 writes a signature as cookies have it. It may come in either
// alphabet, and what follows its padding counts for nothing: Better Auth looks
// no closer here. The cookie it then puts in place is the text as it was sent,
// so that a form which cookies do not have signs nobody in.
func standardBase64(s string) (string, bool) {
	s, _, _ = strings.Cut(s, "=")
	if len(s) != signatureLength {
		return "", false
	}
	alphabet := base64.RawStdEncoding
	if strings.ContainsAny(s, "-_") {
		alphabet = base64.RawURLEncoding
	}
	raw, err := alphabet.DecodeString(s)
	return base64.StdEncoding.EncodeToString(raw), err == nil
}

// write hands the token out whenever the answer sets the session cookie.
func (b *Bearer) write(_ context.Context, c *api.Call) error {
	token := ""
	for _, cookie := range c.SetCookies() {
		if cookie.Name == b.auth.SessionCookieName() {
			token = cookie.Value
			if cookie.MaxAge != nil && *cookie.MaxAge == 0 {
				token = ""
			}
		}
	}
	if token != "" {
		c.Expose("set-auth-token", token)
	}
	return nil
}
