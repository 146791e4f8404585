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
	// answerWithin is how long a request waits for a counter. A healthy database
	// needs a thousandth of it, and one that answers no sooner is as good as away.
	answerWithin = 500 * time.Millisecond
	// pause is how long nobody asks after a failure; then one request tries.
	pause = time.Second
	// logEvery is the least time between two lines of the log.
	logEvery = time.Minute
)

// errPaused says that nobody was asked.
var errPaused = errors.New("away a moment ago")

// breaker is a circuit breaker. It bounds the wait for something outside of this
// process, and keeps requests from waiting, one after the other, for what has
// just not answered.
type breaker struct {
	longest   time.Duration
	now       func() time.Time
	log       *slog.Logger
	complaint string
	// paused is until when nobody asks, and told when the log last heard of it,
	// both in nanoseconds since 1970; 0 for never.
	paused, told atomic.Int64
}

func newBreaker(o Options, complaint string) *breaker {
	b := &breaker{longest: o.AnswerWithin, now: o.Now, log: o.Log, complaint: complaint}
	if b.longest == 0 {
		b.longest = answerWithin
	}
	return b
}

// ask runs fn, if that is not paused.
func (b *breaker) ask(ctx context.Context, fn func(context.Context) error) error {
	paused := b.paused.Load()
	if paused != 0 {
		now := b.now()
		if now.UnixNano() < paused || !b.paused.CompareAndSwap(paused, now.Add(pause).UnixNano()) {
			return errPaused
		}
	}
	waiting, cancel := context.WithTimeout(ctx, b.longest)
	defer cancel()
	err := fn(waiting)
	switch {
	case err == nil:
		if paused != 0 {
			b.paused.Store(0)
		}
	case ctx.Err() != nil, errors.Is(err, store.ErrRejected):
		// It is the request that has ended, or has brought what cannot be stored.
	default:
		b.fail(err)
	}
	return err
}

// fail begins a pause and tells the log.
func (b *breaker) fail(err error) {
	now := b.now()
	b.paused.Store(now.Add(pause).UnixNano())
	told := b.told.Load()
	if (told == 0 || now.UnixNano()-told >= int64(logEvery)) && b.told.CompareAndSwap(told, now.UnixNano()) && b.log != nil {
		b.log.Warn(b.complaint, "error", store.Plain(err))
	}
}
