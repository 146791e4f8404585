// Package idptest runs an identity provider for tests. It speaks OAuth 2.0 and
// OpenID Connect over HTTP, stands in for the hosts of every provider that it
// knows (the files of the folder providers), signs its ID tokens, and fails as it
// is told to.
//
// A request for https://api.github.com/user reaches it under the path
// /https/api.github.com/user; Transport sends requests there. A client is whoever
// proves itself with [SecretOf] its id; one whose id begins with "public-" has no
// secret. Browse is the browser of a user, and a [Script] says who that is and
// what goes wrong.
package idptest

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// SecretOf is the secret of a client; none for a public one.
func SecretOf(clientID string) string {
	if strings.HasPrefix(clientID, "public-") {
		return ""
	}
	return clientID + "-secret"
}

// Server is a running provider, or rather all of them.
type Server struct {
	// URL is where it listens, without a path at the end.
	URL string

	http      *httptest.Server
	providers map[string]*Provider
	end       chan struct{}

	mu     sync.Mutex
	now    func() time.Time
	keys   map[string]*keyRing // by provider
	codes  map[string]*grant
	access map[string]*grant
	// refresh has the tokens that are good; used ones are gone.
	refresh map[string]*grant
	told    map[string]told
	asked   []Request
}

// told is the latest script of a provider, and when it came.
type told struct {
	script Script
	number int
}

// New starts a provider that ends with the test.
func New(t testing.TB) *Server {
	t.Helper()
	s, err := Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

// Start starts a provider for as long as it is not closed.
func Start() (*Server, error) {
	providers, err := load()
	if err != nil {
		return nil, err
	}
	s := &Server{
		providers: providers, end: make(chan struct{}), now: time.Now,
		keys: map[string]*keyRing{}, codes: map[string]*grant{}, access: map[string]*grant{}, refresh: map[string]*grant{}, told: map[string]told{},
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.http = &httptest.Server{Listener: listener, Config: &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: time.Minute}}
	s.http.Start()
	s.URL = s.http.URL
	return s, nil
}

// Close ends it, and lets go whoever waits for an answer.
func (s *Server) Close() {
	close(s.end)
	s.http.Close()
}

// SetClock makes it tell another time than the real one.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = now
}

// Tell sets what a provider does from now on, also to those who have signed in
// before.
func (s *Server) Tell(provider string, script Script) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tell(provider, script)
}

// tell returns the number of the script.
func (s *Server) tell(provider string, script Script) int {
	number := s.told[provider].number + 1
	s.told[provider] = told{script, number}
	return number
}

// scriptOf is what holds for a grant: what was told since, else its own. Without
// a grant it is the latest.
func (s *Server) scriptOf(provider string, g *grant) Script {
	if g != nil && g.script.Alone {
		return g.script
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if latest := s.told[provider]; g == nil || latest.number > g.number {
		return latest.script
	}
	return g.script
}

// Transport sends every request to the provider, whatever its host.
func (s *Server) Transport() http.RoundTripper { return transport{s.URL} }

type transport struct{ url string }

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	to := r.Clone(r.Context())
	path := "/" + r.URL.Scheme + "/" + r.URL.Host + r.URL.EscapedPath()
	at, err := to.URL.Parse(t.url + path)
	if err != nil {
		return nil, err
	}
	at.RawQuery = r.URL.RawQuery
	to.URL, to.Host = at, ""
	response, err := http.DefaultTransport.RoundTrip(to)
	if response != nil {
		response.Request = r
	}
	return response, err
}
