package logs

import (
	"context"
	"log/slog"
)

// With gives a logger that writes attributes with each line, as its own With does, for a logger that
// seldom writes one: nothing is made ready before that.
func With(log *slog.Logger, attrs ...slog.Attr) *slog.Logger {
	return slog.New(&later{log.Handler(), attrs})
}

type later struct {
	slog.Handler
	attrs []slog.Attr
}

// Handle writes the attributes before those of the line.
func (h *later) Handle(ctx context.Context, line slog.Record) error {
	return h.now().Handle(ctx, line)
}

// WithAttrs gives a handler that has both.
func (h *later) WithAttrs(attrs []slog.Attr) slog.Handler { return h.now().WithAttrs(attrs) }

// WithGroup gives a handler whose attributes are outside the group.
func (h *later) WithGroup(name string) slog.Handler { return h.now().WithGroup(name) }

func (h *later) now() slog.Handler { return h.Handler.WithAttrs(h.attrs) }
