package server

import (
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sallyport-auth/sallyport/internal/scrypt"
	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/trace"
)

// hashMetrics tell of the line in which passwords wait to be hashed.
type hashMetrics struct {
	waited  prometheus.Histogram
	refused prometheus.Counter
}

func newHashMetrics() *hashMetrics {
	return &hashMetrics{
		waited: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "sallyport_password_hash_wait_seconds", Help: "Time that passwords waited for a hashing slot.",
			Buckets: []float64{.001, .01, .05, .1, .25, .5, 1, 2.5, 5},
		}),
		refused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "sallyport_password_hashes_refused_total", Help: "Passwords that were not hashed because too many others wait.",
		}),
	}
}

// Describe names them.
func (m *hashMetrics) Describe(to chan<- *prometheus.Desc) {
	m.waited.Describe(to)
	m.refused.Describe(to)
}

// Collect gives their values.
func (m *hashMetrics) Collect(to chan<- prometheus.Metric) {
	m.waited.Collect(to)
	m.refused.Collect(to)
}

// newPasswords makes what hashes passwords under a configuration, and tells used
// of each.
func (m *hashMetrics) newPasswords(cfg *Config, tracer *trace.Tracer, cost scrypt.Cost, used func()) *secure.Passwords {
	o := passwordOptions(cfg)
	o.Cost = cost
	o.Waited = func(d time.Duration) {
		m.waited.Observe(d.Seconds())
		used()
	}
	o.Refused = m.refused.Inc
	if tracer != nil {
		o.Hashed = tracer.Hashed
	}
	return secure.NewPasswords(o)
}

// ShareCores lets goroutines run beside those that hash, on as many cores as there are: hashing takes
// none from them then, but waits at a lower priority for what they leave. It is for a process that
// has one server, and ends the runtime's own adjustment to a limit of cores that changes.
func (s *Server) ShareCores() {
	runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + s.Auth.Passwords.Slots())
}
