package gorgonia

import (
	"math"

	"github.com/spacec-lang/spacec/compile/gorgonia/internal/matrix"
)

// recurrent is what the recurrent units share: x [batch, steps, in], h [batch, steps, n]; the row of a
// step of all examples is a matrix whose rows are steps apart.
type recurrent[T real] struct {
	work                *matrix.Work[T]
	batch, steps, in, n int
	parts               int // gates: the rows of the weights are parts * n
	pre                 []T // what the inputs bring to the gates, and what the gates then are [batch, steps, parts n]
	dpre                []T // the gradient by the former
	carry               []T // gradient by the hidden state, from the step after [batch, n]
}

func newRecurrent[T real](work *matrix.Work[T], batch, steps, in, n, parts int) recurrent[T] {
	size := batch * steps * parts * n
	return recurrent[T]{work, batch, steps, in, n, parts, make([]T, size), make([]T, size), make([]T, batch*n)}
}

// inputs is pre = x wx' + bias.
func (k *recurrent[T]) inputs(x, wx, bias []T) {
	(&linear[T]{k.work, k.batch * k.steps, k.in, k.parts * k.n}).forward([][]T{x, wx, bias}, k.pre)
}

// hidden is to += h wh' for the hidden states of the step before t; rows of to are ld apart.
func (k *recurrent[T]) hidden(t int, h, wh, to []T, ld int) {
	gemm(k.work, false, true, k.batch, k.parts*k.n, k.n, 1, h[(t-1)*k.n:], k.steps*k.n, wh, k.n, 1, to, ld)
}

// inputsBack is the gradient by x, wx and bias, given that by pre.
func (k *recurrent[T]) inputsBack(x, wx []T, din [][]T, bias []T) {
	(&linear[T]{k.work, k.batch * k.steps, k.in, k.parts * k.n}).backward([][]T{x, wx}, nil, k.dpre, [][]T{din[0], din[1], bias})
}

// hiddenBack is the gradient by wh, given that by what the hidden states bring.
func (k *recurrent[T]) hiddenBack(h, d, dwh []T) {
	clear(dwh)
	rows := k.parts * k.n
	for b := 0; b < k.batch && k.steps > 1; b++ {
		gemm(k.work, true, false, rows, k.n, k.steps-1, 1, part(d, b, k.steps*rows)[rows:], rows, part(h, b, k.steps*k.n), k.n, 1, dwh, k.n)
	}
}

// carryBack is carry += d wh for the step t.
func (k *recurrent[T]) carryBack(t int, d, wh []T) {
	rows := k.parts * k.n
	gemm(k.work, false, false, k.batch, k.n, rows, 1, d[t*rows:], k.steps*rows, wh, k.n, 1, k.carry, k.n)
}

// lstm keeps gates after their activation in pre, in the order input, forget, cell, output.
type lstm[T real] struct {
	recurrent[T]
	cell  []T // [batch, steps, n]
	dcell []T // from the step after [batch, n]
}

func newLSTM[T real](work *matrix.Work[T], batch, steps, in, n int) *lstm[T] {
	return &lstm[T]{newRecurrent[T](work, batch, steps, in, n, 4), make([]T, batch*steps*n), make([]T, batch*n)}
}

func (k *lstm[T]) forward(in [][]T, h []T) error {
	n := k.n
	k.inputs(in[0], in[1], in[3])
	for t := 0; t < k.steps; t++ {
		if t > 0 {
			k.hidden(t, h, in[2], k.pre[t*4*n:], k.steps*4*n)
		}
		for b := 0; b < k.batch; b++ {
			at := b*k.steps + t
			a, c := part(k.pre, at, 4*n), part(k.cell, at, n)
			for j := 0; j < n; j++ {
				i, f := logistic(float64(a[j])), logistic(float64(a[n+j]))
				g, o := math.Tanh(float64(a[2*n+j])), logistic(float64(a[3*n+j]))
				v := i * g
				if t > 0 {
					v += f * float64(k.cell[(at-1)*n+j])
				}
				a[j], a[n+j], a[2*n+j], a[3*n+j] = T(i), T(f), T(g), T(o)
				c[j] = T(v)
				h[at*n+j] = T(o * math.Tanh(v))
			}
		}
	}
	return nil
}

