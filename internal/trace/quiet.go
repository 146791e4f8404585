package trace

import (
	"context"
	"log/slog"
	"sync"
	"time"

	sdk "go.opentelemetry.io/otel/sdk/trace"
)

// logEvery is how often at most the log tells that a collector takes no traces.
const logEvery = time.Minute

// quiet is an exporter that logs its failures now and then. Spans that could not
// be sent are gone; no request waits for them.
type quiet struct {
	sdk.SpanExporter
	log *slog.Logger

	mu     sync.Mutex
	told   time.Time
	untold int // spans lost since
}

// ExportSpans sends spans, in the background.
func (q *quiet) ExportSpans(ctx context.Context, spans []sdk.ReadOnlySpan) error {
	if err := q.SpanExporter.ExportSpans(ctx, spans); err != nil {
		q.tell(err, len(spans))
	}
	return nil
}

func (q *quiet) tell(err error, lost int) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.untold += lost
	if now := time.Now(); now.Sub(q.told) >= logEvery {
		q.log.Warn("traces could not be sent and are lost", "error", err, "spans", q.untold)
		q.told, q.untold = now, 0
	}
}
