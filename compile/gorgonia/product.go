package gorgonia

import "github.com/spacec-lang/spacec/compile/gorgonia/internal/matrix"

// gemm is c = alpha * a b + beta * c, a being m by k and b k by n, each read transposed where ta or tb
// says so; ld is the length of a row in memory.
func gemm[T real](w *matrix.Work[T], ta, tb bool, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	w.Multiply(m, n, k, alpha, matrix.Matrix[T]{Data: a, Stride: lda, Transposed: ta},
		matrix.Matrix[T]{Data: b, Stride: ldb, Transposed: tb}, beta, matrix.Matrix[T]{Data: c, Stride: ldc})
}

// linear is y = x w' + b: x is rows by in, w out by in.
type linear[T real] struct {
	work          *matrix.Work[T]
	rows, in, out int
}

func (k *linear[T]) forward(in [][]T, y []T) error {
	beta := T(0)
	if len(in) == 3 {
		beta = 1
		for r := 0; r < k.rows; r++ {
			copy(y[r*k.out:(r+1)*k.out], in[2])
		}
	}
	gemm(k.work, false, true, k.rows, k.out, k.in, 1, in[0], k.in, in[1], k.in, beta, y, k.out)
	return nil
}

func (k *linear[T]) backward(in [][]T, _, dy []T, din [][]T) {
	if dx := din[0]; dx != nil {
		gemm(k.work, false, false, k.rows, k.in, k.out, 1, dy, k.out, in[1], k.in, 0, dx, k.in)
	}
	gemm(k.work, true, false, k.out, k.in, k.rows, 1, dy, k.out, in[0], k.in, 0, din[1], k.in)
	if len(din) == 3 {
		sumRows(din[2], dy)
	}
}

// sumRows adds up the rows of x, each as long as sum, in float64.
func sumRows[T real](sum, x []T) {
	n := len(sum)
	acc := make([]float64, n)
	for ; len(x) >= n; x = x[n:] {
		for i, v := range x[:n] {
			acc[i] += float64(v)
		}
	}
	convert(sum, acc)
}

// matmul is y = scale * a c for each of batches: a is p by q, c q by r, or r by q where transposed.
type matmul[T real] struct {
	work             *matrix.Work[T]
	batches, p, q, r int
	transposed       bool
	scale            T
}

func (k *matmul[T]) ldc() int {
	if k.transposed {
		return k.q
	}
	return k.r
}

func (k *matmul[T]) forward(in [][]T, y []T) error {
	for i := 0; i < k.batches; i++ {
		a, c := part(in[0], i, k.p*k.q), part(in[1], i, k.q*k.r)
		gemm(k.work, false, k.transposed, k.p, k.r, k.q, k.scale, a, k.q, c, k.ldc(), 0, part(y, i, k.p*k.r), k.r)
	}
	return nil
}

func (k *matmul[T]) backward(in [][]T, _, dy []T, din [][]T) {
	for i := 0; i < k.batches; i++ {
		g := part(dy, i, k.p*k.r)
		if din[0] != nil {
			gemm(k.work, false, !k.transposed, k.p, k.q, k.r, k.scale, g, k.r, part(in[1], i, k.q*k.r), k.ldc(), 0, part(din[0], i, k.p*k.q), k.q)
		}
		if din[1] == nil {
			continue
		}
		a, dc := part(in[0], i, k.p*k.q), part(din[1], i, k.q*k.r)
		if k.transposed {
			gemm(k.work, true, false, k.r, k.q, k.p, k.scale, g, k.r, a, k.q, 0, dc, k.q)
		} else {
			gemm(k.work, true, false, k.q, k.r, k.p, k.scale, a, k.q, g, k.r, 0, dc, k.r)
		}
	}
}

// part is the i-th run of n elements.
func part[T any](x []T, i, n int) []T { return x[i*n : (i+1)*n : (i+1)*n] }
