package auth

import (
	"context"
	"sync"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// betweenRefusals is the least time between two rows of the log about guesses
// that were refused before anything was compared. They cost a client nothing, so
// that a flood of them could fill the disk.
const betweenRefusals = time.Second

// tooManyRequests is their reason; the answer has no code.
const tooManyRequests = "TOO_MANY_REQUESTS"

// refusals lets one row stand for several.
type refusals struct {
	mu      sync.Mutex
	written time.Time
	left    int // those since then, which have no row yet
}

// next counts a refusal, and gives for how many a row is to stand that is written
// now; none is to be where that is 0.
func (r *refusals) next(now time.Time) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left++
	if now.Sub(r.written).Abs() < betweenRefusals {
		return 0
	}
	times := r.left
	r.written, r.left = now, 0
	return times
}

// noteRefusal notes that a guess was refused, or leaves that to the next row.
// Every one is counted.
func (a *Auth) noteRefusal(ctx context.Context, c *api.Call) error {
	event := EventSignIn
	if c.Session != nil {
		event = EventPasswordCheck
	}
	n := a.Note(c, event)
	n.Outcome, n.Reason = outcomeRefused, tooManyRequests
	times := a.refusals.next(n.At)
	if times == 0 {
		a.Store.Count(n)
		return nil
	}
	return a.Store.Note(ctx, n.With("times", times))
}
