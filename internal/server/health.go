package server

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/sallyport-auth/sallyport/internal/store"
)

// MaxClockSkew is how far the clocks of this machine and the database may be
// apart before the server is not ready; from WarnClockSkew on, check warns.
const (
	MaxClockSkew  = 30 * time.Second
	WarnClockSkew = 2 * time.Second

	readyTimeout = 2 * time.Second
)

// The paths of the probes, on every listener.
const (
	livePath  = "/livez"
	readyPath = "/readyz"
)

// livez answers as long as the process can.
func livez(w http.ResponseWriter, _ *http.Request) { answerText(w, http.StatusOK, "ok\n") }

// readiness answers /readyz: whether this instance should get requests.
type readiness struct {
	store    *store.Store
	now      func() time.Time
	stopping func() bool
}

// ServeHTTP answers 200 when the instance is ready, else 503 with the reason.
func (rd *readiness) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := rd.check(r.Context()); err != nil {
		w.Header().Set("Retry-After", "1")
		answerText(w, http.StatusServiceUnavailable, err.Error()+"\n")
		return
	}
	answerText(w, http.StatusOK, "ok\n")
}

func (rd *readiness) check(ctx context.Context) error {
	if rd.stopping() {
		return fmt.Errorf("stopping")
	}
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	skew, err := ClockSkew(ctx, rd.store, rd.now)
	if err != nil {
		return fmt.Errorf("the database does not answer")
	}
	if skew.Abs() >= MaxClockSkew {
		return fmt.Errorf("the clock of this machine is %s off the database's", skew.Round(time.Second))
	}
	return nil
}

// ClockSkew is how far the local clock is ahead of the database's.
func ClockSkew(ctx context.Context, s *store.Store, now func() time.Time) (time.Duration, error) {
	before := now()
	there, err := s.Clock(ctx)
	if err != nil {
		return 0, err
	}
	// The database read its clock somewhere between the two.
	return before.Add(now().Sub(before) / 2).Sub(there), nil
}

func answerText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}
