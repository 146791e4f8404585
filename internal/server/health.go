package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"golang.org/x/sync/singleflight"
)

const readyTimeout = 2 * time.Second

// The paths of the probes, on every listener.
const (
	livePath  = "/livez"
	readyPath = "/readyz"
)

func isProbe(path string) bool { return path == livePath || path == readyPath }

// livez answers as long as the process can.
func livez(w http.ResponseWriter, _ *http.Request) { answerText(w, http.StatusOK, "ok\n") }

// readiness answers /readyz: whether this instance should get requests.
type readiness struct {
	clock    *clock
	stopping func() bool
	asking   singleflight.Group
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
	// Anybody may ask, and no limit is for probes: so all who ask at once share a
	// question, and take one connection of the database at most.
	asked := rd.asking.DoChan("", func() (any, error) {
		_, err := rd.clocks(context.WithoutCancel(ctx))
		return nil, err
	})
	select {
	case answer := <-asked:
		return answer.Err
	case <-ctx.Done():
		return errNoDatabase
	}
}

var errNoDatabase = errors.New("the database does not answer")

// clocks tells how far the clocks are apart, and what is wrong; nil where the
// database has not told its time.
func (rd *readiness) clocks(ctx context.Context) (skew *time.Duration, err error) {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	off, err := rd.clock.compare(ctx)
	if err != nil {
		return nil, errNoDatabase
	}
	if off.Abs() >= MaxClockSkew {
		return &off, fmt.Errorf("the clock of this machine is %s off the database's", off.Round(time.Second))
	}
	return &off, nil
}

func answerText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}
