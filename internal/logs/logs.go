// Package logs makes the two logs of the server, which go to one place in one
// form: what happens in it, from a level on that the operator chooses, and one
// line for each request, whatever that level is.
package logs

import (
	"context"
	"io"
	"log/slog"
)

// LevelNotice is for what an operator should see at every start though nothing
// is wrong: where the server listens, what it made up. It is shown as NOTICE.
const LevelNotice = slog.LevelInfo + 2

// New makes both logs. Level is debug, info, warn or error; warn, which is Better
// Auth's default, shows notices too. Format is json, else text.
func New(w io.Writer, level, format string) (log, access *slog.Logger) {
	o := &slog.HandlerOptions{Level: slog.LevelDebug, ReplaceAttr: nameNotice}
	var h slog.Handler = slog.NewTextHandler(w, o)
	if format == "json" {
		h = slog.NewJSONHandler(w, o)
	}
	return slog.New(AtLeast(h, threshold(level))), slog.New(h)
}

// Notice writes a notice.
func Notice(log *slog.Logger, text string, args ...any) {
	log.Log(context.Background(), LevelNotice, text, args...)
}

func threshold(name string) slog.Level {
	var level slog.Level
	if err := level.UnmarshalText([]byte(name)); err != nil || level == slog.LevelWarn {
		return LevelNotice
	}
	return level
}

// nameNotice gives the level its name; slog would write INFO+2.
func nameNotice(groups []string, a slog.Attr) slog.Attr {
	if a.Key == slog.LevelKey && len(groups) == 0 && a.Value.Any() == LevelNotice {
		a.Value = slog.StringValue("NOTICE")
	}
	return a
}

// AtLeast gives a handler that passes on what is as severe as level or more.
func AtLeast(h slog.Handler, level slog.Level) slog.Handler { return atLeast{h, level} }

type atLeast struct {
	slog.Handler
	level slog.Level
}

// Enabled is asked before anything is written.
func (h atLeast) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= h.level && h.Handler.Enabled(ctx, level)
}

// WithAttrs gives a handler of the same level.
func (h atLeast) WithAttrs(attrs []slog.Attr) slog.Handler {
	return atLeast{h.Handler.WithAttrs(attrs), h.level}
}

// WithGroup gives a handler of the same level.
func (h atLeast) WithGroup(name string) slog.Handler {
	return atLeast{h.Handler.WithGroup(name), h.level}
}
