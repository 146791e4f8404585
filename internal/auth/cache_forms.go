package auth

import (
	"bytes"
	"context"
	"encoding/base64"
	"strconv"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/secure"
)

// Lives in seconds of a copy whose cookie ends with the browser session.
const (
	forgottenCompact = 60
	forgottenToken   = 300
)

// life is how long a copy counts.
func (c *cacheCopy) life(forgotten int) int64 {
	if c.age == 0 {
		return int64(forgotten)
	}
	return int64(c.age)
}

// compactForm is base64url of {"session":BODY,"expiresAt":MS,"signature":MAC}.
// The signature covers the body with expiresAt as its last member.
type compactForm struct{ auth *Auth }

const (
	compactHead      = `{"session":`
	compactExpiry    = `,"expiresAt":`
	compactSignature = `,"signature":"`
	compactTail      = `"}`
)

// compactMAC is the length of the signature in base64url.
const compactMAC = 43

func (f compactForm) write(_ context.Context, c *cacheCopy) (string, error) {
	text, err := api.AppendJSON([]byte(compactHead), c.body)
	if err != nil {
		return "", err
	}
	body := text[len(compactHead):]
	until := strconv.AppendInt(nil, c.now.UnixMilli()+1000*c.life(forgottenCompact), 10)
	sum := f.mac(body, until)
	text = append(append(append(text, compactExpiry...), until...), compactSignature...)
	text = append(base64.RawURLEncoding.AppendEncode(text, sum[:]), compactTail...)
	return base64.RawURLEncoding.EncodeToString(text), nil
}

// signedParts are the pieces of what a signature covers.
func signedParts(body, until []byte) [][]byte {
	return [][]byte{body[:len(body)-1], []byte(compactExpiry), until, []byte("}")}
}

func (f compactForm) mac(body, until []byte) [32]byte {
	return f.auth.Secrets.MAC(signedParts(body, until)...)
}

// read looks at no member before the signature is right. Both servers write the
// envelope in one way only, so it is taken apart without being parsed.
func (f compactForm) read(_ context.Context, value string, _ time.Time) (*cacheEntry, bool) {
	text, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return nil, false
	}
	body, until, sum, ok := splitCompact(text)
	if !ok || !f.auth.Secrets.VerifyCurrentMAC(sum, signedParts(body, until)...) {
		return nil, false
	}
	// A time that is not in its normal form is one that Better Auth would not
	// find a right signature for.
	if _, changed := normalTimes(body); changed {
		return nil, false
	}
	ms, err := strconv.ParseInt(string(until), 10, 64)
	entry, ok := f.auth.cacheEntry(body)
	if err != nil || !ok {
		return nil, false
	}
	entry.until = time.UnixMilli(ms)
	return entry, true
}

func splitCompact(text []byte) (body, until, sum []byte, ok bool) {
	text, okHead := bytes.CutPrefix(text, []byte(compactHead))
	text, okTail := bytes.CutSuffix(text, []byte(compactTail))
	cut := len(text) - compactMAC
	if !okHead || !okTail || cut < 0 {
		return nil, nil, nil, false
	}
	sum, err := base64.RawURLEncoding.DecodeString(string(text[cut:]))
	text, ok = bytes.CutSuffix(text[:cut], []byte(compactSignature))
	comma := bytes.LastIndexByte(text, ',')
	if err != nil || !ok || comma < 1 || text[comma-1] != '}' {
		return nil, nil, nil, false
	}
	until, ok = bytes.CutPrefix(text[comma:], []byte(compactExpiry))
	return text[:comma], until, sum, ok
}

// signedForm is a JWT signed with the secret.
type signedForm struct{ auth *Auth }

func (f signedForm) write(_ context.Context, c *cacheCopy) (string, error) {
	payload, err := api.JSON(c.claims())
	return jose.SignHS256(f.auth.Secrets, payload), err
}

// claims are the body with the times of a token.
func (c *cacheCopy) claims() api.Object {
	now := c.now.Unix()
	return append(c.body, api.Member{Key: "iat", Value: now}, api.Member{Key: "exp", Value: now + c.life(forgottenToken)})
}

func (f signedForm) read(_ context.Context, value string, now time.Time) (*cacheEntry, bool) {
	payload, err := jose.VerifyCurrentHS256(f.auth.Secrets, value)
	if err != nil {
		return nil, false
	}
	return f.auth.cacheToken(payload, now, 0)
}

// encryptedForm is a JWE under a key derived from the secret.
type encryptedForm struct {
	auth *Auth
	box  *jose.Box
}

func (f encryptedForm) write(_ context.Context, c *cacheCopy) (string, error) {
	id, err := secure.NewUUID(f.auth.Rand)
	if err != nil {
		return "", err
	}
	payload, err := api.JSON(append(c.claims(), api.Member{Key: "jti", Value: id}))
	if err != nil {
		return "", err
	}
	return f.box.Seal(payload)
}

func (f encryptedForm) read(_ context.Context, value string, now time.Time) (*cacheEntry, bool) {
	payload, err := f.box.Open(value)
	if err != nil {
		return nil, false
	}
	return f.auth.cacheToken(payload, now, clockTolerance)
}

// cacheAudience is who a copy signed by a published key is for, so that no
// service takes it for a token of its own.
const cacheAudience = "better-auth:session-cache"

// publishedForm is a JWT signed with a key of the key set.
type publishedForm struct {
	auth *Auth
	keys CacheKeys
}

func (f publishedForm) write(ctx context.Context, c *cacheCopy) (string, error) {
	c.body = append(c.body, api.Member{Key: "sid", Value: c.session.Token})
	payload, err := api.JSON(append(c.claims(), api.Member{Key: "iss", Value: f.auth.Origin},
		api.Member{Key: "aud", Value: cacheAudience}, api.Member{Key: "sub", Value: c.user.ID}))
	if err != nil {
		return "", err
	}
	return f.keys.SignCache(ctx, payload)
}

func (f publishedForm) read(_ context.Context, value string, now time.Time) (*cacheEntry, bool) {
	payload, err := f.keys.VerifyCache(value)
	if err != nil {
		return nil, false
	}
	entry, ok := f.auth.cacheToken(payload, now, clockTolerance)
	if !ok || entry.issuer != f.auth.Origin || !entry.isFor(cacheAudience) ||
		entry.subject != entry.user.ID || entry.sessionToken != entry.session.Token {
		return nil, false
	}
	return entry, true
}
