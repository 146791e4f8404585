//go:build !purego

package scrypt

import "golang.org/x/sys/cpu"

// vectors is whether blocks are mixed by the vector unit.
var vectors = cpu.X86.HasAVX

// pairs is whether it mixes two at once.
var pairs = cpu.X86.HasAVX2

// The vector unit works on the words of a lane in the order of diagonals. The
// functions of one block write half lanes, then half more, and read as many; those
// of a pair do so twice.

//go:noescape
func mixBlockVector(to, from *lane, half int)

//go:noescape
func mixBothVector(to, from, other *lane, half int)

//go:noescape
func mixBlockPair(to, from, to2, from2 *lane, half int)

//go:noescape
func mixBothPair(to, from, other, to2, from2, other2 *lane, half int)
