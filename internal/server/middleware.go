package server

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"runtime/debug"
	"time"

	"github.com/sallyport-auth/sallyport/internal/api"
	"github.com/sallyport-auth/sallyport/internal/clientip"
	"github.com/sallyport-auth/sallyport/internal/logs"
	"github.com/sallyport-auth/sallyport/internal/trace"
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
	trace   string // the id of the trace, empty where none is made
	endSpan func(trace.Request)

	stopping, crowded func() bool
	chunked           bool  // whether the body came in chunks
	turn              *turn // at work for the connection
}

type exchangeKey struct{}

// exchangeOf gives the exchange that a request belongs to.
func exchangeOf(r *http.Request) *exchange {
	x, _ := r.Context().Value(exchangeKey{}).(*exchange)
	return x
}

// WriteHeader notes the status, and ends the connection where it has to end.
func (x *exchange) WriteHeader(status int) {
	if x.status == 0 {
		x.status = status
		if x.last() {
			x.Header().Set("Connection", "close")
		}
		x.turn.end()
	}
	x.ResponseWriter.WriteHeader(status)
}

// last reports whether the answer is to be the last one on its connection. It is
// when the server stops, so that none has to be closed under a client's hands.
// It is too behind a body in chunks: there may have been a length beside them,
// of which net/http does not tell, and by which a proxy may have read it (RFC
// 9112, section 6.1). And a refusal for too much work leaves its place to others
// where many connections are open.
func (x *exchange) last() bool {
	return x.chunked || x.stopping() || x.busy() && x.crowded()
}

// busy reports whether the answer is that there is too much to do.
func (x *exchange) busy() bool {
	return x.status == http.StatusServiceUnavailable || x.status == http.StatusTooManyRequests
}

// Write notes the status that a first write implies.
func (x *exchange) Write(b []byte) (int, error) {
	if x.status == 0 {
		x.WriteHeader(http.StatusOK)
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
	metrics   *metrics
	tracer    *trace.Tracer
	base      string // the path of the API, as spans name routes with it
	// crowded reports whether connections are scarce.
	stopping, crowded func() bool
	guards            http.Header // shared by all answers: nothing may write into a value
}

// ServeHTTP runs the step.
func (o *outer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	started := time.Now()
	o.metrics.began()
	turn, r := newTurn(r)
	defer turn.end()
	trusted := o.addresses.Trusts(r)
	id := requestID(r, trusted)
	x := &exchange{
		ResponseWriter: w, request: id, address: o.addresses.Address(r), log: logs.With(o.log, slog.String("request", id)),
		stopping: o.stopping, crowded: o.crowded, chunked: len(r.TransferEncoding) > 0, turn: turn,
	}
	ctx, cancel := context.WithTimeout(context.WithValue(o.traced(x, r, trusted), exchangeKey{}, x), o.deadline)
	defer cancel()
	r = r.WithContext(ctx)
	r.Body = http.MaxBytesReader(x, r.Body, o.bodyLimit)
	maps.Copy(x.Header(), o.guards)
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
	o.metrics.ended(x, r.Method, took)
	if o.access != nil {
		logAccess(o.access, x, r.Method, took)
	}
	if x.endSpan != nil {
		x.endSpan(o.span(x, r.Method))
	}
}

// traced begins the span of a request where traces are made. Probes have none:
// they would be most of what the collector gets.
func (o *outer) traced(x *exchange, r *http.Request, trusted bool) context.Context {
	if o.tracer == nil || isProbe(r.URL.Path) {
		return r.Context()
	}
	ctx, end := o.tracer.Begin(r, trusted)
	x.endSpan = end
	if x.trace = trace.ID(ctx); x.trace != "" {
		x.log = x.log.With("trace", x.trace)
	}
	return ctx
}

// span is what the trace tells of a request.
func (o *outer) span(x *exchange, method string) trace.Request {
	route := x.route
	if route != "" {
		route = o.base + route
	}
	return trace.Request{
		ID: x.request, Method: knownMethod(method), Route: route, Client: x.address, Status: x.status, Bytes: x.bytes,
	}
}

// guards are the headers of every answer: nobody guesses its type, keeps it, puts it
// into a frame, runs anything in it, or tells the next site its address. A page of
// ours replaces the policy by its own.
func guards(strictTransport string) http.Header {
	h := http.Header{}
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	if strictTransport != "" {
		h.Set("Strict-Transport-Security", strictTransport)
	}
	return h
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
