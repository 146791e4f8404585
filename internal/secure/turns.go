package secure

import (
	"container/list"
	"context"
	"time"
)

// job is one password to be hashed, and what comes of it.
type job struct {
	password, salt string
	then           func(key []byte) // uses the key, in the same slot

	ctx     context.Context //nolint:containedctx // of who waits for the job
	address string
	place   *list.Element // in the queue
	done    chan struct{} // closed at the end of the job, or when it was refused

	// Written before done is closed.
	err          error
	panicked     any // what the work panicked with
	began, ended time.Time
}

// end tells whoever waits.
func (j *job) end(err error) {
	j.err = err
	close(j.done)
}

// do has a job done by a slot and waits for it. The caller has entered. Its error may be that of the
// context, a *BusyError, or ErrClosed: nothing was done then.
func (s *slots) do(ctx context.Context, j *job) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j.ctx, j.done = ctx, make(chan struct{})
	if err := s.stand(j); err != nil {
		return err
	}
	patience := time.NewTimer(s.maxWait)
	defer patience.Stop()
	select {
	case <-j.done:
	case <-ctx.Done():
		return s.leave(j, ctx.Err())
	case <-patience.C:
		return s.leave(j, s.refusal())
	}
	return j.outcome()
}

// outcome is how a job that is done has ended.
func (j *job) outcome() error {
	if j.panicked != nil {
		panic(j.panicked)
	}
	return j.err
}

// stand puts a job in line, and a free slot to work.
func (s *slots) stand(j *job) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	s.line.push(j)
	if s.busy < s.size {
		s.busy++
		go s.serve()
	}
	return nil
}

// leave gives up waiting for a job, unless a slot has taken it already.
func (s *slots) leave(j *job, reason error) error {
	s.mu.Lock()
	removed := s.line.remove(j)
	s.mu.Unlock()
	if removed {
		return reason
	}
	<-j.done
	return j.outcome()
}

// serve is a slot at work, as long as somebody waits.
func (s *slots) serve() {
	stepBack()
	for {
		jobs := s.take()
		if len(jobs) == 0 {
			return
		}
		start := time.Now()
		s.attempt(jobs)
		s.count(len(jobs), time.Since(start))
		for _, j := range jobs {
			close(j.done)
		}
	}
}

// take gives as many jobs as are done at once, fewer when no more wait; without any the slot is free.
// A client that has given up gets no hash: under a storm those who no longer listen would be most of
// the work.
func (s *slots) take() (jobs []*job) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for len(jobs) < s.width {
		j := s.line.pop()
		if j == nil {
			break
		}
		if err := j.ctx.Err(); err != nil {
			j.end(err)
			continue
		}
		jobs = append(jobs, j)
	}
	s.doing += len(jobs)
	if len(jobs) == 0 {
		s.busy--
	}
	return jobs
}

// attempt does the jobs. A panic is handed to those who wait for them: it is theirs to answer for.
func (s *slots) attempt(jobs []*job) {
	defer func() {
		if cause := recover(); cause != nil {
			for _, j := range jobs {
				j.panicked = cause
			}
		}
	}()
	s.work(jobs)
}

// count takes in how long jobs have kept a slot busy together.
func (s *slots) count(jobs int, took time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.doing -= jobs
	s.took += (took/time.Duration(jobs) - s.took) / 8
}
