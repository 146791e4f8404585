package oauth

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/jose"
)

// tolerance is how far the clocks of a provider and ours may differ.
const tolerance = 30 * time.Second

// MaxTokenAge is how old an ID token may be that a client brings, for providers
// that say so.
const MaxTokenAge = time.Hour

// IDTokenCheck says which ID tokens of a provider are good (OpenID Connect Core,
// 3.1.3.7). What is not set checks nothing, but Keys, Algorithms and Audience are
// needed: without them no token is good.
type IDTokenCheck struct {
	Keys *Keys
	// Algorithms are those in which the provider signs; none with a shared secret
	// counts.
	Algorithms []string
	// Issuers are what iss may be; empty for any, where Claims looks at it.
	Issuers []string
	// Audience are the ids of which aud must have one.
	Audience []string
	// MaxAge bounds the time since iat; 0 for no bound.
	MaxAge time.Duration
	// HashedNonce tells that the token may hold the SHA-256 of the nonce in its place.
	HashedNonce bool
	// Claims looks at what else the claims must be; nil for nothing.
	Claims func(api.Object) error
	Now    func() time.Time
}

// errNotGood is wrapped by what speaks against an ID token.
var errNotGood = errors.New("the ID token is not good")

func notGood(why string) error { return fmt.Errorf("%w: %s", errNotGood, why) }

// Verify checks a token, which may come from anywhere, and gives its claims. The
// nonce is compared unless it is empty.
func (v *IDTokenCheck) Verify(ctx context.Context, token, nonce string) (api.Object, error) {
	if v.Keys == nil || !slices.ContainsFunc(v.Audience, func(id string) bool { return id != "" }) {
		return nil, errors.New("ID tokens of this provider cannot be checked: there are no keys or there is no audience")
	}
	payload, err := v.Keys.Verify(ctx, token, v.Algorithms)
	if err != nil {
		return nil, err
	}
	claims, err := readClaims(payload)
	if err != nil {
		return nil, err
	}
	for _, check := range []func(api.Object) error{hasClaims, v.checkOrigin, v.checkTimes} {
		if err := check(claims); err != nil {
			return nil, err
		}
	}
	if nonce != "" && !v.sameNonce(claims, nonce) {
		return nil, notGood("its nonce is another")
	}
	if v.Claims != nil {
		return claims, v.Claims(claims)
	}
	return claims, nil
}

func hasClaims(claims api.Object) error {
	for _, name := range []string{"iss", "sub", "aud", "exp", "iat"} {
		if _, ok := claims.Get(name); !ok {
			return notGood("it has no " + name)
		}
	}
	return nil
}

// checkOrigin looks at who has made the token, and for whom.
func (v *IDTokenCheck) checkOrigin(claims api.Object) error {
	issuer, ok := textOf(claims, "iss")
	if len(v.Issuers) > 0 && (!ok || !slices.Contains(v.Issuers, issuer)) {
		return notGood("its issuer is another")
	}
	audience, _ := claims.Get("aud")
	for _, id := range v.Audience {
		switch audience := audience.(type) {
		case string:
			if id != "" && audience == id {
				return nil
			}
		case []any:
			if id != "" && slices.Contains(audience, any(id)) {
				return nil
			}
		}
	}
	return notGood("it is for another audience")
}

func (v *IDTokenCheck) checkTimes(claims api.Object) error {
	now, slack := float64(v.Now().Unix()), tolerance.Seconds()
	times := map[string]float64{"nbf": now}
	for _, name := range []string{"nbf", "exp", "iat"} {
		value, there := claims.Get(name)
		seconds, ok := value.(float64)
		switch {
		case ok:
			times[name] = seconds
		case there:
			return notGood(name + " is no number")
		}
	}
	age := now - times["iat"]
	switch {
	case times["nbf"] > now+slack:
		return notGood("it is not good yet")
	case times["exp"] <= now-slack:
		return notGood("it has expired")
	case v.MaxAge > 0 && age-slack > v.MaxAge.Seconds():
		return notGood("it is too old")
	case v.MaxAge > 0 && age < -slack:
		return notGood("it was made in the future")
	}
	return nil
}

func (v *IDTokenCheck) sameNonce(claims api.Object, nonce string) bool {
	got, ok := textOf(claims, "nonce")
	if !ok {
		return false
	}
	sum := sha256.Sum256([]byte(nonce))
	return got == nonce || v.HashedNonce && got == hex.EncodeToString(sum[:])
}

// DecodeJWT reads the claims of a token whose signature nobody has to check: it
// came straight from the provider, over TLS.
func DecodeJWT(token string) (api.Object, error) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 || parts[1] == "" {
		return nil, fmt.Errorf("%w: not in compact form", jose.ErrInvalid)
	}
	payload, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[1], "="))
	if err != nil {
		return nil, fmt.Errorf("%w: its payload is not base64url", jose.ErrInvalid)
	}
	return readClaims(payload)
}

func readClaims(payload []byte) (api.Object, error) {
	claims, err := ParseObject(payload)
	if err != nil || !utf8.Valid(payload) {
		return nil, fmt.Errorf("%w: its claims are no JSON object", jose.ErrInvalid)
	}
	return claims, nil
}
