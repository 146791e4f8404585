package server

import (
	"context"
	"net/http"
	"sync"

	"github.com/sallyport-auth/sallyport/internal/outbound"
)

// newOutbound makes what asks other servers, by the network unless a test has
// another way.
func newOutbound(cfg *Config, transport http.RoundTripper, begin outbound.Watcher) *outbound.Client {
	return outbound.New(outbound.Options{Allow: cfg.Server.Outbound.Allow, Transport: transport, Begin: begin})
}

// watchOutbound counts a request to another server, and traces it.
func (s *Server) watchOutbound(ctx context.Context, r *http.Request) (context.Context, func(int, error)) {
	host := s.metrics.hosts.label(r.URL.Hostname())
	ctx, end := s.tracer.Asking(ctx, r)
	return ctx, func(status int, err error) {
		outcome := outbound.Outcome(status, err)
		s.metrics.outbound.WithLabelValues(host, outcome).Inc()
		if outcome == "answered" {
			outcome = ""
		}
		end(status, outcome)
	}
}

// maxHosts is how many hosts have a name of their own in metrics: more than a
// configuration names, but what a discovery document names is up to others.
const maxHosts = 100

// hosts keeps those who are asked from making labels up.
type hosts struct {
	mu    sync.Mutex
	known map[string]bool
}

// label is the host, or "other" where there are too many.
func (h *hosts) label(host string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case h.known[host]:
	case len(h.known) >= maxHosts:
		return "other"
	case h.known == nil:
		h.known = map[string]bool{host: true}
	default:
		h.known[host] = true
	}
	return host
}
