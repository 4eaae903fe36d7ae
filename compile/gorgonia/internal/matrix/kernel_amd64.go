package matrix

import "golang.org/x/sys/cpu"

// fast tells whether kernel can be used.
var fast = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// kernel adds a b to the mr by nr block c, whose rows are ldc apart: a is k columns of mr, b k rows of nr.
//
//go:noescape
func kernel(k int, a, b, c *float32, ldc int)
