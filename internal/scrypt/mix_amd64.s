//go:build !purego

#include "textflag.h"

// A lane is in four registers, X0 to X3, in the order of diagonals: X0 holds the
// words 0, 5, 10, 15, X1 the words 4, 9, 14, 3, and so on. So the four quarter
// rounds of a half are one instruction each, and turning X1 to X3 takes columns to
// rows.

// STEP is a ^= (b + c) <<< n for four words at once; m is 32 - n.
#define STEP(a, b, c, n, m) \
	VPADDD b, c, X4    \
	VPSLLD $n, X4, X5  \
	VPSRLD $m, X4, X4  \
	VPXOR  X5, a, a    \
	VPXOR  X4, a, a

#define DOUBLE_ROUND \
	STEP(X1, X0, X3, 7, 25)   \
	STEP(X2, X1, X0, 9, 23)   \
	STEP(X3, X2, X1, 13, 19)  \
	STEP(X0, X3, X2, 18, 14)  \
	VPSHUFD $0x93, X1, X1     \
	VPSHUFD $0x4E, X2, X2     \
	VPSHUFD $0x39, X3, X3     \
	STEP(X3, X0, X1, 7, 25)   \
	STEP(X2, X3, X0, 9, 23)   \
	STEP(X1, X2, X3, 13, 19)  \
	STEP(X0, X1, X2, 18, 14)  \
	VPSHUFD $0x39, X1, X1     \
	VPSHUFD $0x4E, X2, X2     \
	VPSHUFD $0x93, X3, X3

// SALSA8 is Salsa20/8 of the lane in X8 to X11, in its place.
#define SALSA8 \
	VMOVDQA X8, X0   \
	VMOVDQA X9, X1   \
	VMOVDQA X10, X2  \
	VMOVDQA X11, X3  \
	DOUBLE_ROUND     \
	DOUBLE_ROUND     \
	DOUBLE_ROUND     \
	DOUBLE_ROUND     \
	VPADDD X0, X8, X8    \
	VPADDD X1, X9, X9    \
	VPADDD X2, X10, X10  \
	VPADDD X3, X11, X11

#define LOAD(from, at) \
	VMOVDQU at+0(from), X8    \
	VMOVDQU at+16(from), X9   \
	VMOVDQU at+32(from), X10  \
	VMOVDQU at+48(from), X11

#define XOR(from, at) \
	VPXOR at+0(from), X8, X8     \
	VPXOR at+16(from), X9, X9    \
	VPXOR at+32(from), X10, X10  \
	VPXOR at+48(from), X11, X11

#define STORE(to) \
	VMOVDQU X8, 0(to)    \
	VMOVDQU X9, 16(to)   \
	VMOVDQU X10, 32(to)  \
	VMOVDQU X11, 48(to)

// func mixBlockVector(to, from *lane, half int)
TEXT ·mixBlockVector(SB), NOSPLIT, $0-24
	MOVQ to+0(FP), DI
	MOVQ from+8(FP), SI
	MOVQ half+16(FP), CX
	MOVQ CX, AX
	SHLQ $6, AX
	LEAQ (DI)(AX*1), R8  // where odd lanes go
	LEAQ (SI)(AX*2), R9
	LOAD(R9, -64)

block:
	XOR(SI, 0)
	SALSA8
	STORE(DI)
	XOR(SI, 64)
	SALSA8
	STORE(R8)
	ADDQ $128, SI
	ADDQ $64, DI
	ADDQ $64, R8
	DECQ CX
	JNZ  block
	RET

// func mixBothVector(to, from, other *lane, half int)
TEXT ·mixBothVector(SB), NOSPLIT, $0-32
	MOVQ to+0(FP), DI
	MOVQ from+8(FP), SI
	MOVQ other+16(FP), DX
	MOVQ half+24(FP), CX
	MOVQ CX, AX
	SHLQ $6, AX
	LEAQ (DI)(AX*1), R8
	LEAQ (SI)(AX*2), R9
	LEAQ (DX)(AX*2), R10
	LOAD(R9, -64)
	XOR(R10, -64)

both:
	XOR(SI, 0)
	XOR(DX, 0)
	SALSA8
	STORE(DI)
	XOR(SI, 64)
	XOR(DX, 64)
	SALSA8
	STORE(R8)
	ADDQ $128, SI
	ADDQ $128, DX
	ADDQ $64, DI
	ADDQ $64, R8
	DECQ CX
	JNZ  both
	RET
