package gorgonia

import (
	"math"
	"slices"
)

type relu[T real] struct{}

func (*relu[T]) forwardPart(in [][]T, y []T, lo, hi int) { positive(y[lo:hi], in[0][lo:hi]) }

func (*relu[T]) backwardPart(_ [][]T, y, dy []T, din [][]T, lo, hi int) {
	where(din[0][lo:hi], dy[lo:hi], y[lo:hi])
}

type leaky[T real] struct{ slope T }

func (k *leaky[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	for i, v := range in[0][lo:hi] {
		if v < 0 {
			v *= k.slope
		}
		y[lo+i] = v
	}
}

func (k *leaky[T]) backwardPart(in [][]T, _, dy []T, din [][]T, lo, hi int) {
	x, dx := in[0][lo:hi], din[0][lo:hi]
	for i, d := range dy[lo:hi] {
		if x[i] <= 0 {
			d *= k.slope
		}
		dx[i] = d
	}
}

type scale[T real] struct{ by T }

func (k *scale[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	affine(y[lo:hi], in[0][lo:hi], 0, k.by, 0)
}

func (k *scale[T]) backwardPart(_ [][]T, _, dy []T, din [][]T, lo, hi int) {
	affine(din[0][lo:hi], dy[lo:hi], 0, k.by, 0)
}

type tanh[T real] struct{}

func (*tanh[T]) forwardPart(in [][]T, y []T, lo, hi int) { tangents(y[lo:hi], in[0][lo:hi]) }

func (*tanh[T]) backwardPart(_ [][]T, y, dy []T, din [][]T, lo, hi int) {
	y, dx := y[lo:hi], din[0][lo:hi]
	for i, d := range dy[lo:hi] {
		dx[i] = d * (1 - y[i]*y[i])
	}
}

type sigmoid[T real] struct{}

func (*sigmoid[T]) forwardPart(in [][]T, y []T, lo, hi int) { logistics(y[lo:hi], in[0][lo:hi]) }

func (*sigmoid[T]) backwardPart(_ [][]T, y, dy []T, din [][]T, lo, hi int) {
	y, dx := y[lo:hi], din[0][lo:hi]
	for i, d := range dy[lo:hi] {
		dx[i] = d * y[i] * (1 - y[i])
	}
}

// sloped is an activation that keeps its slope for backward.
type sloped[T real] struct{ slope []T }

func (k *sloped[T]) backwardPart(_ [][]T, _, dy []T, din [][]T, lo, hi int) {
	times(din[0][lo:hi], dy[lo:hi], k.slope[lo:hi])
}

type silu[T real] struct{ sloped[T] }

func (k *silu[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	x, y, slope := in[0][lo:hi], y[lo:hi], k.slope[lo:hi]
	logistics(slope, x)
	for i, s := range slope {
		y[i] = x[i] * s
		slope[i] = s * (1 + x[i]*(1-s))
	}
}

type gelu[T real] struct{ sloped[T] }

func (k *gelu[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	gaussian(y[lo:hi], k.slope[lo:hi], in[0][lo:hi])
}

// softmax is along rows of n.
type softmax[T real] struct{ n int }

func (k *softmax[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	for r := lo; r < hi; r++ {
		softmaxRow(part(y, r, k.n), part(in[0], r, k.n))
	}
}

func (k *softmax[T]) backwardPart(_ [][]T, y, dy []T, din [][]T, lo, hi int) {
	for r := lo; r < hi; r++ {
		softmaxRowBack(part(din[0], r, k.n), part(y, r, k.n), part(dy, r, k.n))
	}
}

// softmaxRow subtracts the maximum, so that no exponential overflows. Where masks leave nothing of a row it is zeros.
func softmaxRow[T real](y, x []T) {
	most := largest(x)
	if math.IsInf(float64(most), -1) && !slices.ContainsFunc(x, func(v T) bool { return v != v }) {
		clear(y)
		return
	}
	exponential(y, x, -most)
	affine(y, y, 0, T(1/total(y)), 0)
}

// softmaxRowBack writes dx, which may be g.
func softmaxRowBack[T real](dx, y, g []T) {
	affine(dx, g, T(products(g, y, 0)), 1, 0)
	times(dx, dx, y)
}

// softmaxAcross is along the middle axis of [outer, n, inner]: it works on the axes exchanged.
type softmaxAcross[T real] struct {
	outer, n, inner int
	x, g            []T // of one outer: [inner, n]
}

func newSoftmaxAcross[T real](outer, n, inner int) *softmaxAcross[T] {
	return &softmaxAcross[T]{outer, n, inner, make([]T, n*inner), make([]T, n*inner)}
}

func (k *softmaxAcross[T]) forward(in [][]T, y []T) error {
	for o := range k.outer {
		exchange(k.x, part(in[0], o, len(k.x)), k.n, k.inner)
		for i := range k.inner {
			row := part(k.x, i, k.n)
			softmaxRow(row, row)
		}
		exchange(part(y, o, len(k.x)), k.x, k.inner, k.n)
	}
	return nil
}

func (k *softmaxAcross[T]) backward(_ [][]T, y, dy []T, din [][]T) {
	for o := range k.outer {
		exchange(k.x, part(y, o, len(k.x)), k.n, k.inner)
		exchange(k.g, part(dy, o, len(k.x)), k.n, k.inner)
		for i := range k.inner {
			row := part(k.g, i, k.n)
			softmaxRowBack(row, part(k.x, i, k.n), row)
		}
		exchange(part(din[0], o, len(k.x)), k.g, k.inner, k.n)
	}
}

// exchange is the transpose of the n by m matrix x.
func exchange[T real](y, x []T, n, m int) {
	for i := range n {
		for j, v := range part(x, i, m) {
			y[j*n+i] = v
		}
	}
}

// causal puts minus infinity above the diagonal of squares of n.
type causal[T real] struct{ n int }

func (k *causal[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	k.masked(y, in[0], T(math.Inf(-1)), lo, hi)
}

func (k *causal[T]) backwardPart(_ [][]T, _, dy []T, din [][]T, lo, hi int) {
	k.masked(din[0], dy, 0, lo, hi)
}

// masked copies the rows [lo, hi) as far as the diagonal, and goes on with v.
func (k *causal[T]) masked(y, x []T, v T, lo, hi int) {
	for r := lo; r < hi; r++ {
		y, seen := part(y, r, k.n), r%k.n+1
		copy(y, part(x, r, k.n)[:seen])
		for i := seen; i < k.n; i++ {
			y[i] = v
		}
	}
}

// padding puts minus infinity where an example's mask, a number for each of the n columns, is 0; there are rows in an example.
type padding[T real] struct{ rows, n int }

func (k *padding[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	k.masked(in[1], in[0], y, T(math.Inf(-1)), lo, hi)
}

func (k *padding[T]) backwardPart(in [][]T, _, dy []T, din [][]T, lo, hi int) {
	if din[0] != nil {
		k.masked(in[1], dy, din[0], 0, lo, hi)
	}
	if din[1] != nil {
		clear(din[1][lo/k.rows*k.n : hi/k.rows*k.n]) // a step function of the mask
	}
}

// masked is x, with v where the mask is 0.
func (k *padding[T]) masked(mask, x, y []T, v T, lo, hi int) {
	for r := lo; r < hi; r++ {
		mask, y := part(mask, r/k.rows, k.n), part(y, r, k.n)
		for i, e := range part(x, r, k.n) {
			if mask[i] == 0 {
				e = v
			}
			y[i] = e
		}
	}
}
