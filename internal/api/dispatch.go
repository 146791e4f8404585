package api

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"github.com/sallyport-auth/sallyport/internal/secure"
	"github.com/sallyport-auth/sallyport/internal/store"
)

// Hook is a step of a plugin before or after a handler.
type Hook struct {
	// On tells whether the hook wants this call.
	On func(*Call) bool
	// Run may change the call. An error before the handler ends the call with
	// it, or with what Instead gives; an error after the handler replaces the
	// answer.
	Run func(context.Context, *Call) error
	// Credential says of a hook before the handler that all it does is to put a
	// credential of the request in the place of the session cookie, without a
	// query. It then also runs where a request is only asked who sends it, before
	// its route is known.
	Credential bool
}

// Path gives an On that matches calls of these routes.
func Path(paths ...string) func(*Call) bool {
	return func(c *Call) bool {
		for _, p := range paths {
			if c.Route.Path == p {
				return true
			}
		}
		return false
	}
}

// Always is an On that matches every call.
func Always(*Call) bool { return true }

// Dispatcher takes calls through their steps. Its fields are set once, before
// the first call.
type Dispatcher struct {
	// CheckOrigin is the check of Origin, Referer and redirect targets.
	CheckOrigin func(*Call) error
	// CheckForm is the check of routes made with the CheckForm option.
	CheckForm func(*Call) error
	// Authenticate reads the session and refuses the call when it does not
	// meet the access level.
	Authenticate func(context.Context, *Call, Access) error
	// RequestID gives the id of a request; nil where there are none.
	RequestID func(*http.Request) string
	// Before and After are the hooks of all plugins, in plugin order.
	Before, After []Hook

	refusals refusals
}

// Serve answers one request on route, and gives the call as it was in the end.
// Address is the client's address.
func (d *Dispatcher) Serve(w http.ResponseWriter, r *http.Request, route *Route, address string, log *slog.Logger) *Call {
	c := &Call{Request: r, Route: route, Address: address, Log: log, header: w.Header(), dispatcher: d}
	if d.RequestID != nil {
		c.RequestID = d.RequestID(r)
	}
	if route.Cacheable {
		c.header.Del("Cache-Control")
	}
	ctx := context.WithValue(r.Context(), contextKey{}, c)
	if err := d.prepare(ctx, c); err != nil {
		// The original answers these outside its hooks, and so without the
		// cookies and headers that a hook may have set.
		c.conclude(err)
		c.setCookies = nil
		c.write(w)
		return c
	}
	c.conclude(route.run(ctx, c))
	if _, outside := c.Output.(Page); !outside {
		d.runAfter(ctx, c)
	}
	c.refuseOverdue(ctx)
	c.write(w)
	return c
}

// refuseOverdue takes back an answer that came at the end of the request's time.
// Its last statement may have been cancelled, and Postgres tells of a commit whose
// wait for a synchronous standby was cancelled as of any other: it is done there,
// and lost when the standby takes over.
func (c *Call) refuseOverdue(ctx context.Context) {
	if c.Err == nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		c.Err, c.setCookies = ctx.Err(), nil
		c.dropLocation()
	}
}

// Peek gives a call from which no answer comes, to find out whose session a
// request carries before anything else is known of it.
func (d *Dispatcher) Peek(r *http.Request, address string, log *slog.Logger) (*Call, error) {
	c := &Call{Request: r, Address: address, Log: log, header: http.Header{}, dispatcher: d}
	for _, h := range d.Before {
		if h.Credential && h.On(c) {
			if err := h.Run(r.Context(), c); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

func (d *Dispatcher) prepare(ctx context.Context, c *Call) error {
	var err error
	if c.body, c.bodyText, err = readBody(c.Request, c.Route); err != nil {
		return err
	}
	if d.CheckOrigin != nil {
		if err := d.CheckOrigin(c); err != nil {
			return err
		}
	}
	for _, h := range d.Before {
		if h.On(c) {
			if err := h.Run(ctx, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// runAfter lets every hook see the answer. An internal error skips them, as an
// exception does in the original.
func (d *Dispatcher) runAfter(ctx context.Context, c *Call) {
	if c.Err != nil && AsError(c.Err).Status == http.StatusInternalServerError {
		return
	}
	for _, h := range d.After {
		if h.On(c) {
			if err := h.Run(ctx, c); err != nil {
				c.Err = err
			}
		}
	}
}

// AsError gives the Error that a client gets for err. What is not an Error is
// a temporary failure of the database or the hashing queue, or an internal
// error with nothing in it for the client.
func AsError(err error) *Error {
	var e *Error
	var busy *secure.BusyError
	switch {
	case errors.As(err, &e):
		return e
	case errors.As(err, &busy):
		return Unavailable(busy.RetryAfter, err)
	case errors.Is(err, store.ErrUnavailable), errors.Is(err, secure.ErrClosed), errors.Is(err, context.DeadlineExceeded):
		return Unavailable(time.Second, err)
	case errors.Is(err, context.Canceled):
		return errGone.WithCause(err)
	default:
		return errInternal.WithCause(err)
	}
}

// write sends the answer.
func (c *Call) write(w http.ResponseWriter) {
	body, err := c.render()
	if err != nil {
		c.Err, c.setCookies = err, nil
		body, _ = c.render()
	}
	for _, cookie := range c.setCookies {
		c.header.Add("Set-Cookie", cookie.String())
	}
	if !c.Route.Cacheable || c.Err != nil {
		c.header.Set("Cache-Control", "no-store")
	}
	w.WriteHeader(c.Status)
	_, _ = w.Write(body)
}

// render gives the body and sets Status and Content-Type.
func (c *Call) render() ([]byte, error) {
	if c.Err != nil {
		return c.renderError(AsError(c.Err)), nil
	}
	if _, ok := c.Output.(Page); ok {
		return nil, nil
	}
	c.header.Set("Content-Type", mediaJSON)
	switch out := c.Output.(type) {
	case Redirect, Empty:
		return nil, nil
	case File:
		c.header.Set("Content-Type", out.MediaType)
		return out.Body, nil
	}
	return JSON(c.Output)
}

func (c *Call) renderError(e *Error) []byte {
	c.Status = e.Status
	c.dispatcher.logError(c.Log, e)
	e.setRetryAfter(c.header)
	if e.Status == http.StatusInternalServerError && e.Message == "" {
		c.header.Del("Content-Type")
		return nil
	}
	c.header.Set("Content-Type", mediaJSON)
	return e.body()
}

// body gives {"message","code"}, or nothing for an error without a message.
func (e *Error) body() []byte {
	if e.Message == "" {
		return nil
	}
	out := append([]byte(`{"message":`), appendString(nil, e.Message)...)
	if e.Code != "" {
		out = appendString(append(out, `,"code":`...), e.Code)
	}
	return append(out, '}')
}

// logError writes server faults once, and client errors where somebody asked
// for them.
func (d *Dispatcher) logError(log *slog.Logger, e *Error) {
	switch {
	case e.Status == http.StatusServiceUnavailable:
		d.refusals.tell(log, e)
	case e.Status >= http.StatusInternalServerError:
		log.Error("request failed", "error", e.Error())
	default:
		log.Debug("request refused", "status", e.Status, "code", e.Code)
	}
}

// WriteError answers outside any route: limits, unknown paths, panics. An
// Error without a message gives an empty body without a content type.
func WriteError(w http.ResponseWriter, e *Error) {
	e.setRetryAfter(w.Header())
	body := e.body()
	if body != nil {
		w.Header().Set("Content-Type", mediaJSON)
	}
	w.WriteHeader(e.Status)
	_, _ = w.Write(body)
}
