package scrypt

// order tells which word of a lane is where: as they are numbered, or for the
// vector unit by diagonals.
func order() *[16]int {
	if vectors {
		return &diagonals
	}
	return &numbered
}

var (
	numbered  = [16]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	diagonals = [16]int{0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11}
)

// mixBlock is scryptBlockMix (RFC 7914, section 4): even lanes of the result come
// first, odd ones after them.
//
//go:norace
func mixBlock(to, from []lane) {
	half := len(from) / 2
	if vectors {
		mixBlockVector(&to[0], &from[0], half)
		return
	}
	x := from[len(from)-1]
	for i := range half {
		xor(&x, &from[2*i])
		salsa8(&x)
		to[i] = x
		xor(&x, &from[2*i+1])
		salsa8(&x)
		to[half+i] = x
	}
}

// mixBoth is mixBlock of one block xor another.
//
//go:norace
func mixBoth(to, from, other []lane) {
	half := len(from) / 2
	if vectors {
		mixBothVector(&to[0], &from[0], &other[0], half)
		return
	}
	x := from[len(from)-1]
	xor(&x, &other[len(other)-1])
	for i := range half {
		xor(&x, &from[2*i])
		xor(&x, &other[2*i])
		salsa8(&x)
		to[i] = x
		xor(&x, &from[2*i+1])
		xor(&x, &other[2*i+1])
		salsa8(&x)
		to[half+i] = x
	}
}
