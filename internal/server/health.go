package server

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

const readyTimeout = 2 * time.Second

// The paths of the probes, on every listener.
const (
	livePath  = "/livez"
	readyPath = "/readyz"
)

// livez answers as long as the process can.
func livez(w http.ResponseWriter, _ *http.Request) { answerText(w, http.StatusOK, "ok\n") }

// readiness answers /readyz: whether this instance should get requests.
type readiness struct {
	clock    *clock
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
	skew, err := rd.clock.compare(ctx)
	if err != nil {
		return fmt.Errorf("the database does not answer")
	}
	if skew.Abs() >= MaxClockSkew {
		return fmt.Errorf("the clock of this machine is %s off the database's", skew.Round(time.Second))
	}
	return nil
}

func answerText(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text))
}
