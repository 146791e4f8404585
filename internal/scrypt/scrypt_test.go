package scrypt

import (
	"bytes"
	"encoding/hex"
	"errors"
	"math/rand/v2"
	"testing"

	original "golang.org/x/crypto/scrypt"
)

func newArea(t testing.TB, cost Cost) *Area {
	t.Helper()
	a, err := NewArea(cost)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Free() })
	return a
}

// The vectors of RFC 7914, section 12, with a parallelization of 1.
func TestVectors(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		password, salt string
		cost           Cost
		want           string
	}{
		{"", "", Cost{N: 16, R: 1}, "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"},
		{"pleaseletmein", "SodiumChloride", Cost{N: 16384, R: 8}, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"},
	} {
		got, err := newArea(t, tt.cost).Key(tt.password, []byte(tt.salt), 64)
		if err != nil || hex.EncodeToString(got) != tt.want {
			t.Errorf("%q with %+v: %x %v", tt.password, tt.cost, got, err)
		}
	}
}

// One area after another key, whatever was in it, gives what the library gives.
func TestKeysAreThoseOfTheLibrary(t *testing.T) {
	t.Parallel()
	random := rand.NewChaCha8([32]byte{1})
	text := func(most int) []byte {
		b := make([]byte, random.Uint64()%uint64(most))
		_, _ = random.Read(b)
		return b
	}
	for _, cost := range []Cost{{2, 1}, {4, 3}, {64, 8}, {1024, 16}, {16384, 16}} {
		a := newArea(t, cost)
		for range max(1, 6-cost.N/4096) {
			password, salt, length := text(100), text(40), int(random.Uint64()%100)+1
			want, err := original.Key(password, salt, cost.N, cost.R, 1, length)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := a.Key(string(password), salt, length); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%+v, password %x, salt %x: %x %v, want %x", cost, password, salt, got, err, want)
			}
		}
	}
}

func TestCostsThatThereAreNot(t *testing.T) {
	t.Parallel()
	for _, cost := range []Cost{{}, {1, 1}, {3, 1}, {-2, 1}, {16, 0}, {16, -1}, {1 << 40, 1}, {2, 1 << 40}} {
		if a, err := NewArea(cost); err == nil {
			_ = a.Free()
			t.Errorf("%+v is accepted", cost)
		}
	}
}

func TestAFreedAreaMakesNoKeys(t *testing.T) {
	t.Parallel()
	a := newArea(t, Cost{N: 16, R: 1})
	if err := a.Free(); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Key("x", nil, 1); !errors.Is(err, errFreed) {
		t.Errorf("it gives %v", err)
	}
	if err := a.Free(); err != nil {
		t.Errorf("freed again: %v", err)
	}
}

// The cost is Better Auth's. A pair is two keys.
func BenchmarkKey(b *testing.B) {
	b.Run("here", func(b *testing.B) {
		a := newArea(b, Cost{N: 16384, R: 16})
		for b.Loop() {
			if _, err := a.Key("correct horse", []byte("salt"), 64); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("pair", func(b *testing.B) {
		one, two := newArea(b, Cost{N: 16384, R: 16}), newArea(b, Cost{N: 16384, R: 16})
		for b.Loop() {
			if _, _, err := Pair(one, two, Secret{"correct horse", []byte("salt")}, Secret{"battery staple", []byte("pepper")}, 64); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("library", func(b *testing.B) {
		for b.Loop() {
			if _, err := original.Key([]byte("correct horse"), []byte("salt"), 16384, 16, 1, 64); err != nil {
				b.Fatal(err)
			}
		}
	})
}
