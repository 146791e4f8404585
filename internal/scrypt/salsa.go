package scrypt

import "math/bits"

// The functions of this file and those that mix blocks are left out by the race
// detector: they work on memory that one goroutine has, and watching each access
// makes a hash take ten times as long.

// lane is a part of a block: what Salsa20 works on.
type lane = [16]uint32

// salsa8 gives Salsa20/8 of a lane (RFC 7914, section 3) in its place.
//
//go:norace
func salsa8(x *lane) {
	s0, s1, s2, s3 := x[0], x[1], x[2], x[3]
	s4, s5, s6, s7 := x[4], x[5], x[6], x[7]
	s8, s9, s10, s11 := x[8], x[9], x[10], x[11]
	s12, s13, s14, s15 := x[12], x[13], x[14], x[15]
	for range 4 {
		// The columns, then the rows, each from its place on the diagonal.
		s0, s4, s8, s12 = quarter(s0, s4, s8, s12)
		s5, s9, s13, s1 = quarter(s5, s9, s13, s1)
		s10, s14, s2, s6 = quarter(s10, s14, s2, s6)
		s15, s3, s7, s11 = quarter(s15, s3, s7, s11)
		s0, s1, s2, s3 = quarter(s0, s1, s2, s3)
		s5, s6, s7, s4 = quarter(s5, s6, s7, s4)
		s10, s11, s8, s9 = quarter(s10, s11, s8, s9)
		s15, s12, s13, s14 = quarter(s15, s12, s13, s14)
	}
	x[0], x[1], x[2], x[3] = x[0]+s0, x[1]+s1, x[2]+s2, x[3]+s3
	x[4], x[5], x[6], x[7] = x[4]+s4, x[5]+s5, x[6]+s6, x[7]+s7
	x[8], x[9], x[10], x[11] = x[8]+s8, x[9]+s9, x[10]+s10, x[11]+s11
	x[12], x[13], x[14], x[15] = x[12]+s12, x[13]+s13, x[14]+s14, x[15]+s15
}

// xor is written out, as the compiler does not unroll loops.
//
//go:norace
func xor(to, from *lane) {
	to[0], to[1], to[2], to[3] = to[0]^from[0], to[1]^from[1], to[2]^from[2], to[3]^from[3]
	to[4], to[5], to[6], to[7] = to[4]^from[4], to[5]^from[5], to[6]^from[6], to[7]^from[7]
	to[8], to[9], to[10], to[11] = to[8]^from[8], to[9]^from[9], to[10]^from[10], to[11]^from[11]
	to[12], to[13], to[14], to[15] = to[12]^from[12], to[13]^from[13], to[14]^from[14], to[15]^from[15]
}

// quarter is the step that Salsa20 is made of.
func quarter(a, b, c, d uint32) (uint32, uint32, uint32, uint32) {
	b ^= bits.RotateLeft32(a+d, 7)
	c ^= bits.RotateLeft32(b+a, 9)
	d ^= bits.RotateLeft32(c+b, 13)
	a ^= bits.RotateLeft32(d+c, 18)
	return a, b, c, d
}
