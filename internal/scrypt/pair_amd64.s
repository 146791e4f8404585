//go:build !purego

#include "textflag.h"

// The lower half of a register has a lane of the first key, the upper one of the
// second.
#define R0 Y0
#define R1 Y1
#define R2 Y2
#define R3 Y3
#define S Y4
#define T Y5
#define L0 Y8
#define L1 Y9
#define L2 Y10
#define L3 Y11

#include "salsa_amd64.h"

#define LOAD(a, b, at) \
	VMOVDQU     at+0(a), X8           \
	VMOVDQU     at+16(a), X9          \
	VMOVDQU     at+32(a), X10         \
	VMOVDQU     at+48(a), X11         \
	VINSERTI128 $1, at+0(b), L0, L0   \
	VINSERTI128 $1, at+16(b), L1, L1  \
	VINSERTI128 $1, at+32(b), L2, L2  \
	VINSERTI128 $1, at+48(b), L3, L3

#define XOR(a, b, at) \
	VMOVDQU     at+0(a), X0           \
	VMOVDQU     at+16(a), X1          \
	VMOVDQU     at+32(a), X2          \
	VMOVDQU     at+48(a), X3          \
	VINSERTI128 $1, at+0(b), R0, R0   \
	VINSERTI128 $1, at+16(b), R1, R1  \
	VINSERTI128 $1, at+32(b), R2, R2  \
	VINSERTI128 $1, at+48(b), R3, R3  \
	VPXOR       R0, L0, L0            \
	VPXOR       R1, L1, L1            \
	VPXOR       R2, L2, L2            \
	VPXOR       R3, L3, L3

#define STORE(a, b) \
	VMOVDQU      X8, 0(a)       \
	VMOVDQU      X9, 16(a)      \
	VMOVDQU      X10, 32(a)     \
	VMOVDQU      X11, 48(a)     \
	VEXTRACTI128 $1, L0, 0(b)   \
	VEXTRACTI128 $1, L1, 16(b)  \
	VEXTRACTI128 $1, L2, 32(b)  \
	VEXTRACTI128 $1, L3, 48(b)

// func mixBlockPair(to, from, to2, from2 *lane, half int)
TEXT ·mixBlockPair(SB), NOSPLIT, $0-40
	MOVQ to+0(FP), DI
	MOVQ from+8(FP), SI
	MOVQ to2+16(FP), R10
	MOVQ from2+24(FP), R11
	MOVQ half+32(FP), CX
	MOVQ CX, AX
	SHLQ $6, AX
	LEAQ (DI)(AX*1), R8   // where odd lanes go
	LEAQ (R10)(AX*1), R12
	LEAQ (SI)(AX*2), R9
	LEAQ (R11)(AX*2), R13
	LOAD(R9, R13, -64)

block:
	XOR(SI, R11, 0)
	SALSA8
	STORE(DI, R10)
	XOR(SI, R11, 64)
	SALSA8
	STORE(R8, R12)
	ADDQ $128, SI
	ADDQ $128, R11
	ADDQ $64, DI
	ADDQ $64, R10
	ADDQ $64, R8
	ADDQ $64, R12
	DECQ CX
	JNZ  block
	VZEROUPPER
	RET

// func mixBothPair(to, from, other, to2, from2, other2 *lane, half int)
TEXT ·mixBothPair(SB), NOSPLIT, $0-56
	MOVQ to+0(FP), DI
	MOVQ from+8(FP), SI
	MOVQ other+16(FP), DX
	MOVQ to2+24(FP), R10
	MOVQ from2+32(FP), R11
	MOVQ other2+40(FP), BX
	MOVQ half+48(FP), CX
	MOVQ CX, AX
	SHLQ $6, AX
	LEAQ (SI)(AX*2), R8
	LEAQ (R11)(AX*2), R12
	LOAD(R8, R12, -64)
	LEAQ (DX)(AX*2), R8
	LEAQ (BX)(AX*2), R12
	XOR(R8, R12, -64)
	LEAQ (DI)(AX*1), R8
	LEAQ (R10)(AX*1), R12

both:
	XOR(SI, R11, 0)
	XOR(DX, BX, 0)
	SALSA8
	STORE(DI, R10)
	XOR(SI, R11, 64)
	XOR(DX, BX, 64)
	SALSA8
	STORE(R8, R12)
	ADDQ $128, SI
	ADDQ $128, R11
	ADDQ $128, DX
	ADDQ $128, BX
	ADDQ $64, DI
	ADDQ $64, R10
	ADDQ $64, R8
	ADDQ $64, R12
	DECQ CX
	JNZ  both
	VZEROUPPER
	RET
