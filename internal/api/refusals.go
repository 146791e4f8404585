package api

import (
	"log/slog"
	"sync"
	"time"
)

// tellEvery is how often the log tells of requests that were refused for the
// moment. Under a flood a line for each would be most of the work, and every
// answer would wait for the log.
const tellEvery = time.Second

// refusals writes a line for the first of many refusals, and how many came
// after the one before.
type refusals struct {
	mu     sync.Mutex
	next   time.Time
	untold int
}

func (r *refusals) tell(log *slog.Logger, e *Error) {
	if untold, due := r.due(time.Now()); due {
		log.Warn("request refused", "status", e.Status, "error", e.Error(), "others", untold)
		return
	}
	log.Debug("request refused", "status", e.Status, "error", e.Error())
}

// due counts a refusal and tells whether it is to be written, and how many were
// not since the last one that was.
func (r *refusals) due(now time.Time) (untold int, due bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Before(r.next) {
		r.untold++
		return 0, false
	}
	untold, r.untold, r.next = r.untold, 0, now.Add(tellEvery)
	return untold, true
}
