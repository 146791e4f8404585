package main

import (
	"io"
	"log/slog"

	"github.com/sallyport-auth/sallyport/internal/server"
)

// newLogger makes the logger that the configuration asks for.
func newLogger(w io.Writer, cfg *server.Config) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(cfg.Logger.Level)); err != nil {
		level = slog.LevelWarn
	}
	o := &slog.HandlerOptions{Level: level}
	if cfg.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}
