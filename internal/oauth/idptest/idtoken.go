package idptest

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// IDTokenFaults are what can be wrong with an ID token, by name.
var IDTokenFaults = map[string]string{
	"nonce":     "another nonce",
	"issuer":    "another issuer",
	"audience":  "for another client",
	"expired":   "expired an hour ago",
	"old":       "made two hours ago, and not expired",
	"future":    "made in an hour",
	"subject":   "without a subject",
	"signature": "the signature is not right",
	"kid":       "of a key that is not published",
	"stranger":  "signed with another key than that of its kid",
	"none":      "not signed, which the header says",
	"hs256":     "signed with the client's secret",
	"absent":    "there is none",
	"garbage":   "no JWT at all",
}

// idToken makes the ID token of a grant (OpenID Connect Core, 2); empty where
// there is none.
func (s *Server) idToken(p *Provider, g *grant, script Script) (string, error) {
	if _, known := IDTokenFaults[script.IDToken]; !known && script.IDToken != "" {
		return "", fmt.Errorf("there is no fault %q of an ID token", script.IDToken)
	}
	s.mu.Lock()
	now := s.now()
	s.mu.Unlock()
	claims := members(p.Claims)
	for name, value := range map[string]any{"iss": p.Issuer, "aud": g.client, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix()} {
		if _, own := claims[name]; !own {
			claims[name] = value
		}
	}
	if g.nonce != "" {
		claims["nonce"] = g.nonce
	}
	all, err := overlaid(any(claims), script.Claims)
	if err != nil {
		return "", err
	}
	claims, _ = all.(map[string]any)
	spoil(script.IDToken, claims, now)
	return s.sign(p, script.IDToken, claims)
}

// spoil makes the claims wrong.
func spoil(fault string, claims map[string]any, now time.Time) {
	switch fault {
	case "nonce":
		claims["nonce"] = "another-nonce"
	case "issuer":
		claims["iss"] = "https://elsewhere.test"
	case "audience":
		claims["aud"] = "another-client"
	case "expired":
		claims["iat"], claims["exp"] = now.Add(-2*time.Hour).Unix(), now.Add(-time.Hour).Unix()
	case "old":
		claims["iat"] = now.Add(-2 * time.Hour).Unix()
	case "future":
		claims["iat"] = now.Add(time.Hour).Unix()
	case "subject":
		delete(claims, "sub")
	}
}

// SignIDToken makes an ID token that a client has got by itself, as an app with
// the provider's own library does, for sign-in with an ID token.
func (s *Server) SignIDToken(provider, client, nonce string, script Script) (string, error) {
	p := s.providers[provider]
	if p == nil {
		return "", fmt.Errorf("there is no provider %q", provider)
	}
	return s.idToken(p, &grant{provider: provider, client: client, nonce: nonce}, script)
}

// sign makes a JWS in compact form (RFC 7515, 3.1).
func (s *Server) sign(p *Provider, fault string, claims map[string]any) (string, error) {
	k := s.signing(p)
	header := map[string]any{"alg": p.Alg, "kid": k.kid, "typ": "JWT"}
	switch fault {
	case "absent":
		return "", nil
	case "garbage":
		return "no-token-at-all", nil
	case "none":
		header["alg"] = "none"
	case "hs256":
		header["alg"] = "HS256"
	case "kid":
		k = newKey("ES256", true)
		header["alg"], header["kid"] = "ES256", k.kid
	case "stranger":
		k = newKey(p.Alg, false)
	}
	message, err := joined(header, claims)
	if err != nil {
		return "", err
	}
	signature, err := k.sign(message)
	switch fault {
	case "none":
		signature = nil
	case "hs256":
		client, _ := claims["aud"].(string)
		mac := hmac.New(sha256.New, []byte(SecretOf(client)))
		mac.Write([]byte(message))
		signature = mac.Sum(nil)
	case "signature":
		signature[len(signature)/2] ^= 1
	}
	return message + "." + base64.RawURLEncoding.EncodeToString(signature), err
}

func joined(parts ...any) (string, error) {
	var encoded []string
	for _, part := range parts {
		var b bytes.Buffer
		encoder := json.NewEncoder(&b)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(part); err != nil {
			return "", err
		}
		encoded = append(encoded, base64.RawURLEncoding.EncodeToString(bytes.TrimSpace(b.Bytes())))
	}
	return strings.Join(encoded, "."), nil
}

// check opens an ID token of the provider's own, which nobody has changed.
func (s *Server) check(p *Provider, token string) (map[string]any, error) {
	message, _, _ := cutLast(token)
	_, encoded, ok := strings.Cut(message, ".")
	raw, err := base64.RawURLEncoding.DecodeString(encoded)
	if err != nil || !ok {
		return nil, errors.New("invalid ID token")
	}
	claims := members(raw)
	expires, _ := claims["exp"].(json.Number)
	until, _ := expires.Int64()
	s.mu.Lock()
	now := s.now()
	s.mu.Unlock()
	switch {
	case !s.isSigned(p, token):
		return nil, errors.New("invalid ID token")
	case claims["iss"] != p.Issuer:
		return nil, errors.New("wrong issuer")
	case time.Unix(until, 0).Before(now):
		return nil, errors.New("the ID token has expired")
	}
	return claims, nil
}

func cutLast(token string) (message, signature string, ok bool) {
	i := strings.LastIndexByte(token, '.')
	if i < 0 {
		return token, "", false
	}
	return token[:i], token[i+1:], true
}
