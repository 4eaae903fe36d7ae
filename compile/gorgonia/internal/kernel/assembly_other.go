//go:build !amd64

package kernel

// assembly is none.
func assembly() []Loops[float32] { return nil }
