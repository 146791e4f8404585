package server

import "github.com/prometheus/client_golang/prometheus"

// newEventMetric counts what the audit log tells of, whether it is on or not.
func newEventMetric() *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "sallyport_auth_events_total", Help: "Events of the audit log by what came of them, counted once they are committed.",
	}, []string{"event", "outcome"})
}
