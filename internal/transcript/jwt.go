package transcript

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
)

// jwt opens a compact JWS: header and claims in their own order, and whether
// the signature is right under the public key that the target published for
// the header's kid.
func (r *reader) jwt(ctx context.Context, token string) string {
	parts := strings.Split(token, ".")
	header, err := opened(parts[0])
	if err != nil {
		return r.names.ids(token)
	}
	claims, err := opened(parts[1])
	if err != nil {
		return r.names.ids(token)
	}
	verdict := "rightly signed"
	if err := r.verify(ctx, header, parts); err != nil {
		verdict = "NOT RIGHTLY SIGNED: " + err.Error()
	}
	dated := r.dates
	if kid, _ := header.child("kid"); r.isProviders(kid) {
		dated = r.providersDates
	}
	return fmt.Sprintf("<jwt %s %s %s>", r.json(ctx, header), r.json(ctx, dated(claims)), verdict)
}

func opened(part string) (node, error) {
	text, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return node{}, err
	}
	return parseCompact(string(text))
}

// dates names the NumericDates among the claims, and the updatedAt of a session
// cache, which is in milliseconds.
func (r *reader) dates(claims node) node {
	if value, ok := claims.child("updatedAt"); ok && wholeNumber.MatchString(value.raw) && !strings.HasPrefix(value.raw, `"`) {
		claims = claims.with([]string{"updatedAt"}, &node{raw: quote(r.millis(value.raw))})
	}
	for _, claim := range []string{"iat", "exp", "nbf"} {
		value, ok := claims.child(claim)
		if !ok {
			continue
		}
		if name, ok := r.clock.seconds(value.raw); ok {
			claims = claims.with([]string{claim}, &node{raw: quote(name)})
		}
	}
	return claims
}

// isProviders tells whether an identity provider has signed with a key.
func (r *reader) isProviders(kid node) bool {
	if r.provider == nil {
		return false
	}
	id, _ := kid.text()
	_, known := r.provider.Key(id)
	return known
}

// providersDates names the dates of a token that a provider has made. In which step
// it did says nothing of the server, and a second may be that of several steps.
func (r *reader) providersDates(claims node) node {
	for _, claim := range []string{"iat", "exp", "nbf"} {
		value, ok := claims.child(claim)
		if !ok {
			continue
		}
		if name, ok := r.clock.during(value.raw); ok {
			claims = claims.with([]string{claim}, &node{raw: quote(name)})
		}
	}
	return claims
}

// verify checks the signature against the row of the jwks table. HS256, which
// has no kid, is checked against the secret.
func (r *reader) verify(ctx context.Context, header node, parts []string) error {
	alg, _ := header.child("alg")
	name, _ := alg.text()
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return err
	}
	message := []byte(parts[0] + "." + parts[1])
	if name == "HS256" {
		return verifyHMAC(r.secret, message, signature)
	}
	kid, _ := header.child("kid")
	id, _ := kid.text()
	public, err := r.publicKey(ctx, id)
	if err != nil {
		return fmt.Errorf("no stored key has this kid: %w", err)
	}
	return verifySignature(name, public, message, signature)
}

// jwkMembers are the random parts of a JWK, public and private.
var jwkMembers = map[string]bool{
	"x": true, "y": true, "n": true, "d": true, "p": true, "q": true, "dp": true, "dq": true, "qi": true, "k": true,
}

// jwk names the random members of a key and keeps their lengths visible, but for
// RSA numbers, which may come out a byte shorter.
func (r *reader) jwk(n node) node {
	kind, _ := n.child("kty")
	for _, m := range n.members {
		text, ok := m.value.text()
		if !ok || !jwkMembers[m.key] {
			continue
		}
		name := r.names.of("key "+m.key, text)
		if kind.raw != `"RSA"` {
			name += fmt.Sprintf(" of %d characters", len(text))
		}
		if _, err := base64.RawURLEncoding.DecodeString(text); err != nil {
			name += " not base64url"
		}
		n = n.with([]string{m.key}, &node{raw: quote(name)})
	}
	return n
}
