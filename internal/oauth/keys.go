package oauth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"github.com/sallyport-auth/sallyport/internal/jose"
	"github.com/sallyport-auth/sallyport/internal/outbound"
)

// How long a provider's keys are believed. A key that the provider withdraws is
// refused after keysFresh; while it does not answer, after keysKept, so that its
// troubles do not become ours at once. A token of an unknown key asks for the
// keys again, but only keysPause after they were asked for last, so that made-up
// tokens cannot make us ask a provider without limit; keysRetry where that failed.
const (
	keysFresh = 10 * time.Minute
	keysKept  = time.Hour
	keysPause = 30 * time.Second
	keysRetry = 5 * time.Second
)

// Keys are the keys that a provider publishes, asked for when a token wants them
// and kept a while. They may be used by many goroutines, which share one question.
type Keys struct {
	Client *outbound.Client
	// URL is that of the provider's key set, from configuration.
	URL string
	// Header is sent along; it may be nil.
	Header http.Header
	// Named tells that a token has to name its key.
	Named bool
	Now   func() time.Time

	asking singleflight.Group
	mu     sync.Mutex
	set    *jose.KeySet
	got    time.Time // when the provider has given the set
	asked  time.Time // when it was asked last
	failed error     // what came of that
}

// errKeysPause says that the provider was asked too short a while ago.
var errKeysPause = errors.New("the keys of the provider were asked for a moment ago")

// Verify checks the signature of a token in one of the algorithms and gives its
// payload.
func (k *Keys) Verify(ctx context.Context, token string, algorithms []string) ([]byte, error) {
	if err := jose.CheckHeader(token, algorithms); err != nil {
		return nil, err
	}
	if kid, err := jose.KeyID(token); k.Named && (err != nil || kid == "") {
		return nil, notGood("it names no key")
	}
	set, err := k.current(ctx)
	if err != nil {
		return nil, err
	}
	payload, err := set.Verify(token, algorithms)
	if !errors.Is(err, jose.ErrUnknownKey) {
		return payload, err
	}
	newer, asked := k.ask(ctx)
	if asked != nil || newer == set {
		return nil, err
	}
	return newer.Verify(token, algorithms)
}

// current gives the keys, if need be those that are about to be renewed.
func (k *Keys) current(ctx context.Context) (*jose.KeySet, error) {
	set, age := k.held()
	if set != nil && age < keysFresh {
		return set, nil
	}
	newer, err := k.ask(ctx)
	switch {
	case err == nil:
		return newer, nil
	case set != nil && age < keysKept:
		return set, nil
	}
	return nil, err
}

func (k *Keys) held() (*jose.KeySet, time.Duration) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.set, k.Now().Sub(k.got)
}

// ask asks the provider, once for all who want to know, and not again within the
// pause. Whoever leaves takes nothing from the others.
func (k *Keys) ask(ctx context.Context) (*jose.KeySet, error) {
	answer := k.asking.DoChan("", func() (any, error) { return k.fetch(context.WithoutCancel(ctx)) })
	select {
	case got := <-answer:
		set, _ := got.Val.(*jose.KeySet)
		return set, got.Err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (k *Keys) fetch(ctx context.Context) (*jose.KeySet, error) {
	if err := k.begin(); err != nil {
		return nil, err
	}
	set, err := k.get(ctx)
	k.mu.Lock()
	defer k.mu.Unlock()
	k.failed = err
	if err == nil {
		k.set, k.got = set, k.Now()
	}
	return set, err
}

// begin notes that the provider is asked, or refuses to so soon.
func (k *Keys) begin() error {
	k.mu.Lock()
	defer k.mu.Unlock()
	now, pause := k.Now(), keysPause
	if k.failed != nil {
		pause = keysRetry
	}
	if !k.asked.IsZero() && now.Sub(k.asked) < pause {
		return errors.Join(errKeysPause, k.failed)
	}
	k.asked = now
	return nil
}

func (k *Keys) get(ctx context.Context) (*jose.KeySet, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, k.URL, nil)
	if err != nil {
		return nil, err
	}
	for name, values := range k.Header {
		r.Header[name] = values
	}
	answer, err := k.Client.Do(ctx, r)
	switch {
	case err != nil:
		return nil, err
	case !answer.OK():
		return nil, fmt.Errorf("asking for keys: the provider answered %d", answer.Status)
	}
	return jose.ParseKeySet(answer.Body)
}
