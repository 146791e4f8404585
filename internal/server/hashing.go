package server

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sallyport-auth/sallyport/internal/secure"
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

func (m *hashMetrics) register(r prometheus.Registerer) { r.MustRegister(m.waited, m.refused) }

// newPasswords makes what hashes passwords under a configuration.
func (m *hashMetrics) newPasswords(cfg *Config) *secure.Passwords {
	o := passwordOptions(cfg)
	o.Waited = func(d time.Duration) { m.waited.Observe(d.Seconds()) }
	o.Refused = m.refused.Inc
	return secure.NewPasswords(o)
}