func (k *lstm[T]) backward(in [][]T, h, dh []T, din [][]T) {
	n := k.n
	clear(k.carry)
	clear(k.dcell)
	for t := k.steps - 1; t >= 0; t-- {
		for b := 0; b < k.batch; b++ {
			at := b*k.steps + t
			a, d := part(k.pre, at, 4*n), part(k.dpre, at, 4*n)
			for j := 0; j < n; j++ {
				i, f, g, o := a[j], a[n+j], a[2*n+j], a[3*n+j]
				c := T(math.Tanh(float64(k.cell[at*n+j])))
				grad := dh[at*n+j] + k.carry[b*n+j]
				dc := k.dcell[b*n+j] + grad*o*(1-c*c)
				var before T
				if t > 0 {
					before = k.cell[(at-1)*n+j]
				}
				d[j] = dc * g * i * (1 - i)
				d[n+j] = dc * before * f * (1 - f)
				d[2*n+j] = dc * i * (1 - g*g)
				d[3*n+j] = grad * c * o * (1 - o)
				k.dcell[b*n+j] = dc * f
			}
		}
		clear(k.carry)
		k.carryBack(t, k.dpre, in[2])
	}
	k.inputsBack(in[0], in[1], din, din[3])
	k.hiddenBack(h, k.dpre, din[2])
}

// gru keeps gates after their activation in pre, in the order reset, update, new.
type gru[T real] struct {
	recurrent[T]
	old  []T // what the hidden states bring [batch, steps, 3 n]
	dold []T
}

func newGRU[T real](work *matrix.Work[T], batch, steps, in, n int) *gru[T] {
	r := newRecurrent[T](work, batch, steps, in, n, 3)
	return &gru[T]{r, make([]T, len(r.pre)), make([]T, len(r.pre))}
}

func (k *gru[T]) forward(in [][]T, h []T) error {
	n := k.n
	k.inputs(in[0], in[1], in[3])
	for i := 0; i < len(k.old); i += 3 * n {
		copy(k.old[i:], in[4])
	}
	for t := 0; t < k.steps; t++ {
		if t > 0 {
			k.hidden(t, h, in[2], k.old[t*3*n:], k.steps*3*n)
		}
		for b := 0; b < k.batch; b++ {
			at := b*k.steps + t
			a, q := part(k.pre, at, 3*n), part(k.old, at, 3*n)
			for j := 0; j < n; j++ {
				r, z := logistic(float64(a[j]+q[j])), logistic(float64(a[n+j]+q[n+j]))
				g := math.Tanh(float64(a[2*n+j]) + r*float64(q[2*n+j]))
				v := (1 - z) * g
				if t > 0 {
					v += z * float64(h[(at-1)*n+j])
				}
				a[j], a[n+j], a[2*n+j] = T(r), T(z), T(g)
				h[at*n+j] = T(v)
			}
		}
	}
	return nil
}

func (k *gru[T]) backward(in [][]T, h, dh []T, din [][]T) {
	n := k.n
	clear(k.carry)
	for t := k.steps - 1; t >= 0; t-- {
		for b := 0; b < k.batch; b++ {
			at := b*k.steps + t
			a, q, d, dq := part(k.pre, at, 3*n), part(k.old, at, 3*n), part(k.dpre, at, 3*n), part(k.dold, at, 3*n)
			for j := 0; j < n; j++ {
				r, z, g := a[j], a[n+j], a[2*n+j]
				grad := dh[at*n+j] + k.carry[b*n+j]
				var before T
				if t > 0 {
					before = h[(at-1)*n+j]
				}
				dg := grad * (1 - z) * (1 - g*g)
				d[j] = dg * q[2*n+j] * r * (1 - r)
				d[n+j] = grad * (before - g) * z * (1 - z)
				d[2*n+j] = dg
				dq[j], dq[n+j], dq[2*n+j] = d[j], d[n+j], dg*r
				k.carry[b*n+j] = grad * z
			}
		}
		k.carryBack(t, k.dold, in[2])
	}
	k.inputsBack(in[0], in[1], din, din[3])
	k.hiddenBack(h, k.dold, din[2])
	sumRows(din[4], k.dold)
}
