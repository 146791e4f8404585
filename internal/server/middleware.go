package server

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
)

// exchange is what the outer steps remember of one request.
type exchange struct {
	http.ResponseWriter
	status  int
	route   string
	address string // the client's, as sessions store it
	log     *slog.Logger
	request string // the request's id, for logs
}

type exchangeKey struct{}

// exchangeOf gives the exchange that a request belongs to.
func exchangeOf(r *http.Request) *exchange {
	x, _ := r.Context().Value(exchangeKey{}).(*exchange)
	return x
}

// WriteHeader notes the status.
func (x *exchange) WriteHeader(status int) {
	if x.status == 0 {
		x.status = status
	}
	x.ResponseWriter.WriteHeader(status)
}

// Write notes the status that a first write implies.
func (x *exchange) Write(b []byte) (int, error) {
	if x.status == 0 {
		x.status = http.StatusOK
	}
	return x.ResponseWriter.Write(b)
}

// Unwrap gives http.ResponseController the writer below.
func (x *exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

// outer is the first and last step of every request: it gives the request an
// id, a deadline and a bound on its body, catches panics, and reports what
// became of it.
type outer struct {
	next      http.Handler
	log       *slog.Logger
	bodyLimit int64
	deadline  time.Duration
	observe   func(x *exchange, method string, took time.Duration)
}

// ServeHTTP runs the step.
func (o *outer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	id := rand.Text()
	x := &exchange{ResponseWriter: w, request: id, log: o.log.With("request", id)}
	ctx, cancel := context.WithTimeout(context.WithValue(r.Context(), exchangeKey{}, x), o.deadline)
	defer cancel()
	r = r.WithContext(ctx)
	r.Body = http.MaxBytesReader(x, r.Body, o.bodyLimit)
	x.Header().Set("X-Content-Type-Options", "nosniff")
	x.Header().Set("Cache-Control", "no-store")
	defer func() {
		o.recovered(x, recover())
		took := time.Since(started)
		o.observe(x, r.Method, took)
		x.log.Info("request", "method", r.Method, "route", x.route, "status", x.status, "took", took)
	}()
	o.next.ServeHTTP(x, r)
}

// recovered turns a panic into a 500 with nothing in it, and into the whole
// story in the log. http.ErrAbortHandler is passed on: it ends the connection
// on purpose.
func (o *outer) recovered(x *exchange, cause any) {
	if cause == nil {
		return
	}
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(cause)
	}
	x.log.Error("panic", "cause", cause, "stack", string(debug.Stack()))
	if x.status == 0 {
		api.WriteError(x, api.NewError(http.StatusInternalServerError, "", ""))
	}
}
