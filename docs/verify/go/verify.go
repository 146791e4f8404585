package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"sync"
	"sync/atomic"
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

	fetching sync.Mutex              // held by the one caller who fetches
	keys     atomic.Pointer[jwk.Set] // nil until they were fetched
	asked    atomic.Pointer[time.Time]
}

// Verify gives a token whose signature, issuer, audience and expiry are right and that names its user.
func (v *Verifier) Verify(ctx context.Context, token string) (jwt.Token, error) {
	return jwt.ParseString(token, jwt.WithContext(ctx), jwt.WithKeyProvider(v),
		jwt.WithIssuer(v.issuer), jwt.WithAudience(v.audience), jwt.WithRequiredClaim("exp"), jwt.WithRequiredClaim("sub"))
}

// FetchKeys finds the key that the token names.
func (v *Verifier) FetchKeys(ctx context.Context, sink jws.KeySink, sig *jws.Signature, _ *jws.Message) error {
	header := sig.ProtectedHeaders()
	if alg, _ := header.Algorithm(); alg != algorithm {
		return fmt.Errorf("the algorithm is %s", alg)
	}
	if header.Has(jws.CriticalKey) { // which jwx does not look at here
		return errors.New("it wants an extension to be understood")
	}
	kid, _ := header.KeyID()
	key, err := v.key(ctx, kid)
	if err == nil {
		sink.Key(algorithm, key)
	}
	return err
}

// key waits for a fetch only where the key is unknown, so that a server that hangs holds up strangers alone.
func (v *Verifier) key(ctx context.Context, kid string) (jwk.Key, error) {
	key, known := v.find(kid)
	switch {
	case !known:
		v.fetching.Lock()
		defer v.fetching.Unlock()
		if key, known = v.find(kid); !known && v.age() > pause {
			v.fetch(ctx)
			key, known = v.find(kid)
		}
	case v.age() > keepKeys && v.fetching.TryLock():
		defer v.fetching.Unlock()
		v.fetch(ctx)
		key, known = v.find(kid)
	}
	switch {
	case v.keys.Load() == nil:
		return nil, ErrNoKeys
	case !known:
		return nil, fmt.Errorf("unknown key %q", kid)
	}
	return key, nil
}

func (v *Verifier) find(kid string) (jwk.Key, bool) {
	if keys := v.keys.Load(); keys != nil {
		return (*keys).LookupKeyID(kid)
	}
	return nil, false
}

// age is how long ago the last fetch ended, for ever where there was none.
func (v *Verifier) age() time.Duration {
	if asked := v.asked.Load(); asked != nil {
		return time.Since(*asked)
	}
	return math.MaxInt64
}

// fetch leaves the old keys in place when there are no new ones to have. A caller that gives up does not end it.
func (v *Verifier) fetch(ctx context.Context) {
	client := &http.Client{Timeout: 5 * time.Second}
	if keys, err := jwk.Fetch(context.WithoutCancel(ctx), v.jwks, jwk.WithHTTPClient(client)); err == nil {
		v.keys.Store(&keys)
	}
	now := time.Now()
	v.asked.Store(&now)
}
