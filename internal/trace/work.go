package trace

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

// Hashed tells of a password that was hashed: when it came, and how long it waited
// and was worked on.
func (t *Tracer) Hashed(ctx context.Context, began time.Time, waited, worked time.Duration) {
	start := began.Add(waited)
	if waited >= longWait {
		t.past(ctx, "wait for a hashing slot", began, start, false)
	}
	t.past(ctx, "hash a password", start, start.Add(worked), false)
}

// Delivery begins the trace of an attempt to deliver a message, and gives what
// ends it.
func (t *Tracer) Delivery(ctx context.Context, event, channel, id string) (_ context.Context, end func(outcome string, failed bool)) {
	if t == nil {
		return ctx, func(string, bool) {}
	}
	ctx, span := t.spans.Start(ctx, "deliver "+event, trace.WithSpanKind(trace.SpanKindConsumer), trace.WithAttributes(
		attribute.String("sallyport.message.event", event), attribute.String("sallyport.message.channel", channel),
		attribute.String("sallyport.message.id", id)))
	return ctx, func(outcome string, failed bool) {
		span.SetAttributes(attribute.String("sallyport.message.outcome", outcome))
		if failed {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}
