package logs_test

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/logs"
)

// What is written is what a logger with its own With writes, whatever is done with it.
func TestAttributesLater(t *testing.T) {
	t.Parallel()
	for _, use := range []func(*slog.Logger){
		func(l *slog.Logger) { l.Info("a line", "x", 1) },
		func(l *slog.Logger) { l.With("y", 2).Warn("a line", "x", 1) },
		func(l *slog.Logger) { l.WithGroup("g").Info("a line", "x", 1) },
		func(l *slog.Logger) { l.Debug("too little to be told") },
	} {
		var own, later strings.Builder
		use(lines(&own).With("request", "r1"))
		use(logs.With(lines(&later), slog.String("request", "r1")))
		if own.String() != later.String() {
			t.Errorf("%q in place of %q", later.String(), own.String())
		}
	}
}

// lines is a logger without the time.
func lines(to *strings.Builder) *slog.Logger {
	return slog.New(slog.NewTextHandler(to, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey {
			return slog.Attr{}
		}
		return a
	}}))
}
