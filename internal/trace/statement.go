package trace

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"
)

// longWait is how long a wait must be for a span of its own.
const longWait = time.Millisecond

// Statements gives what tells pgx's statements to the Tracer; nil, which costs
// pgx nothing, for a nil one. A statement that belongs to no traced work, such as
// the outbox's look for messages, makes no span.
func (t *Tracer) Statements() pgx.QueryTracer {
	if t == nil {
		return nil
	}
	return statements{t}
}

type statements struct{ t *Tracer }

type spanKey struct{}

// TraceQueryStart begins the span of a statement.
func (s statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return ctx
	}
	name, operation := describe(q.SQL)
	ctx, span := s.t.spans.Start(ctx, name, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		semconv.DBSystemNamePostgreSQL, semconv.DBOperationName(operation), semconv.DBQuerySummary(name)))
	return context.WithValue(ctx, spanKey{}, span)
}

// TraceQueryEnd ends it. Of an error only the code is told: its text may hold
// what was to be stored.
func (s statements) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryEndData) {
	span, _ := ctx.Value(spanKey{}).(trace.Span)
	if span == nil {
		return
	}
	defer span.End()
	if q.Err == nil || errors.Is(q.Err, pgx.ErrNoRows) {
		return
	}
	span.SetStatus(codes.Error, "")
	var coded *pgconn.PgError
	if errors.As(q.Err, &coded) {
		span.SetAttributes(semconv.DBResponseStatusCode(coded.Code), semconv.ErrorTypeKey.String(coded.Code))
		return
	}
	span.SetAttributes(semconv.ErrorTypeKey.String("connection"))
}

type acquireKey struct{}

// TraceAcquireStart notes when the wait for a connection begins.
func (s statements) TraceAcquireStart(ctx context.Context, _ *pgxpool.Pool, _ pgxpool.TraceAcquireStartData) context.Context {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return ctx
	}
	return context.WithValue(ctx, acquireKey{}, time.Now())
}

// TraceAcquireEnd makes a span of a wait that was long.
func (s statements) TraceAcquireEnd(ctx context.Context, _ *pgxpool.Pool, a pgxpool.TraceAcquireEndData) {
	if began, ok := ctx.Value(acquireKey{}).(time.Time); ok && (a.Err != nil || time.Since(began) >= longWait) {
		s.t.past(ctx, "wait for a connection", began, time.Now(), a.Err != nil)
	}
}

// past makes a span of what is over.
func (t *Tracer) past(ctx context.Context, name string, from, to time.Time, failed bool) {
	if t == nil || !trace.SpanFromContext(ctx).IsRecording() {
		return
	}
	_, span := t.spans.Start(ctx, name, trace.WithTimestamp(from))
	if failed {
		span.SetStatus(codes.Error, "")
	}
	span.End(trace.WithTimestamp(to))
}

// describe gives the name of a statement and what it does: that of the query that
// sqlc has named, else its first word and the table.
func describe(sql string) (name, operation string) {
	if rest, ok := strings.CutPrefix(sql, "-- name: "); ok {
		name, rest, _ = strings.Cut(rest, " ")
		_, sql, _ = strings.Cut(rest, "\n")
	}
	for strings.HasPrefix(sql, "--") { // the comment above a query
		_, sql, _ = strings.Cut(sql, "\n")
	}
	words := strings.Fields(sql)
	if len(words) == 0 {
		return "statement", ""
	}
	operation = strings.ToUpper(words[0])
	if name != "" {
		return name, operation
	}
	for i, word := range words[:len(words)-1] {
		if w := strings.ToLower(word); w == "from" || w == "into" || i == 0 && w == "update" {
			return operation + " " + strings.Trim(words[i+1], `"(,;`), operation
		}
	}
	return operation, operation
}
