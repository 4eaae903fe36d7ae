package gorgonia

import (
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/cores"
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/matrix"
)

// gemm is c = alpha * a b + beta * c, a being m by k and b k by n, each read transposed where ta or tb
// says so; ld is the length of a row in memory.
func gemm[T real](w *matrix.Work[T], ta, tb bool, m, n, k int, alpha T, a []T, lda int, b []T, ldb int, beta T, c []T, ldc int) {
	w.Multiply(m, n, k, alpha, matrix.Matrix[T]{Data: a, Stride: lda, Transposed: ta},
		matrix.Matrix[T]{Data: b, Stride: ldb, Transposed: tb}, beta, matrix.Matrix[T]{Data: c, Stride: ldc})
}

// linear is y = x w' + b: x is rows by in, w out by in.
type linear[T real] struct {
	rowSums[T]
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
		k.sum(din[2], dy)
	}
}

// rowSums adds up rows, with the columns shared out among the cores.
type rowSums[T real] struct {
	team   *cores.Team
	to, of []T
}

// columnsTogether is how many columns a part of the work takes.
const columnsTogether = 64

// sum is the sum of the rows of x, each as long as to.
func (k *rowSums[T]) sum(to, x []T) {
	k.to, k.of = to, x
	k.team.Do((len(to)+columnsTogether-1)/columnsTogether, elementsAtOnce*len(to)/(columnsTogether*len(x)+1), k)
}

// Do is for the team.
func (k *rowSums[T]) Do(_, lo, hi int) {
	lo, hi = lo*columnsTogether, min(hi*columnsTogether, len(k.to))
	columns(k.to[lo:hi], k.of[lo:], len(k.of)/len(k.to), len(k.to))
}

// matmul is y = scale * a c for each of batches: a is p by q, c q by r, or r by q where transposed. The cores share the
// batches or, where there are few, each product.
type matmul[T real] struct {
	team             *cores.Team
	work             *matrix.Work[T]   // of all cores
	own              []*matrix.Work[T] // of each
	batches, p, q, r int
	transposed       bool
	scale            T

	in, din [][]T // of the run at hand
	y, dy   []T   // dy is nil while forward
}

func (k *matmul[T]) ldc() int {
	if k.transposed {
		return k.q
	}
	return k.r
}

func (k *matmul[T]) forward(in [][]T, y []T) error {
	k.in, k.y, k.dy = in, y, nil
	k.share()
	return nil
}

func (k *matmul[T]) backward(in [][]T, _, dy []T, din [][]T) {
	k.in, k.dy, k.din = in, dy, din
	k.share()
}

// share has the cores do it.
func (k *matmul[T]) share() {
	if k.batches < 2*k.team.Size() {
		k.some(k.work, 0, k.batches)
		return
	}
	k.team.Do(k.batches, 1+elementsAtOnce/(k.p*k.q+k.q*k.r+k.p*k.r), k)
}

// Do is for the team.
func (k *matmul[T]) Do(worker, lo, hi int) { k.some(k.own[worker], lo, hi) }

// some does the batches [lo, hi).
func (k *matmul[T]) some(w *matrix.Work[T], lo, hi int) {
	for i := lo; i < hi; i++ {
		a, c := part(k.in[0], i, k.p*k.q), part(k.in[1], i, k.q*k.r)
		if k.dy == nil {
			gemm(w, false, k.transposed, k.p, k.r, k.q, k.scale, a, k.q, c, k.ldc(), 0, part(k.y, i, k.p*k.r), k.r)
			continue
		}
		g := part(k.dy, i, k.p*k.r)
		if k.din[0] != nil {
			gemm(w, false, !k.transposed, k.p, k.q, k.r, k.scale, g, k.r, c, k.ldc(), 0, part(k.din[0], i, k.p*k.q), k.q)
		}
		if k.din[1] == nil {
			continue
		}
		dc := part(k.din[1], i, k.q*k.r)
		if k.transposed {
			gemm(w, true, false, k.r, k.q, k.p, k.scale, g, k.r, a, k.q, 0, dc, k.q)
		} else {
			gemm(w, true, false, k.q, k.r, k.p, k.scale, a, k.q, g, k.r, 0, dc, k.r)
		}
	}
}

// part is the i-th run of n elements.
func part[T any](x []T, i, n int) []T { return x[i*n : (i+1)*n : (i+1)*n] }
