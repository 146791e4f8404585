package soak

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync"
	"testing"
	"time"
)

// balancer spreads requests over the instances that say that they are ready, as
// it last heard. It never sends a request twice.
type balancer struct {
	url string

	mu    sync.Mutex
	slots []slot
	turn  int
}

// slot is a place for an instance.
type slot struct {
	proxy *httputil.ReverseProxy
	i     *instance
	ready bool
}

// probeEvery is how often readiness is asked for.
const probeEvery = 200 * time.Millisecond

// newBalancer gives one with a place for n instances.
func newBalancer(t *testing.T, n int) *balancer {
	t.Helper()
	b := &balancer{slots: make([]slot, n)}
	front := httptest.NewServer(b)
	t.Cleanup(front.Close)
	b.url = front.URL
	for place := range b.slots {
		go func() {
			for t.Context().Err() == nil {
				b.probe(place)
				time.Sleep(probeEvery)
			}
		}()
	}
	return b
}

// put gives a place to an instance.
func (b *balancer) put(place int, i *instance) {
	target, _ := url.Parse(i.url)
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = &http.Transport{MaxIdleConnsPerHost: 50}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.slots[place] = slot{proxy: proxy, i: i}
}

// probe asks the instance in a place whether it is ready.
func (b *balancer) probe(place int) {
	b.mu.Lock()
	i := b.slots[place].i
	b.mu.Unlock()
	ready := i != nil && i.status("/readyz") == http.StatusOK
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.slots[place].i == i {
		b.slots[place].ready = ready
	}
}

// isReady reports whether requests go to a place.
func (b *balancer) isReady(place int) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.slots[place].ready
}

// ServeHTTP sends the request to the next ready instance.
func (b *balancer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if next := b.next(); next != nil {
		next.ServeHTTP(w, r)
		return
	}
	http.Error(w, "no instance is ready", http.StatusBadGateway)
}

func (b *balancer) next() *httputil.ReverseProxy {
	b.mu.Lock()
	defer b.mu.Unlock()
	for range b.slots {
		b.turn = (b.turn + 1) % len(b.slots)
		if s := b.slots[b.turn]; s.ready {
			return s.proxy
		}
	}
	return nil
}
