//go:build !purego

#include "textflag.h"

#define R0 X0
#define R1 X1
#define R2 X2
#define R3 X3
#define S X4
#define T X5
#define L0 X8
#define L1 X9
#define L2 X10
#define L3 X11

#include "salsa_amd64.h"

#define LOAD(from, at) \
	VMOVDQU at+0(from), L0    \
	VMOVDQU at+16(from), L1   \
	VMOVDQU at+32(from), L2   \
	VMOVDQU at+48(from), L3

#define XOR(from, at) \
	VPXOR at+0(from), L0, L0     \
	VPXOR at+16(from), L1, L1    \
	VPXOR at+32(from), L2, L2    \
	VPXOR at+48(from), L3, L3

#define STORE(to) \
	VMOVDQU L0, 0(to)    \
	VMOVDQU L1, 16(to)   \
	VMOVDQU L2, 32(to)   \
	VMOVDQU L3, 48(to)

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
