package secure

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

const strongSecret = "kT9#vQ2@xL7!mZ4$wR8%nB5^yC3&hJ6*"

func TestNewSecretsRefuses(t *testing.T) {
	if _, err := NewSecrets("", nil); !errors.Is(err, ErrNoSecret) {
		t.Errorf("no secret at all: %v", err)
	}
	for name, versions := range map[string][]Version{
		"twice":    {{1, "hush a"}, {1, "hush b"}},
		"empty":    {{1, "hush a"}, {0, ""}},
		"negative": {{-1, "hush a"}},
	} {
		if _, err := NewSecrets("", versions); err == nil || strings.Contains(err.Error(), "hush") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFirstVersionIsCurrent(t *testing.T) {
	s := newSecrets(t, "legacy", Version{1, "first"}, Version{9, "second"})
	if got := string(s.Current()); got != "first" {
		t.Errorf("Current() = %q", got)
	}
}

func TestIsDefault(t *testing.T) {
	for _, c := range []struct {
		secrets *Secrets
		want    bool
	}{
		{newSecrets(t, UpstreamDefault), true},
		{newSecrets(t, strongSecret), false},
		{newSecrets(t, "", Version{2, strongSecret}, Version{1, UpstreamDefault}), true},
		{newSecrets(t, UpstreamDefault, Version{2, strongSecret}), false}, // never used as a legacy secret
	} {
		if got := c.secrets.IsDefault(); got != c.want {
			t.Errorf("IsDefault() = %v, want %v", got, c.want)
		}
	}
}

func TestWarnings(t *testing.T) {
	for secret, want := range map[string]int{
		strongSecret:                       0,
		strongSecret[:31]:                  1, // too short, but varied enough
		strings.Repeat("a", 200):           1, // long, and a single letter
		strings.Repeat("ab", 60):           0, // exactly 120 bits by the estimate
		strings.Repeat("ab", 59) + "a":     1,
		"short":                            2,
		strings.Repeat("\U0001F511", 16):   1, // 32 UTF-16 units, one character
		"kT9vQ2xL7mZ4wR8nB5yC3hJ6pD1sF0gA": 0,
	} {
		if got := newSecrets(t, secret).Warnings(); len(got) != want {
			t.Errorf("%q: %q, want %d warnings", secret, got, want)
		}
	}
}

func TestSecretsNeverPrint(t *testing.T) {
	version := Version{3, "hush"}
	s := newSecrets(t, "hush", version)
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		text := fmt.Sprintf(verb+verb, s, version)
		if strings.Contains(text, "hush") {
			t.Errorf("%s printed %s", verb, text)
		}
	}
	if text := s.LogValue().String() + version.LogValue().String(); strings.Contains(text, "hush") {
		t.Error("a log value shows the secret")
	}
}
