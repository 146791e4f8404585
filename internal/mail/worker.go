package mail

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river"

	"github.com/sallyport-auth/sallyport/internal/store"
)

// What becomes of a message, for the metrics.
const (
	delivered = "delivered"
	delayed   = "delayed" // an attempt that failed, with another to come
	refused   = "refused"
	expired   = "expired"
)

// MaxAge is the longest that a message waits; most expire sooner.
const MaxAge = 7 * 24 * time.Hour

// job is what River keeps of a message.
type job struct {
	Message string `json:"message"`
}

// Kind names the job.
func (job) Kind() string { return jobKind }

// worker delivers one message at a time.
type worker struct {
	river.WorkerDefaults[job]
	outbox  *Outbox
	senders *Senders
	gates   map[Sender]*gate
	log     *slog.Logger
	// count is told what became of a message.
	count func(event, outcome string)
	trace func(ctx context.Context, event, channel, id string) (_ context.Context, end func(outcome string, failed bool))
}

// Work delivers a message and deletes it. Only a message that was refused counts
// as an attempt of River's; everything else is put off.
func (w *worker) Work(ctx context.Context, j *river.Job[job]) error {
	l, err := w.outbox.read(ctx, j.Args.Message)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil // it was delivered, and the end of the job was lost
	case errors.Is(err, errUnreadable):
		return w.refuse(ctx, j, l, err)
	case err != nil:
		return river.JobSnooze(maxClosed)
	case l.Nobody:
		return w.finish(ctx, l)
	case !w.outbox.now().Before(l.until()):
		w.log.WarnContext(ctx, "a message has expired before it could be delivered", "event", l.Event, "message", l.ID)
		w.count(l.Event, expired)
		return w.finish(ctx, l)
	}
	return w.deliver(ctx, j, l)
}

func (w *worker) deliver(ctx context.Context, j *river.Job[job], l *Letter) error {
	sender := w.senders.of(l.Channel)
	gate := w.gates[sender]
	if wait := gate.enter(); wait > 0 {
		return river.JobSnooze(spread(wait))
	}
	err := w.send(ctx, sender, l)
	if err == nil || !errors.Is(err, ErrDown) {
		if gate.open() {
			w.log.WarnContext(ctx, "messages can be delivered again", "channel", string(l.Channel))
		}
	}
	switch {
	case err == nil:
		w.count(l.Event, delivered)
		return w.finish(ctx, l)
	case errors.Is(err, ErrRefused):
		return w.refuse(ctx, j, l, err)
	case ctx.Err() != nil: // the server stops
		return river.JobSnooze(0)
	case errors.Is(err, ErrDown):
		if gate.close() {
			w.log.ErrorContext(ctx, "messages cannot be delivered and wait", "channel", string(l.Channel), "error", err)
		}
		w.count(l.Event, delayed)
		return river.JobSnooze(spread(gate.wait()))
	default:
		tries := snoozes(j)
		if tries == 0 {
			w.log.WarnContext(ctx, "a message could not be delivered and waits", "event", l.Event, "message", l.ID, "error", err)
		}
		w.count(l.Event, delayed)
		return river.JobSnooze(patience(tries, w.outbox.now().Sub(l.CreatedAt)))
	}
}

// send makes one attempt.
func (w *worker) send(ctx context.Context, sender Sender, l *Letter) error {
	if w.trace == nil {
		return sender.Send(ctx, l)
	}
	ctx, end := w.trace(ctx, l.Event, string(l.Channel), l.ID)
	err := sender.Send(ctx, l)
	switch {
	case err == nil:
		end(delivered, false)
	case errors.Is(err, ErrRefused):
		end(refused, true)
	default:
		end(delayed, true)
	}
	return err
}

// finish deletes a message that needs no further attempt. If that fails, or the
// process dies before, the message is delivered again under the same id.
func (w *worker) finish(ctx context.Context, l *Letter) error {
	if _, err := w.outbox.store.MailDelete(context.WithoutCancel(ctx), l.ID); err != nil {
		w.log.ErrorContext(ctx, "a message stays in the outbox and may be delivered twice", "message", l.ID, "error", err)
		return river.JobSnooze(maxClosed)
	}
	return nil
}

// refuse counts a refusal, and gives the message up at the last one.
func (w *worker) refuse(ctx context.Context, j *river.Job[job], l *Letter, err error) error {
	if j.Attempt < j.MaxAttempts {
		w.log.WarnContext(ctx, "a message was refused and is tried again later", "event", l.Event, "message", l.ID, "error", err, "refusals", j.Attempt)
		w.count(l.Event, delayed)
		return err
	}
	w.log.ErrorContext(ctx, "a message was refused and is given up", "event", l.Event, "message", l.ID, "error", err, "refusals", j.Attempt)
	w.count(l.Event, refused)
	if failed := w.finish(ctx, l); failed != nil {
		return failed
	}
	return err
}

// NextRetry is the time of the next attempt after a refusal: late enough that
// somebody may have mended what was wrong, and that others are not kept waiting.
func (w *worker) NextRetry(j *river.Job[job]) time.Time {
	pauses := []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute}
	return j.AttemptedAt.Add(pauses[min(len(j.Errors), len(pauses)-1)])
}

// patience is how long to wait after an attempt that failed. A young message is
// tried often, so that it is there within 30 seconds once the trouble is over.
func patience(tries int, age time.Duration) time.Duration {
	switch {
	case age < 15*time.Minute:
		return min(time.Second<<min(tries, 3), maxClosed)
	case age < time.Hour:
		return time.Minute
	default:
		return 10 * time.Minute
	}
}

// spread keeps messages that wait for the same from coming all at once.
func spread(wait time.Duration) time.Duration {
	return wait + time.Duration(rand.Int64N(int64(time.Second))) //nolint:gosec // nothing secret
}

// snoozes is how often River has put a job off.
func snoozes(j *river.Job[job]) int {
	var metadata struct {
		Snoozes int `json:"snoozes"`
	}
	_ = json.Unmarshal(j.Metadata, &metadata) // without it the wait is short
	return metadata.Snoozes
}

var errUnreadable = errors.New("no configured secret opens the message")

// read gives a message by its id.
func (o *Outbox) read(ctx context.Context, id string) (*Letter, error) {
	row, err := o.store.MailOpen(ctx, id)
	if err != nil {
		return &Letter{ID: id}, err
	}
	l, err := o.open(id, row.Sealed, row.CreatedAt)
	if err != nil {
		return &Letter{ID: id}, fmt.Errorf("%w: %w", errUnreadable, err)
	}
	return &l, nil
}

// until is when the letter expires.
func (l *Letter) until() time.Time {
	limit := l.CreatedAt.Add(MaxAge)
	if l.ExpiresAt.IsZero() || l.ExpiresAt.After(limit) {
		return limit
	}
	return l.ExpiresAt
}
