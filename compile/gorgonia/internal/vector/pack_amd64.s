#include "textflag.h"

// func rows(m, n int, to, from *float32, stride, ld int, by float32)
// m rows of n numbers, a multiple of eight; strides are in bytes.
TEXT ·rows(SB), NOSPLIT, $0-52
	MOVQ m+0(FP), CX
	MOVQ n+8(FP), BX
	MOVQ to+16(FP), DI
	MOVQ from+24(FP), SI
	MOVQ stride+32(FP), R8
	MOVQ ld+40(FP), R9
	VBROADCASTSS by+48(FP), Y15
	SHLQ $2, BX
row:
	XORQ AX, AX
eight:
	VMULPS (SI)(AX*1), Y15, Y0
	VMOVUPS Y0, (DI)(AX*1)
	ADDQ $32, AX
	CMPQ AX, BX
	JNE eight
	ADDQ R8, DI
	ADDQ R9, SI
	DECQ CX
	JNE row
	VZEROUPPER
	RET

// func turn(n int, to, from *float32, stride, ld int, by float32)
// Eight rows of n numbers, a multiple of eight, become n rows of eight; strides are in bytes.
TEXT ·turn(SB), NOSPLIT, $0-44
	MOVQ n+0(FP), CX
	MOVQ to+8(FP), DI
	MOVQ from+16(FP), SI
	MOVQ stride+24(FP), R8
	MOVQ ld+32(FP), R9
	VBROADCASTSS by+40(FP), Y15
	LEAQ (R9)(R9*2), R10
	LEAQ (R8)(R8*2), R11
square:
	// Rows 0 to 3 and 4 to 7, each pair of halves in a register.
	LEAQ (SI)(R9*4), DX
	VMOVUPS (SI), X0
	VINSERTF128 $1, (DX), Y0, Y0
	VMOVUPS (SI)(R9*1), X1
	VINSERTF128 $1, (DX)(R9*1), Y1, Y1
	VMOVUPS (SI)(R9*2), X2
	VINSERTF128 $1, (DX)(R9*2), Y2, Y2
	VMOVUPS (SI)(R10*1), X3
	VINSERTF128 $1, (DX)(R10*1), Y3, Y3
	VMOVUPS 16(SI), X4
	VINSERTF128 $1, 16(DX), Y4, Y4
	VMOVUPS 16(SI)(R9*1), X5
	VINSERTF128 $1, 16(DX)(R9*1), Y5, Y5
	VMOVUPS 16(SI)(R9*2), X6
	VINSERTF128 $1, 16(DX)(R9*2), Y6, Y6
	VMOVUPS 16(SI)(R10*1), X7
	VINSERTF128 $1, 16(DX)(R10*1), Y7, Y7
	// Within each half a 4 by 4 transpose.
	VUNPCKLPS Y1, Y0, Y8
	VUNPCKHPS Y1, Y0, Y9
	VUNPCKLPS Y3, Y2, Y10
	VUNPCKHPS Y3, Y2, Y11
	VUNPCKLPD Y10, Y8, Y0
	VUNPCKHPD Y10, Y8, Y1
	VUNPCKLPD Y11, Y9, Y2
	VUNPCKHPD Y11, Y9, Y3
	VUNPCKLPS Y5, Y4, Y8
	VUNPCKHPS Y5, Y4, Y9
	VUNPCKLPS Y7, Y6, Y10
	VUNPCKHPS Y7, Y6, Y11
	VUNPCKLPD Y10, Y8, Y4
	VUNPCKHPD Y10, Y8, Y5
	VUNPCKLPD Y11, Y9, Y6
	VUNPCKHPD Y11, Y9, Y7
	VMULPS Y15, Y0, Y0
	VMULPS Y15, Y1, Y1
	VMULPS Y15, Y2, Y2
	VMULPS Y15, Y3, Y3
	VMULPS Y15, Y4, Y4
	VMULPS Y15, Y5, Y5
	VMULPS Y15, Y6, Y6
	VMULPS Y15, Y7, Y7
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, (DI)(R8*1)
	VMOVUPS Y2, (DI)(R8*2)
	VMOVUPS Y3, (DI)(R11*1)
	LEAQ (DI)(R8*4), DI
	VMOVUPS Y4, (DI)
	VMOVUPS Y5, (DI)(R8*1)
	VMOVUPS Y6, (DI)(R8*2)
	VMOVUPS Y7, (DI)(R11*1)
	LEAQ (DI)(R8*4), DI
	ADDQ $32, SI
	SUBQ $8, CX
	JNE square
	VZEROUPPER
	RET
