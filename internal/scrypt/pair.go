package scrypt

import "errors"

var errCosts = errors.New("scrypt: a pair of areas with different costs")

// Pairs tells whether this processor makes a Pair of keys in much less time than
// two keys. Where it does not, Pair is of no use.
func Pairs() bool { return pairs }

// Secret is what a key is derived from.
type Secret struct {
	Password string
	Salt     []byte
}

// Pair derives the keys of two secrets side by side, each in an area of its own, both
// of one cost. An error means that there is none of either.
func Pair(a, b *Area, first, second Secret, length int) (one, two []byte, err error) {
	if a.cost != b.cost || a == b {
		return nil, nil, errCosts
	}
	if err := errors.Join(a.seed(first.Password, first.Salt), b.seed(second.Password, second.Salt)); err != nil {
		return nil, nil, err
	}
	mixPair(a, b)
	one, err = a.derive(first.Password, length)
	if err != nil {
		return nil, nil, err
	}
	two, err = b.derive(second.Password, length)
	return one, two, err
}

// mixPair is mix of two areas: their chains of steps have nothing to wait for in one
// another.
func mixPair(a, b *Area) {
	if !pairs {
		a.mix()
		b.mix()
		return
	}
	half, last := a.cost.R, a.cost.N-1
	copy(a.at(0), a.block)
	copy(b.at(0), b.block)
	for i := range last {
		mixBlockPair(&a.at(i + 1)[0], &a.at(i)[0], &b.at(i + 1)[0], &b.at(i)[0], half)
	}
	mixBlockPair(&a.block[0], &a.at(last)[0], &b.block[0], &b.at(last)[0], half)
	for range a.cost.N {
		mixBothPair(&a.mixed[0], &a.block[0], &a.chosen()[0], &b.mixed[0], &b.block[0], &b.chosen()[0], half)
		a.block, a.mixed = a.mixed, a.block
		b.block, b.mixed = b.mixed, b.block
	}
}
