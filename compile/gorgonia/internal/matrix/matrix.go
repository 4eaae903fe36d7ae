// Package matrix multiplies matrices of float32 on one core. Where the processor has AVX2 and FMA, blocks of
// 6 by 16 results are kept in registers over packed copies of the operands (Goto and van de Geijn 2008,
// "Anatomy of high-performance matrix multiplication"); elsewhere gonum does the work.
package matrix

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

// Work is memory for the packed blocks, which grows to what is needed. The zero Work is ready for use, by
// one goroutine at a time.
type Work struct{ a, b []float32 }

// Matrix is a matrix by rows in memory, each row Stride after the one before, read transposed where
// Transposed says so.
type Matrix struct {
	Data       []float32
	Stride     int
	Transposed bool
}

// Multiply is c = alpha * a b + beta * c, a being m by k, b k by n, and c m by n by rows of stride ldc.
// With beta 0 what c held doesn't matter.
func (w *Work) Multiply(m, n, k int, alpha float32, a, b Matrix, beta float32, c []float32, ldc int) {
	if m == 0 || n == 0 {
		return
	}
	if !fast {
		gonum.Implementation{}.Sgemm(trans(a), trans(b), m, n, k, alpha, a.Data, a.Stride, b.Data, b.Stride, beta, c, ldc)
		return
	}
	for i := 0; i < m; i++ {
		row := c[i*ldc : i*ldc+n]
		switch beta {
		case 1:
		case 0:
			clear(row)
		default:
			for j := range row {
				row[j] *= beta
			}
		}
	}
	w.grow(min(m, mc), min(n, nc), min(k, kc))
	for j := 0; j < n; j += nc {
		width := min(nc, n-j)
		for p := 0; p < k; p += kc {
			depth := min(kc, k-p)
			packB(w.b, b, p, j, depth, width)
			for i := 0; i < m; i += mc {
				height := min(mc, m-i)
				packA(w.a, a, i, p, height, depth, alpha)
				w.block(height, width, depth, c[i*ldc+j:], ldc)
			}
		}
	}
}

func trans(m Matrix) blas.Transpose {
	if m.Transposed {
		return blas.Trans
	}
	return blas.NoTrans
}

func (w *Work) grow(m, n, k int) {
	if size := (m + mr - 1) / mr * mr * k; len(w.a) < size {
		w.a = make([]float32, size)
	}
	if size := (n + nr - 1) / nr * nr * k; len(w.b) < size {
		w.b = make([]float32, size)
	}
}

// block adds the product of the packed blocks to c.
func (w *Work) block(m, n, k int, c []float32, ldc int) {
	var edge [mr * nr]float32
	for j := 0; j < n; j += nr {
		b := &w.b[j*k]
		for i := 0; i < m; i += mr {
			a := &w.a[i*k]
			rows, cols := min(mr, m-i), min(nr, n-j)
			if rows == mr && cols == nr {
				kernel(k, a, b, &c[i*ldc+j], ldc)
				continue
			}
			clear(edge[:])
			kernel(k, a, b, &edge[0], nr)
			for r := 0; r < rows; r++ {
				to := c[(i+r)*ldc+j:][:cols]
				for x, v := range edge[r*nr:][:cols] {
					to[x] += v
				}
			}
		}
	}
}

// packA lays out rows [i, i+m) and columns [p, p+k) of alpha * a: mr rows at a time, column after column.
func packA(to []float32, a Matrix, i, p, m, k int, alpha float32) {
	for ; m > 0; i, m = i+mr, m-mr {
		rows := min(m, mr)
		panel := to[:mr*k]
		to = to[mr*k:]
		if rows < mr {
			clear(panel)
		}
		if a.Transposed {
			for x := 0; x < k; x++ {
				from := a.Data[(p+x)*a.Stride+i:][:rows]
				for r, v := range from {
					panel[x*mr+r] = alpha * v
				}
			}
			continue
		}
		for r := 0; r < rows; r++ {
			at := r
			for _, v := range a.Data[(i+r)*a.Stride+p:][:k] {
				panel[at] = alpha * v
				at += mr
			}
		}
	}
}

// packB lays out rows [p, p+k) and columns [j, j+n) of b: nr columns at a time, row after row.
func packB(to []float32, b Matrix, p, j, k, n int) {
	for ; n > 0; j, n = j+nr, n-nr {
		cols := min(n, nr)
		panel := to[:nr*k]
		to = to[nr*k:]
		if cols < nr {
			clear(panel)
		}
		if b.Transposed {
			for c := 0; c < cols; c++ {
				at := c
				for _, v := range b.Data[(j+c)*b.Stride+p:][:k] {
					panel[at] = v
					at += nr
				}
			}
			continue
		}
		from := b.Data[p*b.Stride+j:]
		if cols == nr {
			for x := 0; x < k; x++ {
				*(*[nr]float32)(panel[x*nr:]) = *(*[nr]float32)(from[x*b.Stride:])
			}
			continue
		}
		for x := 0; x < k; x++ {
			copy(panel[x*nr:x*nr+cols], from[x*b.Stride:])
		}
	}
}
