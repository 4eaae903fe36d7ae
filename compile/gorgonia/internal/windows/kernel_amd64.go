package windows

import "golang.org/x/sys/cpu"

// fast tells whether kernel can be used.
var fast = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// kernel adds a b to the mr by nr block c, whose rows are ldc apart: a is k columns of mr, b k rows of nr.
//
//go:noescape
func kernel(k int, a, b, c *float32, ldc int)

// pack16, pack8 and pack4 fill to with k rows of nr numbers, each of runs of as many: row x has its runs at
// from + rows[x] + cols[0] and, in pack8, cols[8], in pack4 also cols[4] and cols[12]. k is 1 or more.
//
//go:noescape
func pack16(k int, to, from *float32, rows, cols *int32)

//go:noescape
func pack8(k int, to, from *float32, rows, cols *int32)

//go:noescape
func pack4(k int, to, from *float32, rows, cols *int32)
