package server

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/sallyport-auth/sallyport/internal/version"
)

// metrics are what the ops listener shows at /metrics.
type metrics struct {
	registry  *prometheus.Registry
	requests  *prometheus.CounterVec
	durations *prometheus.HistogramVec
	limits    *prometheus.CounterVec
	messages  *prometheus.CounterVec
}

// gauges are values that other rooms keep, read when somebody asks.
type gauges struct {
	hashesWaiting, hashesRunning, poolInUse, poolIdle func() float64
}

func newMetrics(g gauges) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sallyport_http_requests_total", Help: "Requests answered.",
		}, []string{"route", "method", "code"}),
		durations: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "sallyport_http_request_duration_seconds", Help: "Time from the first byte read to the answer written.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5},
		}, []string{"route", "method"}),
		limits: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "sallyport_rate_limit_decisions_total", Help: "Decisions of the rate limiter.",
		}, []string{"decision"}),
	}
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "sallyport_build_info", Help: "Always 1; the labels tell the build.",
	}, []string{"version", "commit", "contract"})
	build.WithLabelValues(version.Version, version.Commit, version.Contract).Set(1)
	m.registry.MustRegister(m.requests, m.durations, m.limits, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.watch("sallyport_password_hashes_waiting", "Passwords that wait for a hashing slot.", g.hashesWaiting)
	m.watch("sallyport_password_hashes_running", "Passwords being hashed.", g.hashesRunning)
	m.watch("sallyport_database_connections_in_use", "Connections to Postgres in use.", g.poolInUse)
	m.watch("sallyport_database_connections_idle", "Connections to Postgres that wait for work.", g.poolIdle)
	return m
}

func (m *metrics) watch(name, help string, read func() float64) {
	if read != nil {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, read))
	}
}

// watchConnections shows what is open on the public listener, and what was not
// let in or not kept.
func (m *metrics) watchConnections(c *connections) {
	m.watch("sallyport_connections", "Connections open on the public listener.", func() float64 {
		open, _, _ := c.numbers()
		return float64(open)
	})
	turnedAway := func(what string, read func() int64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: "sallyport_connections_turned_away_total", Help: "Connections closed because too many were open.",
			ConstLabels: prometheus.Labels{"which": what},
		}, func() float64 { return float64(read()) })
	}
	m.registry.MustRegister(
		turnedAway("waiting", func() int64 { _, dropped, _ := c.numbers(); return dropped }),
		turnedAway("new", func() int64 { _, _, refused := c.numbers(); return refused }))
}

// tally shows a number that only grows.
func (m *metrics) tally(name, help string, read func() int64) {
	m.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, func() float64 { return float64(read()) }))
}

func (m *metrics) observe(x *exchange, method string, took time.Duration) {
	route := x.routeName()
	m.requests.WithLabelValues(route, knownMethod(method), strconv.Itoa(x.status)).Inc()
	m.durations.WithLabelValues(route, knownMethod(method)).Observe(took.Seconds())
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
