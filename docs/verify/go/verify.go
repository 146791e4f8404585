package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/lestrrat-go/jwx/v3/jwa"
	"github.com/lestrrat-go/jwx/v3/jwk"
	"github.com/lestrrat-go/jwx/v3/jws"
	"github.com/lestrrat-go/jwx/v3/jwt"
)

// ErrNoKeys means that nothing is known about a token: the key set could never be fetched. Answer 503.
var ErrNoKeys = errors.New("the key set of the identity server cannot be fetched")

// algorithm is the server's default. It is never taken from the token.
var algorithm = jwa.EdDSA()

const (
	keepKeys = 5 * time.Minute // then the key set is fetched again
	pause    = 5 * time.Second // between fetches for unknown keys: strangers can name any
)

// Verifier knows what a token must say. It is safe for concurrent use.
type Verifier struct {
	issuer, audience, jwks string

	mu    sync.Mutex
	keys  jwk.Set // nil until it was fetched
	asked time.Time
}

// Verify gives a token whose signature, issuer, audience and expiry are right and that names its user.
func (v *Verifier) Verify(ctx context.Context, token string) (jwt.Token, error) {
	return jwt.ParseString(token, jwt.WithContext(ctx), jwt.WithKeyProvider(v),
		jwt.WithIssuer(v.issuer), jwt.WithAudience(v.audience), jwt.WithRequiredClaim("exp"), jwt.WithRequiredClaim("sub"))
}

// FetchKeys finds the key that the token names.
func (v *Verifier) FetchKeys(ctx context.Context, sink jws.KeySink, sig *jws.Signature, _ *jws.Message) error {
	if alg, _ := sig.ProtectedHeaders().Algorithm(); alg != algorithm {
		return fmt.Errorf("the algorithm is %s", alg)
	}
	kid, _ := sig.ProtectedHeaders().KeyID()
	key, err := v.key(ctx, kid)
	if err == nil {
		sink.Key(algorithm, key)
	}
	return err
}

func (v *Verifier) key(ctx context.Context, kid string) (jwk.Key, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	key, known := v.find(kid)
	if age := time.Since(v.asked); age > keepKeys || !known && age > pause {
		v.fetch(ctx)
		key, known = v.find(kid)
	}
	switch {
	case v.keys == nil:
		return nil, ErrNoKeys
	case !known:
		return nil, fmt.Errorf("unknown key %q", kid)
	}
	return key, nil
}

func (v *Verifier) find(kid string) (jwk.Key, bool) {
	if v.keys == nil {
		return nil, false
	}
	return v.keys.LookupKeyID(kid)
}

// fetch leaves the old keys in place when there are no new ones to have. A caller that gives up does not end it.
func (v *Verifier) fetch(ctx context.Context) {
	v.asked = time.Now()
	client := &http.Client{Timeout: 5 * time.Second}
	if keys, err := jwk.Fetch(context.WithoutCancel(ctx), v.jwks, jwk.WithHTTPClient(client)); err == nil {
		v.keys = keys
	}
}
