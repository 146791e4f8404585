//go:build !purego

package scrypt

import "golang.org/x/sys/cpu"

// vectors is whether blocks are mixed by the vector unit.
var vectors = cpu.X86.HasAVX

// The vector unit works on the words of a lane in the order of diagonals. Both
// functions write half lanes, then half more, and read as many.

//go:noescape
func mixBlockVector(to, from *lane, half int)

//go:noescape
func mixBothVector(to, from, other *lane, half int)
