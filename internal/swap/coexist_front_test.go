package swap

import (
	"cmp"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"sync"
	"testing"
)

// side is one of the two servers that share a database.
type side string

const (
	theirs side = "original"
	ours   side = "sallyport"
)

const (
	// askedSide names the side that has to answer. Without it the dice decide.
	askedSide = "X-Side"
	// clientAddress is whom the front says the request is from.
	clientAddress = "X-Client"
	// somebodysAddress is that of all who do not say.
	somebodysAddress = "203.0.113.1"
)

// front is the one address of both sides: a proxy that sends each request to
// either.
type front struct {
	url string

	mu    sync.Mutex
	dice  *rand.Rand
	sides map[side]*httputil.ReverseProxy
	at    map[side]string
}

// newFront gives one with nobody behind it, whose dice fall as the seed says.
func newFront(t *testing.T, seed uint64) *front {
	t.Helper()
	f := &front{dice: rand.New(rand.NewPCG(seed, 0)), sides: map[side]*httputil.ReverseProxy{}, at: map[side]string{}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	f.url = server.URL
	return f
}

// put takes a side into the rotation.
func (f *front) put(s side, at string) {
	target, _ := url.Parse(at)
	proxy := &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
			r.Out.Header.Set("X-Forwarded-For", cmp.Or(r.In.Header.Get(clientAddress), somebodysAddress))
			r.Out.Header.Del(askedSide)
			r.Out.Header.Del(clientAddress)
		},
		Transport: &http.Transport{MaxIdleConnsPerHost: 20},
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.sides[s], f.at[s] = proxy, at
}

// remove takes a side out of the rotation.
func (f *front) remove(s side) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.sides, s)
}

// running gives the sides in the rotation.
func (f *front) running() (all []side) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.sides {
		all = append(all, s)
	}
	slices.Sort(all)
	return all
}

// ServeHTTP sends a request on, and says in the answer whose it is.
func (f *front) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s := side(r.Header.Get(askedSide))
	if s == "" {
		s = f.either()
	}
	f.mu.Lock()
	proxy := f.sides[s]
	f.mu.Unlock()
	if proxy == nil {
		http.Error(w, "no such side: "+string(s), http.StatusBadGateway)
		return
	}
	w.Header().Set(askedSide, string(s))
	proxy.ServeHTTP(w, r)
}

// either throws the dice.
func (f *front) either() side {
	all := f.running()
	if len(all) == 0 {
		return ""
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return all[f.dice.IntN(len(all))]
}
