#include "textflag.h"

// Constants stand in the table eight times each, so that an instruction can read them; see smooth.go for their order.
#define C(i) (32*i)(DX)

// EXP is P = exp(X) for X between the bounds in Y14 and Y15; it leaves its rest in X and spoils N.
// A maximum is its second source, here X, where one is NaN.
#define EXP(X, N, P) \
	VMAXPS X, Y14, X \
	VMINPS X, Y15, X \
	VMULPS C(2), X, N \
	VROUNDPS $0, N, N \
	VFNMADD231PS C(3), N, X \
	VFNMADD231PS C(4), N, X \
	VMOVUPS C(5), P \
	VFMADD213PS C(6), X, P \
	VFMADD213PS C(7), X, P \
	VFMADD213PS C(8), X, P \
	VFMADD213PS C(9), X, P \
	VFMADD213PS C(10), X, P \
	VFMADD213PS C(10), X, P \
	VCVTPS2DQ N, N \
	VPSLLD $23, N, N \
	VPADDD N, P, P

// func logistic(n int, y, x, table *float32)
TEXT ·logistic(SB), NOSPLIT, $0-32
	MOVQ n+0(FP), CX
	MOVQ y+8(FP), DI
	MOVQ x+16(FP), SI
	MOVQ table+24(FP), DX
	VMOVUPS C(0), Y14
	VMOVUPS C(1), Y15
	VMOVUPS C(10), Y13
	VMOVUPS C(11), Y12
loop:
	VXORPS (SI), Y12, Y0
	EXP(Y0, Y1, Y2)
	VADDPS Y13, Y2, Y2
	VDIVPS Y2, Y13, Y2
	VMOVUPS Y2, (DI)
	ADDQ $32, DI
	ADDQ $32, SI
	SUBQ $8, CX
	JNE loop
	VZEROUPPER
	RET

// func tangent(n int, y, x, table *float32)
// tanh(x) is 2 / (1 + exp(-2x)) - 1 or, where that loses digits, the start of its series.
TEXT ·tangent(SB), NOSPLIT, $0-32
	MOVQ n+0(FP), CX
	MOVQ y+8(FP), DI
	MOVQ x+16(FP), SI
	MOVQ table+24(FP), DX
	VMOVUPS C(0), Y14
	VMOVUPS C(1), Y15
	VMOVUPS C(10), Y13
	VMOVUPS C(11), Y12
loop:
	VMOVUPS (SI), Y3
	VADDPS Y3, Y3, Y0
	VXORPS Y12, Y0, Y0
	EXP(Y0, Y1, Y2)
	VADDPS Y13, Y2, Y2
	VADDPS Y13, Y13, Y1
	VDIVPS Y2, Y1, Y2
	VSUBPS Y13, Y2, Y2
	VMULPS Y3, Y3, Y4
	VMOVUPS C(12), Y5
	VFMADD213PS C(13), Y4, Y5
	VFMADD213PS C(14), Y4, Y5
	VFMADD213PS C(15), Y4, Y5
	VFMADD213PS C(10), Y4, Y5
	VMULPS Y3, Y5, Y5
	VANDNPS Y3, Y12, Y0
	VCMPPS $1, C(16), Y0, Y0
	VBLENDVPS Y0, Y5, Y2, Y2
	VMOVUPS Y2, (DI)
	ADDQ $32, DI
	ADDQ $32, SI
	SUBQ $8, CX
	JNE loop
	VZEROUPPER
	RET

// func gelu(n int, y, slope, x, table *float32)
// See GELU for the formula.
TEXT ·gelu(SB), NOSPLIT, $0-40
	MOVQ n+0(FP), CX
	MOVQ y+8(FP), DI
	MOVQ slope+16(FP), BX
	MOVQ x+24(FP), SI
	MOVQ table+32(FP), DX
	VMOVUPS C(0), Y14
	VMOVUPS C(1), Y15
	VMOVUPS C(10), Y13
	VMOVUPS C(11), Y12
loop:
	VMOVUPS (SI), Y3
	VMULPS C(17), Y3, Y0
	VMULPS Y3, Y0, Y0
	EXP(Y0, Y1, Y2)
	VANDNPS Y3, Y12, Y4
	VMOVAPS Y13, Y5
	VFMADD231PS C(18), Y4, Y5
	VDIVPS Y5, Y13, Y5
	VMOVUPS C(19), Y6
	VFMADD213PS C(20), Y5, Y6
	VFMADD213PS C(21), Y5, Y6
	VFMADD213PS C(22), Y5, Y6
	VFMADD213PS C(23), Y5, Y6
	VMULPS Y5, Y6, Y6
	VMULPS Y2, Y6, Y6
	VSUBPS Y6, Y13, Y7
	VBLENDVPS Y3, Y6, Y7, Y7
	VMULPS Y3, Y7, Y8
	VMOVUPS Y8, (DI)
	VMULPS C(24), Y3, Y9
	VFMADD231PS Y9, Y2, Y7
	VMOVUPS Y7, (BX)
	ADDQ $32, DI
	ADDQ $32, SI
	ADDQ $32, BX
	SUBQ $8, CX
	JNE loop
	VZEROUPPER
	RET
