// Package sweep deletes what has come to its end: sessions, one-time values,
// and whatever else its tables say.
//
// It works beside the requests and gets out of their way: in small batches with
// pauses between them, on one instance at a time, which a lease in our own
// schema decides. A failure is counted and tried again at the next round.
package sweep

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
	"github.com/sallyport-auth/sallyport/internal/store/db"
)

// Table is one whose rows come to an end.
type Table struct {
	// Name is how metrics call it.
	Name string
	// Keep is how long a row stays after its end.
	Keep time.Duration
	// Rows deletes them.
	Rows Rows
}

// Rows deletes the rows of one table, batch by batch.
type Rows interface {
	// Begin starts a round.
	Begin(ctx context.Context) error
	// Next deletes rows that ended before a time, looking at no more than limit
	// of them, and tells how many there were and whether more may follow.
	Next(ctx context.Context, before time.Time, limit int) (deleted int64, more bool, err error)
}

// Pace is how fast a Sweeper goes. The zero value of each is the server's own.
type Pace struct {
	// Interval is the time between two rounds over all instances.
	Interval time.Duration
	// Pause is the least time between two batches; after a slow batch it is
	// longer.
	Pause time.Duration
	// Batch is how many rows a batch looks at.
	Batch int
}

const (
	interval = 10 * time.Minute
	pause    = 50 * time.Millisecond
	batch    = 1000

	// rest is how many times as long as a batch took the pause after it is, so
	// that the database is at work for us a fifth of the time at most.
	rest = 4
	// lease is how long an instance that is gone keeps the others waiting.
	lease        = time.Minute
	batchTimeout = 10 * time.Second
)

// Options are what a Sweeper is made of.
type Options struct {
	Store  *store.Store
	Tables []Table
	Now    func() time.Time
	Rand   io.Reader
	Log    *slog.Logger
	Pace   Pace
	// Swept hears of every batch, Ended of every round that this instance did.
	Swept func(table string, rows int64)
	Ended func(err error)
}

// Sweeper deletes what has come to its end until it is stopped.
type Sweeper struct {
	Options
	holder string
	held   time.Time // when the lease was last extended
}

// New makes a Sweeper that has not begun.
func New(o Options) (*Sweeper, error) {
	if o.Pace.Interval == 0 {
		o.Pace.Interval = interval
	}
	if o.Pace.Pause == 0 {
		o.Pace.Pause = pause
	}
	if o.Pace.Batch == 0 {
		o.Pace.Batch = batch
	}
	holder, err := secure.NewID(o.Rand)
	return &Sweeper{Options: o, holder: holder}, err
}

// Run sweeps at intervals until ctx ends. Instances that start together come
// at different times.
func (s *Sweeper) Run(ctx context.Context) {
	next := s.between(0, s.Pace.Interval/10)
	for wait(ctx, next) {
		if err := s.round(ctx); err != nil && ctx.Err() == nil {
			s.Log.Debug("what has expired could not be deleted; it will be tried again", "error", err)
		}
		next = s.between(s.Pace.Interval, s.Pace.Interval*5/4)
	}
}

// round sweeps every table, if it is this instance's turn. A table that fails
// keeps no other one waiting.
func (s *Sweeper) round(ctx context.Context) error {
	mine, err := s.hold(ctx, lease)
	switch {
	case err == nil && !mine:
		return nil
	case err == nil:
		for _, t := range s.Tables {
			err = errors.Join(err, s.sweep(ctx, t))
		}
		// Held on to, the lease keeps every other instance waiting for a round.
		_, holdErr := s.hold(ctx, s.Pace.Interval)
		err = errors.Join(err, holdErr)
	}
	if ctx.Err() == nil {
		s.Ended(err)
	}
	return err
}

var errTakenOver = errors.New("another instance has taken over")

// sweep deletes the ended rows of one table.
func (s *Sweeper) sweep(ctx context.Context, t Table) error {
	if err := t.Rows.Begin(ctx); err != nil {
		return fmt.Errorf("%s: %w", t.Name, err)
	}
	before := s.Now().Add(-t.Keep)
	for more := true; more; {
		started := time.Now()
		n, again, err := s.next(ctx, t, before)
		if err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
		s.Swept(t.Name, n)
		if more = again; !more {
			break
		}
		if !wait(ctx, max(s.Pace.Pause, rest*time.Since(started))) {
			return ctx.Err()
		}
		if err := s.keep(ctx); err != nil {
			return fmt.Errorf("%s: %w", t.Name, err)
		}
	}
	return nil
}

func (s *Sweeper) next(ctx context.Context, t Table, before time.Time) (int64, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, batchTimeout)
	defer cancel()
	return t.Rows.Next(ctx, before, s.Pace.Batch)
}

// keep extends the lease well before it runs out.
func (s *Sweeper) keep(ctx context.Context) error {
	if s.Now().Sub(s.held) < lease/3 {
		return nil
	}
	mine, err := s.hold(ctx, lease)
	if err == nil && !mine {
		return errTakenOver
	}
	return err
}

// hold takes the lease, or keeps it, and tells whether this instance has it.
func (s *Sweeper) hold(ctx context.Context, d time.Duration) (bool, error) {
	now := s.Now()
	n, err := s.Store.SweepHold(ctx, db.SweepHoldParams{
		Holder: s.holder, Until: now.Add(d), Now: now, Farthest: now.Add(2 * max(lease, s.Pace.Interval)),
	})
	s.held = now
	return n > 0, err
}

// between gives a time from least to most, by chance.
func (s *Sweeper) between(least, most time.Duration) time.Duration {
	var b [4]byte
	if _, err := io.ReadFull(s.Rand, b[:]); err != nil {
		return most
	}
	return least + time.Duration(float64(most-least)*float64(binary.BigEndian.Uint32(b[:]))/(1<<32))
}

// wait lets time pass, and tells whether ctx is still on.
func wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// Query is Rows of a table of our own: it deletes rows that ended before a time,
// at most so many, by index.
type Query func(ctx context.Context, before time.Time, limit int) (int64, error)

// Begin has nothing to do.
func (q Query) Begin(context.Context) error { return nil }

// Next deletes a batch. More may follow a full one.
func (q Query) Next(ctx context.Context, before time.Time, limit int) (deleted int64, more bool, err error) {
	deleted, err = q(ctx, before, limit)
	return deleted, deleted == int64(limit), err
}
