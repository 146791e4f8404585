package idptest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Slow is how late a slow endpoint answers.
const Slow = 300 * time.Millisecond

// huge is more than a client should read.
const huge = 8 << 20

// Faults are what endpoints can do instead of answering, by name. "slow" answers
// late but rightly, "stuck" not before the client gives up.
var Faults = map[string]func(s *Server, w http.ResponseWriter, r *http.Request){
	"slow":  nil,
	"stuck": func(s *Server, _ http.ResponseWriter, r *http.Request) { s.wait(r, time.Hour) },
	"500":   status(http.StatusInternalServerError, "text/plain", "Internal Server Error"),
	"503":   status(http.StatusServiceUnavailable, "application/json", `{"message":"over capacity"}`),
	"401":   status(http.StatusUnauthorized, "application/json", `{"message":"Bad credentials"}`),
	"400":   status(http.StatusBadRequest, "application/json", `{"error":"invalid_grant","error_description":"The grant is not good"}`),
	// As GitHub tells of errors.
	"error200":  status(http.StatusOK, "application/json", `{"error":"bad_verification_code","error_description":"The code passed is incorrect or expired."}`),
	"text":      status(http.StatusOK, "text/plain", "so sorry"),
	"html":      status(http.StatusOK, "text/html", "<!doctype html><title>Sign in</title>"),
	"half":      status(http.StatusOK, "application/json", `{"access_token":"abc`),
	"empty":     status(http.StatusOK, "application/json", ""),
	"null":      status(http.StatusOK, "application/json", "null"),
	"list":      status(http.StatusOK, "application/json", "[]"),
	"number":    status(http.StatusOK, "application/json", "7"),
	"string":    status(http.StatusOK, "application/json", `"yes"`),
	"object":    status(http.StatusOK, "application/json", "{}"),
	"deep":      status(http.StatusOK, "application/json", strings.Repeat(`{"a":`, 20000)+"1"+strings.Repeat("}", 20000)),
	"huge":      hugeAnswer,
	"endless":   endless,
	"redirect":  redirect("https://elsewhere.test/"),
	"inner":     redirect("http://169.254.169.254/latest/meta-data/"),
	"hangup":    hangUp,
	"truncated": truncated,
}

// fail does what a fault says and tells whether that was the answer.
func (s *Server) fail(fault string, w http.ResponseWriter, r *http.Request) bool {
	do, known := Faults[fault]
	switch {
	case fault == "":
		return false
	case !known:
		http.Error(w, fmt.Sprintf("there is no fault %q", fault), http.StatusNotImplemented)
	case do == nil:
		s.wait(r, Slow)
		return false
	default:
		do(s, w, r)
	}
	return true
}

// wait waits until the client is gone, the server ends, or the time is over.
func (s *Server) wait(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-r.Context().Done():
	case <-s.end:
	case <-timer.C:
	}
}

func status(code int, mediaType, body string) func(*Server, http.ResponseWriter, *http.Request) {
	return func(_ *Server, w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", mediaType)
		w.WriteHeader(code)
		_, _ = w.Write([]byte(body))
	}
}

func redirect(to string) func(*Server, http.ResponseWriter, *http.Request) {
	return func(_ *Server, w http.ResponseWriter, r *http.Request) { send(w, to) }
}

// hugeAnswer is right but for its length.
func hugeAnswer(s *Server, w http.ResponseWriter, r *http.Request) {
	status(http.StatusOK, "application/json", `{"padding":"`+strings.Repeat("x", huge)+`"}`)(s, w, r)
}

// endless writes until nobody reads any more.
func endless(s *Server, w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	chunk := slices.Repeat([]byte(" "), 64<<10)
	for {
		select {
		case <-s.end:
			return
		default:
		}
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

// hangUp ends the connection without an answer.
func hangUp(*Server, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// truncated ends the connection before all of the answer was sent.
func truncated(_ *Server, w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(`{"access_token":"abc"`))
	panic(http.ErrAbortHandler)
}
