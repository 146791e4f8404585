package authtest

import (
	"net/http"
	"sync"

	"github.com/sallyport-auth/sallyport/internal/scrypt"
	"github.com/sallyport-auth/sallyport/internal/sweep"
)

// Option changes how a server is started.
type Option func(*Server)

// Beside starts the server on the database of another, as a second instance.
func Beside(other *Server) Option { return func(s *Server) { s.Database = other.Database } }

// Through lays a wire between the server and its database.
func Through(w *Wire) Option { return func(s *Server) { s.wire = w } }

// Sweeping sets how fast the server deletes expired rows while it runs.
func Sweeping(p sweep.Pace) Option { return func(s *Server) { s.pace = p } }

// Outbound takes the place of the network on which the server asks identity
// providers.
func Outbound(rt http.RoundTripper) Option { return func(s *Server) { s.outbound = rt } }

// Delivering makes the server deliver its messages, as Run does.
func Delivering() Option { return func(s *Server) { s.delivering = true } }

// RealHashes makes hashes of passwords cost what they do in earnest, some 60 ms of a
// core each. It is for tests whose subject is a hash: its form, its time, or what
// happens while one is made; and for those that share a database with the original.
func RealHashes() Option { return func(s *Server) { s.realHashes = true } }

// CheapHashes is a 64th of the real cost. Most of a test's time went into hashes, of
// which it wants to know nothing.
var CheapHashes = scrypt.Cost{N: 256, R: 16}

// hashCost is zero for the real one.
func (s *Server) hashCost() scrypt.Cost {
	if s.realHashes {
		return scrypt.Cost{}
	}
	return CheapHashes
}

// Environment sets variables of the server's environment, as NAME=value.
func Environment(assignments ...string) Option {
	return func(s *Server) { s.environment = assignments }
}

// Together runs do n times at once, each with its number, and waits for all. do
// must not end the test: that is for the test's own goroutine.
func Together(n int, do func(i int)) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			do(i)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
}
