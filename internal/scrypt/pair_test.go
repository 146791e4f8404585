package scrypt

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
)

// Each key of a pair is the one that its secret has alone, whatever its neighbour is,
// and whatever was made in the areas before.
func TestAPairIsTwoKeys(t *testing.T) {
	t.Parallel()
	for _, cost := range []Cost{{2, 1}, {4, 3}, {64, 8}, {1024, 16}, {16384, 16}} {
		alone, a, b := newArea(t, cost), newArea(t, cost), newArea(t, cost)
		for i := range 3 {
			first := Secret{fmt.Sprintf("first %d", i), []byte("salt")}
			second := Secret{"second", fmt.Appendf(nil, "salt %d", i)}
			one, two, err := Pair(a, b, first, second, 40+i)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range []struct {
				Secret
				key []byte
			}{{first, one}, {second, two}} {
				if want, err := alone.Key(s.Password, s.Salt, 40+i); err != nil || !bytes.Equal(s.key, want) {
					t.Errorf("%+v, %q: %x, alone %x %v", cost, s.Password, s.key, want, err)
				}
			}
			a, b = b, a
		}
	}
}

func TestPairsThatThereAreNot(t *testing.T) {
	t.Parallel()
	a, other := newArea(t, Cost{N: 16, R: 1}), newArea(t, Cost{N: 16, R: 2})
	for _, b := range []*Area{a, other} {
		if _, _, err := Pair(a, b, Secret{}, Secret{}, 1); !errors.Is(err, errCosts) {
			t.Errorf("%+v and %+v: %v", a.cost, b.cost, err)
		}
	}
	freed := newArea(t, Cost{N: 16, R: 1})
	_ = freed.Free()
	for _, areas := range [][2]*Area{{a, freed}, {freed, a}} {
		if _, _, err := Pair(areas[0], areas[1], Secret{}, Secret{}, 1); !errors.Is(err, errFreed) {
			t.Errorf("a freed area: %v", err)
		}
	}
}
