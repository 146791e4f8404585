package secure

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/sallyport-auth/sallyport/internal/scrypt"
)

// stubbed is a Passwords whose hash costs nothing and is the password itself in hex.
func stubbed(t *testing.T) (*Passwords, *atomic.Int32) {
	t.Helper()
	p := NewPasswords(PasswordOptions{Slots: 1})
	t.Cleanup(p.Close)
	var hashes atomic.Int32
	p.derive = func(jobs []*job) (keys [2][]byte, err error) {
		for i, j := range jobs {
			hashes.Add(1)
			keys[i] = []byte(j.password)
		}
		return keys, nil
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
		ends := make(chan struct{})
		go func() {
			_ = p.slots.do(t.Context(), &job{then: func([]byte) { <-ends }})
		}()
		synctest.Wait()
		go func() { _, _ = in(p).Hash(t.Context(), "password", rand.Reader) }()
		go func() { _, _ = in(p).Verify(t.Context(), "salt:00", "password") }()
		go func() { _ = in(p).DummyHash(t.Context(), "password") }()
		synctest.Wait()
		if hashes.Load() != 1 || p.slots.line.len() != 3 {
			t.Errorf("%d hashes, %d in line", hashes.Load(), p.slots.line.len())
		}
		close(ends)
		synctest.Wait()
		if hashes.Load() != 4 {
			t.Errorf("%d hashes after the slot came free", hashes.Load())
		}
	})
}

func TestAPanicGivesTheSlotBack(t *testing.T) {
	p, _ := stubbed(t)
	p.derive = func([]*job) ([2][]byte, error) { panic("broken") }
	for range 2 { // the second one finds the slot free
		func() {
			defer func() {
				if recover() == nil {
					t.Error("nobody hears of it")
				}
			}()
			_ = in(p).DummyHash(t.Context(), "password")
		}()
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

// Whoever is hashed beside another one gets the key of their own password.
func TestNeighboursKeepTheirKeys(t *testing.T) {
	p := NewPasswords(PasswordOptions{Slots: 2, Cost: scrypt.Cost{N: 64, R: 16}})
	defer p.Close()
	var group sync.WaitGroup
	for i := range 60 {
		group.Go(func() {
			place, err := p.Enter(strconv.Itoa(i))
			if err != nil {
				t.Error(err)
				return
			}
			defer place.Leave()
			own := fmt.Sprintf("password %d", i)
			hash, err := place.Hash(t.Context(), own, rand.Reader)
			if err != nil {
				t.Error(err)
			}
			for password, want := range map[string]bool{own: true, "password": false} {
				if ok, err := place.Verify(t.Context(), hash, password); err != nil || ok != want {
					t.Errorf("Verify(%q) with the hash of %q = %v, %v", password, own, ok, err)
				}
			}
		})
	}
	group.Wait()
}
