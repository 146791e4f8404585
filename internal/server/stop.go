package server

import (
	"context"
	"errors"
	"time"

	"github.com/sallyport-auth/sallyport/internal/logs"
)

const (
	// stopTime is how long a stop takes at most, counted from the signal. It is
	// shorter than the 30 seconds that supervisors commonly grant.
	stopTime = 14 * time.Second

	// leastGrace is what requests in flight get in any case, however long the
	// drain before was.
	leastGrace = 9 * time.Second
)

// drain goes on answering for a while with the readiness off, so that balancers
// stop sending before the sockets close. It ends early when a listener fails.
func (s *Server) drain(failed <-chan error) error {
	s.stopping.Store(true)
	pause := s.cfg.Server.Timeouts.Drain.Std()
	logs.Notice(s.log, "stopping: not ready any more, and no new connections after the drain", "drain", pause)
	select {
	case err := <-failed:
		return err
	case <-time.After(pause):
		return nil
	}
}

// stop closes the sockets and lets requests in flight finish on every listener.
// What still runs at the end of the grace is cut off.
func (s *Server) stop(listeners []*listener) error {
	s.stopping.Store(true)
	began := time.Now()
	ctx, cancel := context.WithTimeout(context.Background(), max(stopTime-s.cfg.Server.Timeouts.Drain.Std(), leastGrace))
	defer cancel()
	var errs []error
	for _, l := range listeners {
		if err := l.server.Shutdown(ctx); err != nil {
			s.log.Error("requests were still running at the end of the grace period and are cut off", "error", err)
			// Handlers learn it by their context: a closed connection alone
			// tells those that wait for the database nothing.
			l.cut()
			errs = append(errs, l.server.Close())
		}
	}
	logs.Notice(s.log, "stopped", "grace", time.Since(began).Round(time.Millisecond))
	return errors.Join(errs...)
}
