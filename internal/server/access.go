package server

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"time"
)

// requestIDHeader carries the id of a request from the proxy, and to the client.
const requestIDHeader = "X-Request-Id"

// maxRequestID is how long an id of a proxy may be.
const maxRequestID = 128

// requestID gives the id that a trusted proxy has given the request, else a new
// one: nobody else can make two requests look like one in the logs.
func requestID(r *http.Request, trusted bool) string {
	if id := r.Header.Get(requestIDHeader); trusted && isRequestID(id) {
		return id
	}
	return rand.Text()
}

// isRequestID accepts what proxies make: UUIDs, hexadecimal, base64.
func isRequestID(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c >= '0' && c <= '9', c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
		case c == '-', c == '_', c == '.', c == '=', c == '/', c == '+', c == ':':
		default:
			return false
		}
	}
	return text != "" && len(text) <= maxRequestID
}

// logAccess writes the line of one request. It tells the route and not the path,
// which may hold a token, and nothing else that the client has sent. Probes that
// succeed are left out, as they would be most of the log.
func logAccess(log *slog.Logger, x *exchange, method string, took time.Duration) {
	if isProbe(x.route) && x.status == http.StatusOK {
		return
	}
	attrs := []slog.Attr{
		slog.String("request", x.request), slog.String("method", knownMethod(method)), slog.String("route", x.routeName()),
		slog.Int("status", x.status), slog.Int64("bytes", x.bytes), slog.Float64("seconds", took.Round(time.Microsecond).Seconds()),
	}
	for _, known := range []struct{ name, value string }{{"client", x.address}, {"user", x.user}, {"trace", x.trace}} {
		if known.value != "" {
			attrs = append(attrs, slog.String(known.name, known.value))
		}
	}
	log.LogAttrs(context.Background(), slog.LevelInfo, "request", attrs...)
}

// unknownRoute stands for every path that is none of the server's.
const unknownRoute = "unknown"

// routeName is how metrics and logs call the route.
func (x *exchange) routeName() string {
	if x.route == "" {
		return unknownRoute
	}
	return x.route
}
