package gorgonia

import (
	"fmt"

	"github.com/spacec-lang/spacec/ir/op"
)

// concat joins runs of each input, again and again.
type concat[T real] struct {
	runs []int
	all  int // their sum
}

func (k *concat[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	y = y[lo*k.all:]
	for o := lo; o < hi; o++ {
		for i, n := range k.runs {
			y = y[copy(y, part(in[i], o, n)):]
		}
	}
}

func (k *concat[T]) backwardPart(_ [][]T, _, dy []T, din [][]T, lo, hi int) {
	dy = dy[lo*k.all:]
	for o := lo; o < hi; o++ {
		for i, n := range k.runs {
			if din[i] != nil {
				copy(part(din[i], o, n), dy)
			}
			dy = dy[n:]
		}
	}
}

// slice takes [from, to) of each run.
type slice[T real] struct{ run, from, to int }

func (k *slice[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	for o := lo; o < hi; o++ {
		copy(part(y, o, k.to-k.from), part(in[0], o, k.run)[k.from:])
	}
}

func (k *slice[T]) backwardPart(_ [][]T, _, dy []T, din [][]T, lo, hi int) {
	for o := lo; o < hi; o++ {
		dx := part(din[0], o, k.run)
		clear(dx[:k.from])
		copy(dx[k.from:k.to], part(dy, o, k.to-k.from))
		clear(dx[k.to:])
	}
}

// permute reorders the axes of each example of n elements: run i of the result comes from the run at index[i]. A run is what the
// axes at the end hold that stay there.
type permute[T real] struct {
	n, run int
	index  []int32
}

func newPermute[T real](s op.Shape, order []int) *permute[T] {
	k := &permute[T]{n: product(s, 0, len(s)), run: 1}
	stride := make([]int, len(s))
	for i, n := len(s)-1, 1; i >= 0; i-- {
		stride[i] = n
		n *= s[i].Size
	}
	for len(order) > 0 && order[len(order)-1] == len(order)-1 {
		order = order[:len(order)-1]
		k.run *= s[len(order)].Size
	}
	k.index = make([]int32, k.n/k.run)
	place := make([]int, len(order))
	from := 0
	for i := range k.index {
		k.index[i] = int32(from)
		for a := len(order) - 1; a >= 0; a-- {
			from += stride[order[a]]
			if place[a]++; place[a] < s[order[a]].Size {
				break
			}
			from -= place[a] * stride[order[a]]
			place[a] = 0
		}
	}
	return k
}

func (k *permute[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	for n := lo; n < hi; n++ {
		x, y := part(in[0], n, k.n), part(y, n, k.n)
		if k.run == 1 {
			for i, from := range k.index {
				y[i] = x[from]
			}
			continue
		}
		for i, from := range k.index {
			copy(part(y, i, k.run), x[from:])
		}
	}
}

func (k *permute[T]) backwardPart(_ [][]T, _, dy []T, din [][]T, lo, hi int) {
	for n := lo; n < hi; n++ {
		g, dx := part(dy, n, k.n), part(din[0], n, k.n)
		if k.run == 1 {
			for i, from := range k.index {
				dx[from] = g[i]
			}
			continue
		}
		for i, from := range k.index {
			copy(dx[from:], part(g, i, k.run))
		}
	}
}

// embed looks up rows of a table.
type embed[T real] struct{ entries, width int }

func (k *embed[T]) forward(in [][]T, y []T) error {
	for i, v := range in[0] {
		if !(v >= 0 && v < T(k.entries)) || v != T(int(v)) {
			return fmt.Errorf("embed takes whole numbers from 0 to %d; number %d of the batch is %v", k.entries-1, i, v)
		}
		copy(part(y, i, k.width), part(in[1], int(v), k.width))
	}
	return nil
}

func (k *embed[T]) backward(in [][]T, _, dy []T, din [][]T) {
	if din[0] != nil {
		clear(din[0]) // a step function of its input
	}
	table := din[1]
	clear(table)
	for i, v := range in[0] {
		row := part(table, int(v), k.width)
		addTo(row, row, part(dy, i, k.width))
	}
}

// meanAlong averages over axes that follow each other: [outer, n, inner] -> [outer, inner].
type meanAlong[T real] struct{ n, inner int }

func (k *meanAlong[T]) forwardPart(in [][]T, y []T, lo, hi int) {
	for o := lo; o < hi; o++ {
		x, to := part(in[0], o, k.n*k.inner), part(y, o, k.inner)
		if k.inner == 1 {
			to[0] = T(total(x) / float64(k.n))
			continue
		}
		columns(to, x, k.n, k.inner)
		affine(to, to, 0, 1/T(k.n), 0)
	}
}

func (k *meanAlong[T]) backwardPart(_ [][]T, _, dy []T, din [][]T, lo, hi int) {
	scale := 1 / T(k.n)
	for o := lo; o < hi; o++ {
		g, dx := part(dy, o, k.inner), part(din[0], o, k.n*k.inner)
		if k.inner == 1 {
			for i := range dx {
				dx[i] = g[0] * scale
			}
			continue
		}
		for r := range k.n {
			affine(part(dx, r, k.inner), g, 0, scale, 0)
		}
	}
}

// mean averages over some axes: to[i] is where element i of an example's input goes.
type mean[T real] struct {
	to    []int32
	count int // elements in each mean
	sums  []float64
}

func newMean[T real](batched []int, axes []int) *mean[T] {
	k := &mean[T]{count: 1}
	gone := make([]bool, len(batched))
	for _, a := range axes {
		gone[a+1] = true
		k.count *= batched[a+1]
	}
	n := 1
	for _, d := range batched[1:] {
		n *= d
	}
	k.to = make([]int32, n)
	k.sums = make([]float64, n/k.count)
	for i := range k.to {
		rest, to, stride := i, 0, 1
		for a := len(batched) - 1; a > 0; a-- {
			if !gone[a] {
				to += rest % batched[a] * stride
				stride *= batched[a]
			}
			rest /= batched[a]
		}
		k.to[i] = int32(to)
	}
	return k
}

func (k *mean[T]) forward(in [][]T, y []T) error {
	for x := in[0]; len(x) > 0; x, y = x[len(k.to):], y[len(k.sums):] {
		clear(k.sums)
		for i, to := range k.to {
			k.sums[to] += float64(x[i])
		}
		for i, s := range k.sums {
			y[i] = T(s / float64(k.count))
		}
	}
	return nil
}

func (k *mean[T]) backward(_ [][]T, _, dy []T, din [][]T) {
	scale := 1 / T(k.count)
	for dx := din[0]; len(dx) > 0; dx, dy = dx[len(k.to):], dy[len(k.sums):] {
		for i, to := range k.to {
			dx[i] = dy[to] * scale
		}
	}
}
