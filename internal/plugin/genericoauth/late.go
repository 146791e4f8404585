package genericoauth

import (
	"context"
	"sync"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/oauth"
)

// pause is how long a provider whose document could not be read is left alone, so
// that requests cannot make us ask it without limit.
const pause = 10 * time.Second

// late is a provider that is there once its document has been read.
type late struct {
	options *Provider
	arrive  func(*oauth.Provider)

	mu sync.Mutex
	// here tells that the document has been read.
	here bool
	// asked is when the provider was asked last because of a request.
	asked time.Time
	// reading is closed when the reading ends that goes on; nil while none does.
	reading chan struct{}
}

// start reads every document beside the requests: a provider that does not answer
// holds nobody up but those who ask for it.
func (g *GenericOAuth) start(context.Context) error {
	for _, l := range g.late {
		l.mu.Lock()
		g.begin(l)
		l.mu.Unlock()
	}
	return nil
}

// await lets a request for a provider wait until its document has been read, which
// it begins where the last time has failed. The request goes on either way: where
// that did not help, there is no such provider.
func (g *GenericOAuth) await(ctx context.Context, c *api.Call) error {
	reading := g.again(g.late[wanted(c)])
	if reading == nil {
		return nil
	}
	select {
	case <-reading:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// again gives what is closed when the reading ends that goes on now, nil where none
// does.
func (g *GenericOAuth) again(l *late) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.here || l.reading != nil {
		return l.reading
	}
	now := g.auth.Now()
	if !l.asked.IsZero() && now.Sub(l.asked) < pause || g.ctx.Err() != nil {
		return nil
	}
	l.asked = now
	g.begin(l)
	return l.reading
}

// begin reads the document of a provider whose lock the caller holds.
func (g *GenericOAuth) begin(l *late) {
	done := make(chan struct{})
	l.reading = done
	g.reading.Go(func() {
		defer close(done)
		made := g.read(l.options)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.reading = nil
		if made != nil {
			l.here = true
			l.arrive(made)
		}
	})
}

// read makes a provider of its document; nil where that says too little, or
// cannot be had.
func (g *GenericOAuth) read(o *Provider) *oauth.Provider {
	d, err := fetchDocument(g.ctx, g.client, o)
	if err == nil {
		err = d.suffices(o)
	}
	if err != nil {
		g.log.Error("a generic OAuth provider is not there: its discovery document cannot be used", "provider", o.ProviderID, "error", err)
		return nil
	}
	return g.newProvider(o, d)
}
