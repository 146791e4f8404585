package server

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/ratelimit"
)

// newLimiter makes what limits requests under the configuration's rules.
func (s *Server) newLimiter(plugins []ratelimit.Rule, now func() time.Time) *ratelimit.Limiter {
	o := ratelimit.Options{
		Config: s.cfg.RateLimit, Plugins: plugins, Untracked: s.cfg.Advanced.IPAddress.DisableIPTracking, Now: now, Log: s.log,
	}
	if rows := s.store.RateLimits(s.Auth.NewID); rows != nil {
		o.Storage = ratelimit.NewDatabase(rows, now)
	}
	if s.redis != nil {
		o.Storage = ratelimit.NewSecondary(s.redis, now)
	}
	limiter := ratelimit.New(o)
	s.metrics.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "sallyport_rate_limit_unshared_total",
		Help: "Decisions made in this instance alone because the storage of counters did not answer.",
	}, func() float64 { return float64(limiter.Unshared()) }))
	return limiter
}

// limitsAnything tells whether the configuration limits requests. Without
// addresses only users can be counted.
func limitsAnything(cfg *Config) bool {
	return *cfg.RateLimit.Enabled && (cfg.RateLimit.CountsUsers() || !cfg.Advanced.IPAddress.DisableIPTracking)
}

// limits gives the limiter what it has to know of a request. Whose session that
// carries is asked of the same hooks and cookies as later, and of the database,
// so that nobody is counted as somebody else.
func (s *Server) limits(dispatcher *api.Dispatcher) func(r *http.Request, path, route string) ratelimit.Decision {
	return func(r *http.Request, path, route string) ratelimit.Decision {
		x := exchangeOf(r)
		return s.limiter.Check(r.Context(), ratelimit.Request{
			Address: x.address, Path: path, Counter: route, Nowhere: route == "",
			User: func(ctx context.Context) (string, error) {
				call, err := dispatcher.Peek(r, x.address, x.log)
				if err != nil {
					return "", err
				}
				return s.Auth.UserID(ctx, call)
			},
		})
	}
}

// answerLimited is the limiter's answer.
func answerLimited(w http.ResponseWriter, retryAfter int) {
	api.WriteError(w, api.TooManyRequests(time.Duration(retryAfter)*time.Second))
}
