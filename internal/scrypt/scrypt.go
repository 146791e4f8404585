// Package scrypt derives keys from passwords (RFC 7914) in memory that is used
// again.
//
// golang.org/x/crypto/scrypt gives the same keys, and the tests hold this package
// to it. It takes fresh memory from the garbage collector for each key: 32 MiB
// with Better Auth's cost, which a server under a flood of sign-ins then holds
// several times over. Here an Area stands outside the collector's sight, and one
// key is made in it after another.
//
// On amd64 blocks are mixed by the vector unit (AVX), in assembly that does what
// the portable code does, in less than half the time; with AVX2 two keys are made
// side by side in hardly more. The build tag purego leaves both out.
//
// Not here: parallelization (p) above 1, which no caller has.
package scrypt

import (
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
)

// Cost says how much work and memory a key takes.
type Cost struct {
	N int // rounds, a power of two above 1
	R int // size of a block, in units of 128 bytes
}

// Memory is how many bytes a key takes while it is made.
func (c Cost) Memory() int64 { return 128 * int64(c.N) * int64(c.R) }

// lanes is the length of a block.
func (c Cost) lanes() int { return 2 * c.R }

// check refuses a cost that the algorithm does not have, or that no machine could
// pay.
func (c Cost) check() error {
	const most = 1 << 24 // lanes, 1 GiB
	if c.N < 2 || bits.OnesCount(uint(c.N)) != 1 || c.R < 1 || c.R > most/2 || c.N > most/c.lanes() {
		return fmt.Errorf("scrypt: no such cost: N %d, r %d", c.N, c.R)
	}
	return nil
}

var errFreed = errors.New("scrypt: the area is freed")

// Area is the memory that one key at a time is made in. It is not safe for
// concurrent use.
type Area struct {
	cost   Cost
	memory []lane // N blocks
	block  []lane // the one that is mixed, and
	mixed  []lane // where its mix goes
}

// NewArea takes the memory for keys of a cost from the system. It must be freed.
func NewArea(cost Cost) (*Area, error) {
	if err := cost.check(); err != nil {
		return nil, err
	}
	memory, err := allocate(cost.N * cost.lanes())
	if err != nil {
		return nil, fmt.Errorf("scrypt: %w", err)
	}
	return &Area{cost: cost, memory: memory, block: make([]lane, cost.lanes()), mixed: make([]lane, cost.lanes())}, nil
}

// Free gives the memory back to the system. The area makes no further keys.
func (a *Area) Free() error {
	memory := a.memory
	a.memory = nil
	return free(memory)
}

// Key derives a key of length bytes. What it leaves in the area is overwritten by
// the next key.
func (a *Area) Key(password string, salt []byte, length int) ([]byte, error) {
	if err := a.seed(password, salt); err != nil {
		return nil, err
	}
	a.mix()
	return a.derive(password, length)
}

// seed fills the block from a password and its salt.
func (a *Area) seed(password string, salt []byte) error {
	if a.memory == nil {
		return errFreed
	}
	seed, err := pbkdf2.Key(sha256.New, password, salt, 1, 64*a.cost.lanes())
	if err != nil {
		return fmt.Errorf("scrypt: %w", err)
	}
	for i := range a.block {
		for j, word := range order() {
			a.block[i][j] = binary.LittleEndian.Uint32(seed[64*i+4*word:])
		}
	}
	return nil
}

// derive makes the key from the mixed block.
func (a *Area) derive(password string, length int) ([]byte, error) {
	salt := make([]byte, 64*a.cost.lanes())
	for i := range a.block {
		for j, word := range order() {
			binary.LittleEndian.PutUint32(salt[64*i+4*word:], a.block[i][j])
		}
	}
	return pbkdf2.Key(sha256.New, password, salt, 1, length)
}

// mix is scryptROMix (RFC 7914, section 5) of the block, in its place.
func (a *Area) mix() {
	copy(a.at(0), a.block)
	for i := 1; i < a.cost.N; i++ {
		mixBlock(a.at(i), a.at(i-1))
	}
	mixBlock(a.block, a.at(a.cost.N-1))
	for range a.cost.N {
		mixBoth(a.mixed, a.block, a.chosen())
		a.block, a.mixed = a.mixed, a.block
	}
}

// at is block i of the memory.
func (a *Area) at(i int) []lane {
	lanes := a.cost.lanes()
	return a.memory[i*lanes : (i+1)*lanes]
}

// chosen is the block of the memory that the mixed one asks for. The first word of
// a lane is the first in either order.
func (a *Area) chosen() []lane {
	return a.at(int(a.block[len(a.block)-1][0]) & (a.cost.N - 1))
}
