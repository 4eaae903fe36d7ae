package vector

import "golang.org/x/sys/cpu"

var fast = cpu.X86.HasAVX2 && cpu.X86.HasFMA

// n is a multiple of lanes, and not 0.

//go:noescape
func add(n int, y, a, b *float32)

//go:noescape
func relu(n int, y, x *float32)

//go:noescape
func where(n int, dx, dy, y *float32)

//go:noescape
func affine(n int, y, x *float32, mean, scale, shift float32)

//go:noescape
func blend(n int, y, d, x *float32, a, b, mean, c float32)

//go:noescape
func total(n int, x *float32) float64

//go:noescape
func squares(n int, x *float32, mean float64) float64

//go:noescape
func dot(n int, d, x *float32, mean float64) float64

//go:noescape
func exp(n int, y, x *float32, by float32, table *float32)

//go:noescape
func logistic(n int, y, x, table *float32)

//go:noescape
func tangent(n int, y, x, table *float32)

//go:noescape
func gelu(n int, y, slope, x, table *float32)

//go:noescape
func adam(n int, w, m, v, d, table *float32)

//go:noescape
func columns(rows, stride int, sum, x *float32)

//go:noescape
func times(n int, y, a, b *float32)

//go:noescape
func most(n int, x *float32) float32

//go:noescape
func normal(n int, y, x, gamma, beta *float32, mean, inverse float32)

//go:noescape
func weighed(n int, d, gamma, x *float32, mean float32) (sum, dot float64)

//go:noescape
func normalBack(n int, dx, d, gamma, x *float32, a, b, mean, c float32)

//go:noescape
func normalColumns(rows, stride int, dgamma, dbeta, d, x, mean, inverse *float32)

//go:noescape
func rows(m, n int, to, from *float32, stride, ld int, by float32)

//go:noescape
func turn(n int, to, from *float32, stride, ld int, by float32)

//go:noescape
func sgd(n int, w, v, d *float32, rate, momentum, decay float32)
