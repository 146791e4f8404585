package redis

import (
	"context"
	"log/slog"
	"sync"
	"time"

	goredis "github.com/redis/go-redis/v9"
)

// tellEvery is the shortest time between two lines of the log about Redis.
const tellEvery = time.Minute

// reporter writes what becomes of Redis into the log, one line a minute at most.
type reporter struct {
	log *slog.Logger

	mu       sync.Mutex
	last     time.Time // of the line before
	worried  bool      // whether that line was about trouble
	failures int       // since that line
	err      error     // the last of them
}

// note remembers a failure.
func (r *reporter) note(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failures++
	r.err = err
}

// tell writes a line where there is something new and the last line is old enough.
func (r *reporter) tell(up bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failures == 0 && !r.worried || time.Since(r.last) < tellEvery {
		return
	}
	if r.failures > 0 {
		r.log.Warn("Redis does not count; limits are kept by each instance for itself meanwhile",
			"failures", r.failures, "last", r.err.Error(), "up", up) // a text, because some would bring their stack
	} else {
		r.log.Warn("Redis counts again, and limits are shared")
	}
	r.last, r.worried, r.failures, r.err = time.Now(), r.failures > 0, 0, nil
}

// quieten keeps the library from writing to standard error: a Redis that is
// away would fill the log.
var quieten = sync.OnceFunc(func() { goredis.SetLogger(silence{}) })

// silence is a logger that says nothing.
type silence struct{}

// Printf drops a line.
func (silence) Printf(context.Context, string, ...any) {}
