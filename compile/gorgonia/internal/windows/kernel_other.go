//go:build !amd64

package windows

// fast tells whether kernel can be used; a variable, as where there is one.
var fast = false

func kernel(k int, a, b, c *float32, ldc int) { panic("no kernel for this processor") }

func pack16(k int, to, from *float32, rows, cols *int32) { panic("no kernel for this processor") }
func pack8(k int, to, from *float32, rows, cols *int32)  { panic("no kernel for this processor") }
func pack4(k int, to, from *float32, rows, cols *int32)  { panic("no kernel for this processor") }
