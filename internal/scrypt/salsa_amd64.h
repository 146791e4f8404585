// Salsa20/8 with the vector unit, for whoever has named its registers: a lane is in
// L0 to L3, the work is done in R0 to R3, and S and T are spare. They are as wide as
// as many lanes of different keys as are mixed side by side.
//
// A lane lies in the order of diagonals: L0 holds the words 0, 5, 10, 15, L1 the
// words 4, 9, 14, 3, and so on. So the four quarter rounds of a half are one
// instruction each, and turning R1 to R3 takes columns to rows.

// STEP is a ^= (b + c) <<< n for all words at once; m is 32 - n.
#define STEP(a, b, c, n, m) \
	VPADDD b, c, S  \
	VPSLLD $n, S, T \
	VPSRLD $m, S, S \
	VPXOR  T, a, a  \
	VPXOR  S, a, a

#define DOUBLE_ROUND \
	STEP(R1, R0, R3, 7, 25)   \
	STEP(R2, R1, R0, 9, 23)   \
	STEP(R3, R2, R1, 13, 19)  \
	STEP(R0, R3, R2, 18, 14)  \
	VPSHUFD $0x93, R1, R1     \
	VPSHUFD $0x4E, R2, R2     \
	VPSHUFD $0x39, R3, R3     \
	STEP(R3, R0, R1, 7, 25)   \
	STEP(R2, R3, R0, 9, 23)   \
	STEP(R1, R2, R3, 13, 19)  \
	STEP(R0, R1, R2, 18, 14)  \
	VPSHUFD $0x39, R1, R1     \
	VPSHUFD $0x4E, R2, R2     \
	VPSHUFD $0x93, R3, R3

// SALSA8 is Salsa20/8 of the lane, in its place.
#define SALSA8 \
	VMOVDQA L0, R0    \
	VMOVDQA L1, R1    \
	VMOVDQA L2, R2    \
	VMOVDQA L3, R3    \
	DOUBLE_ROUND      \
	DOUBLE_ROUND      \
	DOUBLE_ROUND      \
	DOUBLE_ROUND      \
	VPADDD R0, L0, L0 \
	VPADDD R1, L1, L1 \
	VPADDD R2, L2, L2 \
	VPADDD R3, L3, L3
