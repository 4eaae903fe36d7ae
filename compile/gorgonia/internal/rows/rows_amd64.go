package rows

import "golang.org/x/sys/cpu"

var fast = cpu.X86.HasAVX2

// n is a multiple of 8; no count is 0.

//go:noescape
func copies(h, w int, to *float32, ldto int, from *float32, ldfrom int, zeros bool)

//go:noescape
func evens(n int, to, from *float32)

//go:noescape
func most(n int, y, a, b *float32)

//go:noescape
func mostBack(n int, da, db, dy, y, a, b *float32)
