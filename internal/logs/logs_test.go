package logs_test

import (
	"encoding/json"
	"log/slog"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/logs"
)

func TestLevels(t *testing.T) {
	t.Parallel()
	for level, want := range map[string]string{
		"debug": "DEBUG INFO NOTICE WARN ERROR", "info": "INFO NOTICE WARN ERROR",
		"warn": "NOTICE WARN ERROR", "": "NOTICE WARN ERROR", "error": "ERROR",
	} {
		for _, format := range []string{"text", "json"} {
			if got := strings.Join(levels(t, level, format), " "); got != want+" INFO" {
				t.Errorf("%s at level %q shows %s, want %s and the request", format, level, got, want)
			}
		}
	}
}

// levels writes one line of each level and a request, and gives the levels shown.
func levels(t *testing.T, level, format string) []string {
	t.Helper()
	var out strings.Builder
	log, access := logs.New(&out, level, format)
	log = log.With("request", "1").WithGroup("g")
	log.Debug("a line")
	log.Info("a line")
	logs.Notice(log, "a line", "level", logs.LevelNotice)
	log.Warn("a line")
	log.Error("a line")
	access.Info("request")
	var shown []string
	for line := range strings.Lines(out.String()) {
		var entry struct{ Level string }
		if format == "json" {
			if err := json.Unmarshal([]byte(line), &entry); err != nil {
				t.Errorf("%v: %s", err, line)
			}
		} else {
			_, rest, _ := strings.Cut(line, " level=")
			entry.Level, _, _ = strings.Cut(rest, " ")
		}
		shown = append(shown, entry.Level)
	}
	return shown
}

func TestAtLeastKeepsToItsHandler(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	inner := slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelError})
	log := slog.New(logs.AtLeast(inner, slog.LevelWarn)).With("a", 1).WithGroup("g")
	log.Warn("unwanted")
	log.Error("wanted", "b", 2)
	if got := out.String(); strings.Contains(got, "unwanted") || !strings.Contains(got, "msg=wanted a=1 g.b=2") {
		t.Error(got)
	}
}
