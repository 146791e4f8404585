package server

import (
	"github.com/prometheus/client_golang/prometheus"

	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/throttle"
)

// newThrottle makes the limit on failed sign-ins per account, or nil where the
// configuration wants none.
func (s *Server) newThrottle(secrets *secure.Secrets, d Deps) *throttle.Throttle {
	if s.cfg.Server.Throttle == "off" {
		return nil
	}
	return throttle.New(throttle.Options{
		Store: s.store, Secrets: secrets, Now: d.Now, Log: d.Log,
		Observe: s.cfg.Server.Throttle == "observe",
		Decided: func(decision throttle.Decision) { s.throttled.WithLabelValues(string(decision)).Inc() },
	})
}

// newThrottleMetric tells of its decisions.
func newThrottleMetric() *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "sallyport_throttle_decisions_total", Help: "Decisions about guesses of passwords and codes, per account.",
	}, []string{"decision"})
	for _, d := range []throttle.Decision{throttle.Allowed, throttle.Denied, throttle.Observed} {
		c.WithLabelValues(string(d))
	}
	return c
}

// checkThrottle tells where guesses are not limited.
func (k *checker) checkThrottle() {
	switch {
	case k.cfg.Server.Throttle == "off":
		k.add(LevelWarning, "throttle", "passwords may be guessed without a limit per account: set server.throttle to on")
	case k.cfg.Server.Throttle == "observe":
		k.add(LevelWarning, "throttle", "guesses of passwords are counted and none is refused: set server.throttle to on")
	case k.cfg.Advanced.IPAddress.DisableIPTracking:
		k.add(LevelWarning, "throttle", "without client addresses (advanced.ipAddress.disableIpTracking) strangers who guess at an account keep its owner waiting for up to a minute")
	default:
		k.add(LevelOK, "throttle", "failed sign-ins are limited per account")
	}
}
