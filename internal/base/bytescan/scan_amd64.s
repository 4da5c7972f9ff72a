#include "textflag.h"

// One mask of one group: the bytes of both halves (Y8, Y9) that have a bit of the group's (G).
// VPCMPEQB marks the bytes that have none, so the mask is turned over at the end.
#define GROUP(G, OFFSET) \
	VPAND     Y8, G, Y10; \
	VPAND     Y9, G, Y11; \
	VPCMPEQB  Y7, Y10, Y10; \
	VPCMPEQB  Y7, Y11, Y11; \
	VPMOVMSKB Y10, R8; \
	VPMOVMSKB Y11, R9; \
	SHLQ      $32, R9; \
	ORQ       R9, R8; \
	NOTQ      R8; \
	MOVQ      R8, OFFSET(DI)

// func scanAVX2(dst *Masks, src *byte, blocks int, low, high *[16]byte, group *[3]byte)
TEXT ·scanAVX2(SB), NOSPLIT, $0-48
	MOVQ dst+0(FP), DI
	MOVQ src+8(FP), SI
	MOVQ blocks+16(FP), CX
	MOVQ low+24(FP), AX
	MOVQ high+32(FP), BX
	MOVQ group+40(FP), DX

	VBROADCASTI128 (AX), Y0
	VBROADCASTI128 (BX), Y1
	VPBROADCASTB   (DX), Y2
	VPBROADCASTB   1(DX), Y3
	VPBROADCASTB   2(DX), Y4
	MOVQ           $0x0f0f0f0f0f0f0f0f, R8
	MOVQ           R8, X5
	VPBROADCASTQ   X5, Y5
	VPXOR          Y7, Y7, Y7

loop:
	VMOVDQU (SI), Y8
	VMOVDQU 32(SI), Y9

	VPSRLW  $4, Y8, Y10
	VPSRLW  $4, Y9, Y11
	VPAND   Y5, Y8, Y8
	VPAND   Y5, Y9, Y9
	VPAND   Y5, Y10, Y10
	VPAND   Y5, Y11, Y11
	VPSHUFB Y8, Y0, Y8
	VPSHUFB Y9, Y0, Y9
	VPSHUFB Y10, Y1, Y10
	VPSHUFB Y11, Y1, Y11
	VPAND   Y10, Y8, Y8
	VPAND   Y11, Y9, Y9

	GROUP(Y2, 0)
	GROUP(Y3, 8)
	GROUP(Y4, 16)

	ADDQ $64, SI
	ADDQ $24, DI
	DECQ CX
	JNZ  loop

	VZEROUPPER
	RET
