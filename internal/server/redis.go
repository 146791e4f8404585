package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"github.com/sallyport-auth/sallyport/internal/ratelimit"
	"github.com/sallyport-auth/sallyport/internal/redis"
)

// completeLimits decides whether requests are limited, and where they are
// counted.
func completeLimits(cfg *Config, mode Mode) {
	if cfg.RateLimit.Enabled == nil {
		on := mode == Production
		cfg.RateLimit.Enabled = &on
	}
	if cfg.RateLimit.Storage != "" {
		return
	}
	cfg.RateLimit.Storage = ratelimit.InMemory
	if !cfg.SecondaryStorage.URL.IsZero() {
		cfg.RateLimit.Storage = ratelimit.InSecondary
	}
}

func validateSecondaryStorage(cfg *Config) error {
	if cfg.SecondaryStorage.URL.IsZero() {
		if cfg.RateLimit.Storage == ratelimit.InSecondary {
			return errors.New("rateLimit.storage is secondary-storage, and there is none: set secondaryStorage.url, or REDIS_URL, to a Redis, or choose another storage")
		}
		return nil
	}
	if err := redis.CheckURL(cfg.SecondaryStorage.URL); err != nil {
		return fmt.Errorf("secondaryStorage.url %w", err)
	}
	return nil
}

// countsInRedis tells whether a server of the configuration uses Redis.
func countsInRedis(cfg *Config) bool {
	return limitsAnything(cfg) && cfg.RateLimit.Storage == ratelimit.InSecondary
}

// redisOptions are the options with which a configuration counts in Redis. The
// base URL is what instances of one installation have in common, and no other
// has.
func redisOptions(cfg *Config, log *slog.Logger) redis.Options {
	return redis.Options{Config: cfg.SecondaryStorage, Installation: cfg.BaseURL, Log: log}
}

// openRedis begins to count in Redis where the configuration says so.
func (s *Server) openRedis(ctx context.Context) (err error) {
	if countsInRedis(s.cfg) {
		s.redis, err = redis.Open(ctx, redisOptions(s.cfg, s.log))
	}
	return err
}

// watchRedis shows how Redis does.
func (m *metrics) watchRedis(c *redis.Client) {
	if c == nil {
		return
	}
	m.watch(numbers{gauge("sallyport_redis_up", "Whether Redis counts requests; while it does not, each instance counts for itself.", func() (float64, bool) {
		if c.Up() {
			return 1, true
		}
		return 0, true
	})})
	m.watch(numbers{counter("sallyport_redis_errors_total", "How often Redis has failed to count.", always(c.Errors))})
}

// checkRedis counts once as the server would.
func (k *checker) checkRedis(ctx context.Context) {
	if k.cfg.SecondaryStorage.URL.IsZero() {
		return
	}
	if !countsInRedis(k.cfg) {
		k.add(LevelOK, "redis", "configured, and not used: requests are not limited, or rateLimit.storage is another")
		return
	}
	state, err := redis.Inspect(ctx, redisOptions(k.cfg, k.log))
	switch {
	case err != nil:
		k.add(LevelError, "redis", "it does not count (%v): the server would start, and each instance count for itself; mend it, or leave secondaryStorage and REDIS_URL out", err)
	case state.MayDrop():
		k.add(LevelWarning, "redis", "version %s counts, and with maxmemory-policy %s forgets counters when its memory is full, which opens limits: use a Redis of its own with noeviction", state.Version, state.Policy)
	case state.Version == "":
		k.add(LevelOK, "redis", "counts, and does not tell its version")
	default:
		k.add(LevelOK, "redis", "version %s counts", state.Version)
	}
}
