package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/sallyport-auth/sallyport/internal/server"
)

func TestLogLevelAndFormat(t *testing.T) {
	for level, want := range map[string]string{
		"debug": "debug info warn error", "info": "info warn error", "warn": "warn error", "error": "error",
	} {
		text, asJSON := logged(t, "LOG_LEVEL="+level), logged(t, "LOG_LEVEL="+level, "LOG_FORMAT=json")
		for _, message := range []string{"debug", "info", "warn", "error"} {
			shown := strings.Contains(" "+want+" ", " "+message+" ")
			if strings.Contains(text, "msg="+message+"\n") != shown || strings.Contains(asJSON, `"msg":"`+message+`"`) != shown {
				t.Errorf("level %s: message %s, want shown %t:\n%s%s", level, message, shown, text, asJSON)
			}
		}
		for line := range strings.Lines(asJSON) {
			if !json.Valid([]byte(line)) {
				t.Errorf("not JSON: %s", line)
			}
		}
	}
}

// logged gives what a logger writes of one message at each level.
func logged(t *testing.T, environment ...string) string {
	t.Helper()
	cfg, err := server.ParseConfig("", environment)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	log := newLogger(&out, cfg)
	log.Debug("debug")
	log.Info("info")
	log.Warn("warn")
	log.Error("error")
	return out.String()
}
