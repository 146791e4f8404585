package config

import (
	"fmt"
	"io"
	"log/slog"
)

// redacted is what every secret prints as, whatever the verb or the encoder.
const redacted = "[redacted]"

// Secret is a text that must not reach a log, an error or a dump. Everything that prints it by itself,
// fmt with any verb, encoding/json and slog among them, writes [redacted]; Reveal gives the text.
// Secrets are not to be compared with ==.
type Secret struct {
	// A pointer, because fmt prints the fields of a secret in somebody's unexported field without asking
	// Format; of a pointer it prints the address.
	text *string
}

// NewSecret wraps a text.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{text: &text}
}

// Reveal returns the text itself. The caller keeps it out of logs and errors.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// IsZero reports whether the secret is empty, which is the same as not set.
func (s Secret) IsZero() bool { return s.text == nil }

// Format writes [redacted] for every verb and flag.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String returns [redacted].
func (s Secret) String() string { return redacted }

// MarshalText returns [redacted], for encoding/json and its like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// LogValue returns [redacted], for slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }
