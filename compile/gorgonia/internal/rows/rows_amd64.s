#include "textflag.h"

// func copies(h, w int, to *float32, ldto int, from *float32, ldfrom int, zeros bool)
// Each turn copies a row of w numbers, eight at a time, and beyond its end; then zeros cover what is beyond.
TEXT ·copies(SB), NOSPLIT, $0-49
	MOVQ h+0(FP), R8
	MOVQ w+8(FP), R9
	MOVQ to+16(FP), DI
	MOVQ ldto+24(FP), R10
	MOVQ from+32(FP), SI
	MOVQ ldfrom+40(FP), R11
	MOVBLZX zeros+48(FP), R12
	SHLQ $2, R10
	SHLQ $2, R11
	VXORPS Y1, Y1, Y1
row:
	XORQ AX, AX
eight:
	VMOVUPS (SI)(AX*4), Y0
	VMOVUPS Y0, (DI)(AX*4)
	ADDQ $8, AX
	CMPQ AX, R9
	JLT eight
	TESTQ R12, R12
	JEQ next
	VMOVUPS Y1, (DI)(R9*4)
next:
	ADDQ R10, DI
	ADDQ R11, SI
	DECQ R8
	JNE row
	VZEROUPPER
	RET

// func evens(n int, to, from *float32)
TEXT ·evens(SB), NOSPLIT, $0-24
	MOVQ n+0(FP), CX
	MOVQ to+8(FP), DI
	MOVQ from+16(FP), SI
loop:
	VMOVUPS (SI), Y0
	VSHUFPS $0x88, 32(SI), Y0, Y0
	VPERMPD $0xD8, Y0, Y0
	VMOVUPS Y0, (DI)
	ADDQ $64, SI
	ADDQ $32, DI
	SUBQ $8, CX
	JNE loop
	VZEROUPPER
	RET

// func most(n int, y, a, b *float32)
// The maximum of two numbers is the second where one isn't a number: what isn't comparable is made all ones, which is NaN.
TEXT ·most(SB), NOSPLIT, $0-32
	MOVQ n+0(FP), CX
	MOVQ y+8(FP), DI
	MOVQ a+16(FP), SI
	MOVQ b+24(FP), DX
loop:
	VMOVUPS (SI), Y0
	VMOVUPS 32(SI), Y1
	VMOVUPS (DX), Y2
	VMOVUPS 32(DX), Y3
	VCMPPS $3, Y0, Y2, Y4
	VCMPPS $3, Y1, Y3, Y5
	VMAXPS Y0, Y2, Y0
	VMAXPS Y1, Y3, Y1
	VORPS Y4, Y0, Y0
	VORPS Y5, Y1, Y1
	VSHUFPS $0x88, Y1, Y0, Y2
	VSHUFPS $0xDD, Y1, Y0, Y3
	VCMPPS $3, Y2, Y3, Y4
	VMAXPS Y2, Y3, Y2
	VORPS Y4, Y2, Y2
	VPERMPD $0xD8, Y2, Y2
	VMOVUPS Y2, (DI)
	ADDQ $64, SI
	ADDQ $64, DX
	ADDQ $32, DI
	SUBQ $8, CX
	JNE loop
	VZEROUPPER
	RET

// func mostBack(n int, da, db, dy, y, a, b *float32)
// The gradient goes to the first of the four that isn't less than their maximum. Comparison 5 is: not less, or not comparable.
TEXT ·mostBack(SB), NOSPLIT, $0-56
	MOVQ n+0(FP), CX
	MOVQ da+8(FP), DI
	MOVQ db+16(FP), R8
	MOVQ dy+24(FP), R9
	MOVQ y+32(FP), R10
	MOVQ a+40(FP), SI
	MOVQ b+48(FP), DX
loop:
	VPERMPD $0xD8, (R10), Y6
	VPERMPD $0xD8, (R9), Y7
	VMOVUPS (SI), Y0
	VMOVUPS (DX), Y2
	VSHUFPS $0xDD, 32(SI), Y0, Y1
	VSHUFPS $0x88, 32(SI), Y0, Y0
	VSHUFPS $0xDD, 32(DX), Y2, Y3
	VSHUFPS $0x88, 32(DX), Y2, Y2
	VCMPPS $5, Y6, Y0, Y0
	VCMPPS $5, Y6, Y1, Y1
	VCMPPS $5, Y6, Y2, Y2
	VCMPPS $5, Y6, Y3, Y3
	VANDPS Y7, Y0, Y4
	VANDNPS Y7, Y0, Y7
	VANDPS Y7, Y1, Y5
	VANDNPS Y7, Y1, Y7
	VUNPCKLPS Y5, Y4, Y0
	VUNPCKHPS Y5, Y4, Y1
	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	VANDPS Y7, Y2, Y4
	VANDNPS Y7, Y2, Y7
	VANDPS Y7, Y3, Y5
	VUNPCKLPS Y5, Y4, Y0
	VUNPCKHPS Y5, Y4, Y1
	VMOVUPS Y0, (R8)
	VMOVUPS Y1, 32(R8)
	ADDQ $64, SI
	ADDQ $64, DX
	ADDQ $64, DI
	ADDQ $64, R8
	ADDQ $32, R9
	ADDQ $32, R10
	SUBQ $8, CX
	JNE loop
	VZEROUPPER
	RET
