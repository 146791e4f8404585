package server

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sallyport-auth/sallyport/internal/version"
)

// metrics are what the ops listener shows at /metrics. docs/guides/observing.md
// explains each of them.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	inFlight  prometheus.Gauge
	answers   prometheus.Counter
	limits    *prometheus.CounterVec
	messages  *prometheus.CounterVec
	outbound  *prometheus.CounterVec
	hosts     hosts
	kinds     kinds
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sallyport_http_requests_total", Help: "Requests answered.",
		}, []string{"route", "method", "code"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "sallyport_http_request_duration_seconds", Help: "Time from the end of a request's headers to the end of its answer.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route", "method"}),
		inFlight: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "sallyport_http_requests_in_flight", Help: "Requests being answered.",
		}),
		answers: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "sallyport_http_response_bytes_total", Help: "Bytes in the bodies of answers.",
		}),
		limits: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sallyport_rate_limit_decisions_total", Help: "Decisions of the rate limiter.",
		}, []string{"decision"}),
		messages: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sallyport_messages_total", Help: "Messages by what became of them; delayed counts attempts that failed.",
		}, []string{"event", "outcome"}),
		outbound: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sallyport_outbound_requests_total", Help: "Requests to identity providers by how they ended.",
		}, []string{"host", "outcome"}),
	}
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "sallyport_build_info", Help: "Always 1; the labels tell the build.",
	}, []string{"version", "commit", "contract"})
	build.WithLabelValues(version.Version, version.Commit, version.Contract).Set(1)
	m.registry.MustRegister(m.requests, m.durations, m.inFlight, m.answers, m.limits, m.messages, m.outbound, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// watch adds what is read from other rooms when somebody asks.
func (m *metrics) watch(each ...prometheus.Collector) { m.registry.MustRegister(each...) }

func (m *metrics) began() { m.inFlight.Inc() }

func (m *metrics) ended(x *exchange, method string, took time.Duration) {
	m.inFlight.Dec()
	s := m.seriesOf(kind{x.routeName(), knownMethod(method), x.status})
	s.requests.Inc()
	s.durations.Observe(took.Seconds())
	m.answers.Add(float64(x.bytes))
}

// knownMethod keeps clients from making labels up.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodPost, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete, http.MethodPatch:
		return method
	default:
		return "other"
	}
}

func (m *metrics) limited(allowed bool) {
	if allowed {
		m.limits.WithLabelValues("allowed").Inc()
		return
	}
	m.limits.WithLabelValues("denied").Inc()
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
