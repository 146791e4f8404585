package ratelimit

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/sallyport-auth/sallyport/internal/store"
)

const (
	// ownPatience is how long a request waits for a counter. A healthy database
	// needs a thousandth of it, and one that answers no sooner is as good as away.
	ownPatience = 500 * time.Millisecond
	// pause is how long nobody asks after a failure; then one request tries.
	pause = time.Second
	// logEvery is the least time between two lines of the log.
	logEvery = time.Minute
)

// errPaused says that nobody was asked.
var errPaused = errors.New("away a moment ago")

// patience bounds the wait for something outside of this process, and keeps
// requests from waiting, one after the other, for what has just not answered.
type patience struct {
	longest   time.Duration
	now       func() time.Time
	log       *slog.Logger
	complaint string
	// paused is until when nobody asks, and told when the log last heard of it,
	// both in nanoseconds since 1970; 0 for never.
	paused, told atomic.Int64
}

func newPatience(o Options, complaint string) *patience {
	p := &patience{longest: o.Patience, now: o.Now, log: o.Log, complaint: complaint}
	if p.longest == 0 {
		p.longest = ownPatience
	}
	return p
}

// ask runs fn, if that is not paused.
func (p *patience) ask(ctx context.Context, fn func(context.Context) error) error {
	paused := p.paused.Load()
	if paused != 0 {
		now := p.now()
		if now.UnixNano() < paused || !p.paused.CompareAndSwap(paused, now.Add(pause).UnixNano()) {
			return errPaused
		}
	}
	waiting, cancel := context.WithTimeout(ctx, p.longest)
	defer cancel()
	err := fn(waiting)
	switch {
	case err == nil:
		if paused != 0 {
			p.paused.Store(0)
		}
	case ctx.Err() != nil, errors.Is(err, store.ErrRejected):
		// It is the request that has ended, or has brought what cannot be stored.
	default:
		p.fail(err)
	}
	return err
}

// fail begins a pause and tells the log.
func (p *patience) fail(err error) {
	now := p.now()
	p.paused.Store(now.Add(pause).UnixNano())
	told := p.told.Load()
	if (told == 0 || now.UnixNano()-told >= int64(logEvery)) && p.told.CompareAndSwap(told, now.UnixNano()) && p.log != nil {
		p.log.Warn(p.complaint, "error", store.Plain(err))
	}
}
