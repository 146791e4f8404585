package secure

import (
	"strings"
	"sync"
	"testing"
)

func TestVerifyRefuses(t *testing.T) {
	s := newSecrets(t, strongSecret)
	good := s.Sign("value")
	signature := strings.TrimPrefix(good, "value.")
	other := newSecrets(t, strongSecret+"x").Sign("value")
	for name, signed := range map[string]string{
		"empty":             "",
		"no dot":            "value" + signature,
		"empty value":       s.Sign(""),
		"only a signature":  "." + signature,
		"another value":     "valuf." + signature,
		"another secret":    other,
		"padding missing":   strings.TrimSuffix(good, "="),
		"padding doubled":   good[:len(good)-2] + "==",
		"padding too long":  good + "=",
		"signature missing": "value.",
		"urlsafe alphabet":  "value." + strings.Repeat("-", 43) + "=",
		"line break inside": "value." + signature[:42] + "\n=",
		"part appended":     good + "." + signature,
		"still encoded":     strings.ReplaceAll(good, "=", "%3D"),
	} {
		if value, ok := s.Verify(signed); ok {
			t.Errorf("%s: accepted as %q", name, value)
		}
	}
}

func TestVerifyAfterRotation(t *testing.T) {
	before := newSecrets(t, "", Version{1, "older"})
	after := newSecrets(t, "older", Version{2, "newer"}, Version{1, "older"})
	if _, ok := after.Verify(before.Sign("value")); ok {
		t.Error("a value signed with an earlier secret was accepted")
	}
}

func TestSignFromManyGoroutines(t *testing.T) {
	s := newSecrets(t, strongSecret)
	want := s.Sign("value")
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 200 {
				if got := s.Sign("value"); got != want {
					t.Errorf("Sign = %q, want %q", got, want)
				}
			}
		})
	}
	group.Wait()
}

func FuzzVerify(f *testing.F) {
	s := newSecrets(f, strongSecret)
	for _, seed := range []string{"", ".", "a.b", "value", s.Sign("value"), s.Sign("a.b"), s.Sign("\xff%"), s.Sign("")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		// Accepted text carries our signature, up to the bits that base64 padding leaves unused.
		if value, ok := s.Verify(text); ok && (value == "" || s.Sign(value)[:len(text)-2] != text[:len(text)-2]) {
			t.Errorf("accepted %q", text)
		}
		if value, ok := s.Verify(s.Sign(text)); text != "" && (!ok || value != text) {
			t.Errorf("%q came back as %q, %v", text, value, ok)
		}
	})
}

func BenchmarkVerify(b *testing.B) {
	s := newSecrets(b, strongSecret)
	signed := s.Sign("AbCdEfGhIjKlMnOpQrStUvWxYz012345")
	b.ReportAllocs()
	for b.Loop() {
		s.Verify(signed)
	}
}
