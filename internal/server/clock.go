package server

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/sallyport-auth/sallyport/internal/store"
)

// MaxClockSkew is how far the clocks of this machine and the database may be
// apart before the server is not ready; from WarnClockSkew on, check and the log
// of the server warn.
const (
	MaxClockSkew  = 30 * time.Second
	WarnClockSkew = 2 * time.Second

	// clockEvery is the time between two comparisons where nobody asks whether the
	// server is ready.
	clockEvery = time.Minute
)

// clock compares that of this machine with the database's, and warns when they
// part.
type clock struct {
	store  *store.Store
	now    func() time.Time
	log    *slog.Logger
	warned atomic.Bool
}

// watch compares until ctx ends.
func (k *clock) watch(ctx context.Context) {
	for tick := time.NewTicker(clockEvery); ; {
		k.glance(ctx)
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

// glance compares once. A database that does not answer is told of elsewhere.
func (k *clock) glance(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	_, _ = k.compare(ctx)
}

// compare tells how far the clocks are apart. It warns once, and again only
// after they have agreed.
func (k *clock) compare(ctx context.Context) (time.Duration, error) {
	skew, err := ClockSkew(ctx, k.store, k.now)
	switch {
	case err != nil:
	case skew.Abs() < WarnClockSkew:
		k.warned.Store(false)
	case !k.warned.Swap(true):
		k.log.Warn("the clocks of this machine and of the database differ: set both by NTP", "ahead", skew.Round(time.Millisecond))
	}
	return skew, err
}

// ClockSkew is how far the local clock is ahead of the database's, at least: the
// time that the question took counts for neither.
func ClockSkew(ctx context.Context, s *store.Store, now func() time.Time) (time.Duration, error) {
	before := now()
	there, err := s.Clock(ctx)
	if err != nil {
		return 0, err
	}
	// The database read its clock somewhere between the two.
	after := now()
	switch {
	case there.Before(before):
		return before.Sub(there), nil
	case there.After(after):
		return after.Sub(there), nil
	default:
		return 0, nil
	}
}
