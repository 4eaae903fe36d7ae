// Package windows multiplies matrices on one core. For float32 on a processor with AVX2 and FMA, blocks of
// 6 by 16 results are kept in registers over packed copies of the operands (Goto and van de Geijn 2008,
// "Anatomy of high-performance matrix multiplication"); otherwise gonum does the work.
//
// An operand need not lie in memory as a matrix: where element (i, j) stands at Rows[i] + Cols[j], packing
// takes it from there. The windows of an image are such a matrix, so that a convolution is a product without
// a copy of all windows.
package windows

import (
	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"
)

// The sizes of blocks: mr by nr results in registers, kc deep; an mc by kc block of a stays in the second
// cache, and nr columns of a kc by nc block of b in the first.
const (
	mr = 6
	nr = 16
	kc = 256
	mc = 96
	nc = 2048
)

// Matrix is an operand: by rows in memory, each row Stride after the one before, read transposed where
// Transposed says so; or, where Rows isn't nil, with element (i, j) at Rows[i] + Cols[j].
type Matrix[T float32 | float64] struct {
	Data       []T
	Stride     int
	Transposed bool
	Rows, Cols []int32
}

// Work is memory that products use. The zero Work is ready for use, by one goroutine at a time.
type Work[T float32 | float64] struct {
	a, b, c []T
}

// Multiply is c = alpha * a b + beta * c, a being m by k, b k by n and c m by n, none of them
// empty; c isn't transposed, and its columns only ever go up. With
// beta 0 what c held doesn't matter.
func (w *Work[T]) Multiply(m, n, k int, alpha T, a, b Matrix[T], beta T, c Matrix[T]) {
	if w, ok := any(w).(*Work[float32]); ok && fast {
		multiply(w, m, n, k, float32(alpha), any(a).(Matrix[float32]), any(b).(Matrix[float32]), float32(beta), any(c).(Matrix[float32]))
		return
	}
	a, b = lay(&w.a, a, m, k), lay(&w.b, b, k, n)
	to := c
	if c.Rows != nil {
		to = lay(&w.c, c, m, n)
	}
	switch d := any(to.Data).(type) {
	case []float32:
		gonum.Implementation{}.Sgemm(trans(a), trans(b), m, n, k, float32(alpha), any(a.Data).([]float32), a.Stride,
			any(b.Data).([]float32), b.Stride, float32(beta), d, to.Stride)
	case []float64:
		gonum.Implementation{}.Dgemm(trans(a), trans(b), m, n, k, float64(alpha), any(a.Data).([]float64), a.Stride,
			any(b.Data).([]float64), b.Stride, float64(beta), d, to.Stride)
	}
	if c.Rows != nil {
		for i := range m {
			for j, v := range to.Data[i*n : (i+1)*n] {
				c.Data[c.Rows[i]+c.Cols[j]] = v
			}
		}
	}
}

func trans[T float32 | float64](m Matrix[T]) blas.Transpose {
	if m.Transposed {
		return blas.Trans
	}
	return blas.NoTrans
}

// lay is the operand by rows in memory.
func lay[T float32 | float64](buffer *[]T, a Matrix[T], m, n int) Matrix[T] {
	if a.Rows == nil {
		return a
	}
	grow(buffer, m*n)
	for i, r := range a.Rows[:m] {
		for j, c := range a.Cols[:n] {
			(*buffer)[i*n+j] = a.Data[r+c]
		}
	}
	return Matrix[T]{Data: (*buffer)[:m*n], Stride: n}
}

func grow[T any](buffer *[]T, n int) {
	if len(*buffer) < n {
		*buffer = make([]T, n)
	}
}
