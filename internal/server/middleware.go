package server

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/clientip"
)

// exchange is what the outer steps remember of one request.
type exchange struct {
	http.ResponseWriter
	status  int
	bytes   int64  // of the answer's body
	route   string // the template that the path matched
	address string // the client's, as sessions store it
	user    string // the id of the user, where the call has come to know it
	log     *slog.Logger
	request string // the request's id
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
	n, err := x.ResponseWriter.Write(b)
	x.bytes += int64(n)
	return n, err
}

// Unwrap gives http.ResponseController the writer below.
func (x *exchange) Unwrap() http.ResponseWriter { return x.ResponseWriter }

// outer is the first and last step of every request: it gives the request an
// id, a deadline and a bound on its body, catches panics, and reports what
// became of it.
type outer struct {
	next      http.Handler
	addresses *clientip.Resolver
	log       *slog.Logger
	access    *slog.Logger // nil where no access log is kept
	bodyLimit int64
	deadline  time.Duration
	observe   func(x *exchange, method string, took time.Duration)
}

// ServeHTTP runs the step.
func (o *outer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	id := requestID(r, o.addresses)
	x := &exchange{ResponseWriter: w, request: id, address: o.addresses.Address(r), log: o.log.With("request", id)}
	ctx, cancel := context.WithTimeout(context.WithValue(r.Context(), exchangeKey{}, x), o.deadline)
	defer cancel()
	r = r.WithContext(ctx)
	r.Body = http.MaxBytesReader(x, r.Body, o.bodyLimit)
	x.Header().Set("X-Content-Type-Options", "nosniff")
	x.Header().Set("Cache-Control", "no-store")
	x.Header().Set(requestIDHeader, id)
	defer o.finish(x, r, started)
	defer func() { o.recovered(x, recover()) }()
	o.next.ServeHTTP(x, r)
}

// finish reports what became of a request, also of one whose connection a panic
// ends.
func (o *outer) finish(x *exchange, r *http.Request, started time.Time) {
	took := time.Since(started)
	if x.status == 0 {
		x.status = http.StatusOK // what net/http makes of an answer without one
	}
	o.observe(x, r.Method, took)
	if o.access != nil {
		logAccess(o.access, x, r.Method, took)
	}
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
