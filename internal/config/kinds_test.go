package config

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

func TestASecretNeverPrints(t *testing.T) {
	secret := NewSecret("hunter2")
	holder := struct {
		Secret  Secret
		Pointer *Secret
		hidden  Secret
		byKey   map[string]Secret
	}{secret, &secret, secret, map[string]Secret{"x": secret}}
	var log strings.Builder
	logger := slog.New(slog.NewTextHandler(&log, nil))
	logger.Info("x", "secret", secret, "pointer", &secret, "holder", holder)
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "secret", secret, "holder", holder)
	text, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	printed := fmt.Sprint(secret, &secret, holder, []Secret{secret}) + log.String() + string(text)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		printed += fmt.Sprintf(verb, secret) + fmt.Sprintf(verb, holder)
	}
	if strings.Contains(printed, "hunter2") || strings.Contains(printed, "68756e746572") || !strings.Contains(printed, "[redacted]") {
		t.Error(printed)
	}
	if secret.Reveal() != "hunter2" || secret.IsZero() || !(Secret{}).IsZero() {
		t.Error("the secret itself is lost")
	}
}

func TestDurations(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0": 0, "900": 15 * time.Minute, "-5": -5 * time.Second, "15m": 15 * time.Minute, "7d": 168 * time.Hour,
		"2 w": 336 * time.Hour, "500ms": 500 * time.Millisecond, "30s": 30 * time.Second, "1h": time.Hour,
	} {
		if got, err := ParseDuration(text); err != nil || got.Std() != want {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "m", "1.5h", "1h30m", "15M", "-1h", "1y", "99999999999", "999999999w", "9223372036854775807", " 5"} {
		if got, err := ParseDuration(text); err == nil {
			t.Errorf("%q was read as %v", text, got)
		}
	}
}

func TestNearest(t *testing.T) {
	candidates := []string{"session", "session.expiresIn", "session.updateAge", "jwks.keyPairConfig", "url"}
	for name, want := range map[string]string{
		"sesion": "session", "session.expireIn": "session.expiresIn", "expiresin": "session.expiresIn",
		"updaetAge": "session.updateAge", "URL": "url", "u": "", "uri": "url", "somethingElse": "", "": "",
		strings.Repeat("x", 1000): "",
	} {
		if got := nearest(name, candidates); got != want {
			t.Errorf("%.20q: %q", name, got)
		}
	}
}
