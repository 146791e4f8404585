package secure

import (
	"context"
	"crypto/rand"
	"errors"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// stubbed is a Passwords whose hash costs nothing and is the password itself in hex.
func stubbed(t *testing.T) (*Passwords, *atomic.Int32) {
	t.Helper()
	p := NewPasswords(PasswordOptions{Slots: 1})
	t.Cleanup(p.Close)
	var hashes atomic.Int32
	p.derive = func(password, _ string) ([]byte, error) {
		hashes.Add(1)
		return []byte(password), nil
	}
	return p, &hashes
}

// in gives a place that nobody leaves.
func in(p *Passwords) *Place {
	place, err := p.Enter("192.0.2.1")
	if err != nil {
		panic(err)
	}
	return place
}

func TestHashAndVerify(t *testing.T) {
	p := NewPasswords(PasswordOptions{})
	defer p.Close()
	hash, err := in(p).Hash(t.Context(), "p\u00e4ssword", rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^[0-9a-f]{32}:[0-9a-f]{128}$`).MatchString(hash) {
		t.Errorf("hash %q", hash)
	}
	for password, want := range map[string]bool{"p\u00e4ssword": true, "pa\u0308ssword": true, "password": false} {
		if ok, err := in(p).Verify(t.Context(), hash, password); err != nil || ok != want {
			t.Errorf("Verify(%q) = %v, %v", password, ok, err)
		}
	}
}

func TestHashNeedsRandomness(t *testing.T) {
	p, hashes := stubbed(t)
	if _, err := in(p).Hash(t.Context(), "password", strings.NewReader("short")); err == nil || hashes.Load() != 0 {
		t.Errorf("%v, %d hashes", err, hashes.Load())
	}
}

func TestStoredHashForms(t *testing.T) {
	p, hashes := stubbed(t)
	for stored, want := range map[string]struct {
		ok  bool
		err error
	}{
		"salt:6869":       {true, nil},
		"salt:6869:extra": {true, nil}, // as Better Auth: the rest is ignored
		"salt:686A":       {false, nil},
		"salt:6869 ":      {false, nil},
		"":                {false, ErrMalformedHash},
		":":               {false, ErrMalformedHash},
		":6869":           {false, ErrMalformedHash},
		"salt:":           {false, ErrMalformedHash},
		"salt::6869":      {false, ErrMalformedHash},
		"$2b$10$abcdefgh": {false, ErrMalformedHash},
	} {
		before := hashes.Load()
		if ok, err := in(p).Verify(t.Context(), stored, "hi"); ok != want.ok || !errors.Is(err, want.err) {
			t.Errorf("Verify(%q) = %v, %v", stored, ok, err)
		}
		if hashes.Load() != before+1 {
			t.Errorf("Verify(%q) did %d hashes", stored, hashes.Load()-before)
		}
	}
}

func TestNothingIsHashedForADeadContext(t *testing.T) {
	p, hashes := stubbed(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, hashErr := in(p).Hash(ctx, "password", rand.Reader)
	_, verifyErr := in(p).Verify(ctx, "salt:00", "password")
	_, malformedErr := in(p).Verify(ctx, "broken", "password")
	for _, err := range []error{hashErr, verifyErr, malformedErr, in(p).DummyHash(ctx, "password")} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	}
	if hashes.Load() != 0 {
		t.Errorf("%d hashes", hashes.Load())
	}
}

func TestEveryHashTakesASlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p, hashes := stubbed(t)
		if err := p.slots.acquire(t.Context(), ""); err != nil {
			t.Fatal(err)
		}
		go func() { _, _ = in(p).Hash(t.Context(), "password", rand.Reader) }()
		go func() { _, _ = in(p).Verify(t.Context(), "salt:00", "password") }()
		go func() { _ = in(p).DummyHash(t.Context(), "password") }()
		synctest.Wait()
		if hashes.Load() != 0 || p.slots.line.len() != 3 {
			t.Errorf("%d hashes, %d in line", hashes.Load(), p.slots.line.len())
		}
		p.slots.release(0)
		synctest.Wait()
		if hashes.Load() != 3 {
			t.Errorf("%d hashes after the slot came free", hashes.Load())
		}
	})
}

func TestAPanicGivesTheSlotBack(t *testing.T) {
	p, _ := stubbed(t)
	p.derive = func(string, string) ([]byte, error) { panic("broken") }
	func() {
		defer func() { _ = recover() }()
		_ = in(p).DummyHash(t.Context(), "password")
	}()
	if p.slots.busy != 0 {
		t.Error("the slot is lost")
	}
}

func TestDefaultSlots(t *testing.T) {
	for cores, want := range map[int]int{1: 1, 2: 2, 3: 2, 16: 15} {
		if got := defaultSlots(cores); got != want {
			t.Errorf("%d cores: %d slots, want %d", cores, got, want)
		}
	}
}

func BenchmarkHash(b *testing.B) {
	p := NewPasswords(PasswordOptions{})
	defer p.Close()
	for b.Loop() {
		if err := in(p).DummyHash(b.Context(), "correct horse battery"); err != nil {
			b.Fatal(err)
		}
	}
}
