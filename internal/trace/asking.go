package trace

import (
	"context"
	"net/http"
	"strconv"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// Asking begins the span of a request to another server, where it belongs to traced
// work, and gives what ends it with the status and a word for what went wrong. Of
// the address only the host is told: the rest may hold a secret. The trace is not
// told to the other server, which is a stranger.
func (t *Tracer) Asking(ctx context.Context, r *http.Request) (_ context.Context, end func(status int, wrong string)) {
	if t == nil || !trace.SpanFromContext(ctx).IsRecording() {
		return ctx, func(int, string) {}
	}
	ctx, span := t.spans.Start(ctx, r.Method+" "+r.URL.Hostname(), trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		semconv.HTTPRequestMethodKey.String(r.Method), semconv.URLScheme(r.URL.Scheme), semconv.ServerAddress(r.URL.Hostname())))
	if port, err := strconv.Atoi(r.URL.Port()); err == nil {
		span.SetAttributes(semconv.ServerPort(port))
	}
	return ctx, func(status int, wrong string) {
		if status != 0 {
			span.SetAttributes(semconv.HTTPResponseStatusCode(status))
		}
		if wrong != "" {
			span.SetStatus(codes.Error, "")
			span.SetAttributes(semconv.ErrorTypeKey.String(wrong))
		}
		span.End()
	}
}
