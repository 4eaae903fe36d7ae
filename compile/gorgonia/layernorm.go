package gorgonia

import (
	"math"

	"github.com/spacec-lang/spacec/compile/gorgonia/internal/cores"
)

// layerNorm normalises rows of n; the weights gamma and beta are of a row. The cores share the rows and, for the gradients by
// the weights, the columns.
type layerNorm[T real] struct {
	team                *cores.Team
	n                   int
	eps                 float64
	mean, inverse       []T   // of each row: mean and 1 / deviation
	in, din             [][]T // of the run at hand, as are the next
	y, dy               []T
	ahead, back, across cores.Func
}

func newLayerNorm[T real](team *cores.Team, rows, n int, eps float64) *layerNorm[T] {
	k := &layerNorm[T]{team: team, n: n, eps: eps, mean: make([]T, rows), inverse: make([]T, rows)}
	k.ahead, k.back, k.across = k.rowsAhead, k.rowsBack, k.columns
	return k
}

func (k *layerNorm[T]) forward(in [][]T, y []T) error {
	k.in, k.y = in, y
	k.team.Do(len(k.mean), 1+elementsAtOnce/k.n, k.ahead)
	return nil
}

func (k *layerNorm[T]) rowsAhead(_, lo, hi int) {
	for r := lo; r < hi; r++ {
		x := part(k.in[0], r, k.n)
		mean := total(x) / float64(k.n)
		inverse := 1 / math.Sqrt(squares(x, mean)/float64(k.n)+k.eps)
		k.mean[r], k.inverse[r] = T(mean), T(inverse)
		normal(part(k.y, r, k.n), x, k.in[1], k.in[2], k.mean[r], k.inverse[r])
	}
}

func (k *layerNorm[T]) backward(in [][]T, _, dy []T, din [][]T) {
	k.in, k.dy, k.din = in, dy, din
	if din[0] != nil {
		k.team.Do(len(k.mean), 1+elementsAtOnce/k.n, k.back)
	}
	k.team.Do((k.n+columnsTogether-1)/columnsTogether, 1+elementsAtOnce/(columnsTogether*len(k.mean)), k.across)
}

// rowsBack is, with xhat the normalised x and g the gradient by it, dx = (g - mean(g) - xhat mean(g xhat)) / deviation.
func (k *layerNorm[T]) rowsBack(_, lo, hi int) {
	for r := lo; r < hi; r++ {
		x, g, mean, inverse := part(k.in[0], r, k.n), part(k.dy, r, k.n), k.mean[r], float64(k.inverse[r])
		sum, dot := weighed(g, k.in[1], x, mean)
		b, c := -inverse*inverse*inverse*dot/float64(k.n), -inverse*sum/float64(k.n)
		normalBack(part(k.din[0], r, k.n), g, k.in[1], x, k.inverse[r], T(b), mean, T(c))
	}
}

func (k *layerNorm[T]) columns(_, lo, hi int) {
	lo, hi = lo*columnsTogether, min(hi*columnsTogether, k.n)
	normalColumns(k.din[1][lo:hi], k.din[2][lo:hi], k.dy[lo:], k.in[0][lo:], k.mean, k.inverse, k.n)
}
