package server

import (
	"net/http"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// RequestDeadline is how long a server works on one request.
func RequestDeadline(s *Server) time.Duration { return s.public.(*outer).deadline }

// Registry is where the metrics of a server are.
func Registry(s *Server) *prometheus.Registry { return s.metrics.registry }

// Metric is the value of a metric without labels.
func Metric(s *Server, name string) float64 {
	families, err := s.metrics.registry.Gather()
	if err != nil {
		return -1
	}
	for _, f := range families {
		if f.GetName() == name {
			return f.GetMetric()[0].GetCounter().GetValue()
		}
	}
	return -1
}

// Metrics is what the ops listener shows.
func Metrics(s *Server) http.Handler { return s.metrics.handler() }

// Routes are all routes of a server, by the plugin.
func Routes(s *Server) map[string][]api.Route {
	routes := map[string][]api.Route{}
	for _, p := range s.plugins {
		routes[p.ID] = p.Routes
	}
	return routes
}

// GradeClock tells what a difference between the clocks means.
var GradeClock = gradeClock

// CheckGenerated compares a generated file with what it should be, or writes it.
func CheckGenerated(t *testing.T, path string, want []byte) {
	t.Helper()
	checkGenerated(t, path, want)
}

// CheckGeneratedPart is CheckGenerated for a part of a page.
func CheckGeneratedPart(t *testing.T, path, want string) {
	t.Helper()
	checkGeneratedPart(t, path, want)
}

// OutboundRequests counts the requests to a host that ended so.
func OutboundRequests(s *Server, host, outcome string) prometheus.Counter {
	return s.metrics.outbound.WithLabelValues(host, outcome)
}

// HostLabels gives the labels of a new server's hosts.
func HostLabels() func(host string) string { return new(hosts).label }
