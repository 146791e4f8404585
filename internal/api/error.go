package api

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// Error is the one type of error that reaches a client. Its body is
// {"message","code"}; Code may be empty, and with an empty Message the body is
// empty too.
type Error struct {
	// Status is the HTTP status.
	Status int
	// Code is the upper-case code of the error, or empty.
	Code string
	// Message is the English sentence for the client.
	Message string
	// RetryAfter, when positive, becomes the Retry-After header, and with status
	// 429 the original's X-Retry-After beside it.
	RetryAfter time.Duration

	cause error
}

// NewError makes an error for a package variable.
func NewError(status int, code, message string) *Error {
	return &Error{Status: status, Code: code, Message: message}
}

// Error gives the code, the message and the cause, for logs.
func (e *Error) Error() string {
	s := fmt.Sprintf("%d %s %s", e.Status, e.Code, e.Message)
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap gives the cause, which is logged and never sent.
func (e *Error) Unwrap() error { return e.cause }

// Is compares status, code and message, so that an error with a cause still
// equals its package variable.
func (e *Error) Is(target error) bool {
	var t *Error
	return errors.As(target, &t) && e.Status == t.Status && e.Code == t.Code && e.Message == t.Message
}

// WithCause gives a copy of e that carries cause for the log.
func (e *Error) WithCause(cause error) *Error {
	out := *e
	out.cause = cause
	return &out
}

// Errors that the steps around a handler answer with. Codes and messages are
// the original's, but for PAYLOAD_TOO_LARGE and SERVICE_UNAVAILABLE, which are
// ours.
var (
	ErrUnauthorized = NewError(http.StatusUnauthorized, "UNAUTHORIZED", "Unauthorized")
	ErrInvalidJSON  = NewError(http.StatusBadRequest, "BAD_REQUEST", "Invalid JSON in request body")
	ErrTooLarge     = NewError(http.StatusRequestEntityTooLarge, "PAYLOAD_TOO_LARGE", "Request body is too large")
	ErrUnavailable  = NewError(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE", "Service is temporarily unavailable. Please try again later.")
	errWordless     = NewError(http.StatusUnauthorized, "", "")
	errInternal     = NewError(http.StatusInternalServerError, "", "")
	// errGone ends a call whose client has hung up. Nobody reads it; the status,
	// which common proxies use for this, keeps it out of the server's own faults.
	errGone = NewError(499, "", "")
)

// Unavailable gives ErrUnavailable with the time after which another try makes
// sense.
func Unavailable(retryAfter time.Duration, cause error) *Error {
	e := ErrUnavailable.WithCause(cause)
	e.RetryAfter = retryAfter
	return e
}

// TooManyRequests is the limiter's answer, with the time after which another try
// makes sense.
func TooManyRequests(retryAfter time.Duration) *Error {
	e := NewError(http.StatusTooManyRequests, "", "Too many requests. Please try again later.")
	e.RetryAfter = retryAfter
	return e
}

// setRetryAfter writes the headers that tell when to come back.
func (e *Error) setRetryAfter(h http.Header) {
	if e.RetryAfter <= 0 {
		return
	}
	seconds := retryAfterSeconds(e.RetryAfter)
	h.Set("Retry-After", seconds)
	if e.Status == http.StatusTooManyRequests {
		h.Set("X-Retry-After", seconds)
	}
}

// retryAfterSeconds writes d as the Retry-After header wants it: whole seconds,
// at least one (RFC 9110, section 10.2.3).
func retryAfterSeconds(d time.Duration) string {
	return strconv.Itoa(max(1, int((d+time.Second-1)/time.Second)))
}
