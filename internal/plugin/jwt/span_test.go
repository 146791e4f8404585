package jwt

import (
	"encoding/json"
	"os"
	"testing"
)

// TestSpansAsTheOriginal compares with what utils/time.mjs of Better Auth
// 1.7.25 gave for the same texts; null is a refusal there.
func TestSpansAsTheOriginal(t *testing.T) {
	text, err := os.ReadFile("testdata/spans.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Span    string
		Seconds any
	}
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		got, err := parseSpan(c.Span)
		want, ok := c.Seconds.(float64)
		if ok && want > maxSpan {
			ok = false // ours: a thousand years are enough
		}
		switch {
		case !ok && err == nil:
			t.Errorf("%q gives %d, want a refusal", c.Span, got)
		case ok && err != nil:
			t.Errorf("%q: %v, want %v", c.Span, err, want)
		case ok && float64(got) != want:
			t.Errorf("%q gives %d, want %v", c.Span, got, want)
		}
	}
}

func FuzzParseSpan(f *testing.F) {
	for _, seed := range []string{"15m", "-1.5 hours", "2 days ago", "1e9y", "9999999999999y", "5\u017f"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if n, err := parseSpan(text); err == nil && (n > maxSpan || n < -maxSpan) {
			t.Errorf("%q gives %d seconds", text, n)
		}
	})
}
