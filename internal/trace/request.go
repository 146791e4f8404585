package trace

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// serverAttributes tell how clients reach the server.
func serverAttributes(base string) []attribute.KeyValue {
	u, err := url.Parse(base)
	if err != nil {
		return nil
	}
	port := map[string]int{"http": 80, "https": 443}[u.Scheme]
	if own, err := strconv.Atoi(u.Port()); err == nil {
		port = own
	}
	return []attribute.KeyValue{semconv.URLScheme(u.Scheme), semconv.ServerAddress(u.Hostname()), semconv.ServerPort(port)}
}

// Request is what the span of a request says when it ends.
type Request struct {
	// ID is the request's id in the log.
	ID string
	// Method is bounded: other stands for unknown ones.
	Method string
	// Route is the template of the path, base path included; empty when unknown.
	Route  string
	Client string
	Status int
	Bytes  int64
}

// Begin starts the span of a request. It joins the trace that the request names
// where it comes straight from a trusted proxy. The end must be called.
func (t *Tracer) Begin(r *http.Request, trusted bool) (ctx context.Context, end func(Request)) {
	ctx = r.Context()
	if t == nil {
		return ctx, nil
	}
	if trusted && t.joins {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))
	}
	ctx, span := t.spans.Start(ctx, "request", trace.WithSpanKind(trace.SpanKindServer), trace.WithAttributes(t.server...))
	if !span.IsRecording() {
		return ctx, func(Request) {}
	}
	span.SetAttributes(semconv.NetworkProtocolVersion(strings.TrimPrefix(r.Proto, "HTTP/")))
	if agent := r.UserAgent(); agent != "" {
		span.SetAttributes(semconv.UserAgentOriginal(strings.ToValidUTF8(agent, "?")))
	}
	return ctx, func(done Request) {
		done.describe(span)
		span.End()
	}
}

// describe names the span and says what became of the request.
func (q Request) describe(span trace.Span) {
	method := q.Method
	if method == "other" {
		method = "_OTHER"
		span.SetName("HTTP")
	} else {
		span.SetName(method)
	}
	span.SetAttributes(semconv.HTTPRequestMethodKey.String(method), semconv.HTTPResponseStatusCode(q.Status),
		semconv.HTTPResponseBodySize(int(q.Bytes)), attribute.String("sallyport.request.id", q.ID))
	if q.Route != "" {
		span.SetName(method + " " + q.Route)
		span.SetAttributes(semconv.HTTPRoute(q.Route))
		// A path without a parameter is its template, and holds no token.
		if !strings.Contains(q.Route, "{") {
			span.SetAttributes(semconv.URLPath(q.Route))
		}
	}
	if q.Client != "" {
		span.SetAttributes(semconv.ClientAddress(q.Client))
	}
	if q.Status >= http.StatusInternalServerError {
		span.SetAttributes(semconv.ErrorTypeKey.String(strconv.Itoa(q.Status)))
		span.SetStatus(codes.Error, "")
	}
}
