package gorgonia

import (
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/cores"
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/matrix"
)

// recurrent is what the recurrent units share: x [batch, steps, in], h [batch, steps, n]; the row of a
// step of all examples is a matrix whose rows are steps apart. The cores share the examples, each going through all steps.
type recurrent[T real] struct {
	linear[T]                         // of the inputs: to the gates' numbers, of which there are out
	own             []*matrix.Work[T] // of each core
	batch, steps, n int
	pre             []T   // what the inputs bring to the gates, and what the gates then are [batch, steps, out]
	dpre            []T   // the gradient by the former
	carry           []T   // gradient by the hidden state, from the step after [batch, n]
	before          []T   // the hidden state of the step before [batch, steps, n]
	in, din         [][]T // of the run at hand, as are the next
	h, dh           []T
	ahead, back     cores.Func // the steps of some examples, forward and backward
}

func newRecurrent[T real](l *lowering[T], batch, steps, in, n, gates int) recurrent[T] {
	size := batch * steps * gates * n
	return recurrent[T]{
		own:    l.mem.works,
		linear: linear[T]{rowSums[T]{team: l.team}, l.mem.work, batch * steps, in, gates * n},
		batch:  batch, steps: steps, n: n, pre: make([]T, size), dpre: make([]T, size), carry: make([]T, batch*n), before: make([]T, batch*steps*n),
	}
}

// forward runs the steps, over what the inputs bring.
func (k *recurrent[T]) forward(in [][]T, h []T) error {
	k.in, k.h = in, h
	_ = k.linear.forward([][]T{in[0], in[1], in[3]}, k.pre)
	k.each(k.ahead)
	return nil
}

// backward finds the gradients; hidden are those by what the hidden states bring to the gates.
func (k *recurrent[T]) backward(in [][]T, h, dh []T, din [][]T, hidden []T) {
	k.in, k.h, k.dh, k.din = in, h, dh, din
	clear(k.carry)
	k.each(k.back)
	k.linear.backward([][]T{in[0], in[1]}, nil, k.dpre, [][]T{din[0], din[1], din[3]})
	for b := range k.batch {
		copy(part(k.before, b, k.steps*k.n)[k.n:], part(h, b, k.steps*k.n))
	}
	gemm(k.work, true, false, k.out, k.n, k.rows, 1, hidden, k.out, k.before, k.n, 0, din[2], k.n)
}

func (k *recurrent[T]) each(f cores.Func) {
	size := k.team.Size()
	k.team.Do(k.batch, (k.batch+size-1)/size, f)
}

// hidden is to += h wh' for the hidden states of the step before t, of the examples [lo, hi).
func (k *recurrent[T]) hidden(worker, t, lo, hi int, to []T) {
	gemm(k.own[worker], false, true, hi-lo, k.out, k.n, 1, k.h[(lo*k.steps+t-1)*k.n:], k.steps*k.n, k.in[2], k.n, 1,
		to[(lo*k.steps+t)*k.out:], k.steps*k.out)
}

// carryBack is carry += d wh for the step t of the examples [lo, hi).
func (k *recurrent[T]) carryBack(worker, t, lo, hi int, d []T) {
	gemm(k.own[worker], false, false, hi-lo, k.n, k.out, 1, d[(lo*k.steps+t)*k.out:], k.steps*k.out, k.in[2], k.n, 1, k.carry[lo*k.n:], k.n)
}

// lstm keeps gates after their activation in pre, in the order input, forget, cell, output.
type lstm[T real] struct {
	recurrent[T]
	cell  []T // [batch, steps, n]
	bent  []T // its tanh
	dcell []T // from the step after [batch, n]
}

func newLSTM[T real](l *lowering[T], batch, steps, in, n int) *lstm[T] {
	k := &lstm[T]{newRecurrent(l, batch, steps, in, n, 4), make([]T, batch*steps*n), make([]T, batch*steps*n), make([]T, batch*n)}
	k.ahead, k.back = k.stepsAhead, k.stepsBack
	return k
}

func (k *lstm[T]) stepsAhead(worker, lo, hi int) {
	n := k.n
	for t := range k.steps {
		if t > 0 {
			k.hidden(worker, t, lo, hi, k.pre)
		}
		for b := lo; b < hi; b++ {
			at := b*k.steps + t
			a, c, h, bent := part(k.pre, at, 4*n), part(k.cell, at, n), part(k.h, at, n), part(k.bent, at, n)
			logistics(a[:2*n], a[:2*n])
			tangents(a[2*n:3*n], a[2*n:3*n])
			logistics(a[3*n:], a[3*n:])
			times(c, a[:n], a[2*n:3*n])
			if t > 0 {
				f := a[n : 2*n]
				for j, v := range part(k.cell, at-1, n) {
					c[j] += f[j] * v
				}
			}
			tangents(bent, c)
			times(h, a[3*n:], bent)
		}
	}
}

func (k *lstm[T]) backward(in [][]T, h, dh []T, din [][]T) {
	clear(k.dcell)
	k.recurrent.backward(in, h, dh, din, k.dpre)
}

func (k *lstm[T]) stepsBack(worker, lo, hi int) {
	n := k.n
	for t := k.steps - 1; t >= 0; t-- {
		for b := lo; b < hi; b++ {
			at := b*k.steps + t
			a, d := part(k.pre, at, 4*n), part(k.dpre, at, 4*n)
			i, f, g, o := part(a, 0, n), part(a, 1, n), part(a, 2, n), part(a, 3, n)
			di, df, dg, do := part(d, 0, n), part(d, 1, n), part(d, 2, n), part(d, 3, n)
			dh, carry, dcell, bent := part(k.dh, at, n), part(k.carry, b, n), part(k.dcell, b, n), part(k.bent, at, n)
			for j, c := range bent {
				grad := dh[j] + carry[j]
				dc := dcell[j] + grad*o[j]*(1-c*c)
				var before T
				if t > 0 {
					before = k.cell[(at-1)*n+j]
				}
				di[j] = dc * g[j] * i[j] * (1 - i[j])
				df[j] = dc * before * f[j] * (1 - f[j])
				dg[j] = dc * i[j] * (1 - g[j]*g[j])
				do[j] = grad * c * o[j] * (1 - o[j])
				dcell[j] = dc * f[j]
			}
		}
		clear(k.carry[lo*n : hi*n])
		k.carryBack(worker, t, lo, hi, k.dpre)
	}
}

// gru keeps gates after their activation in pre, in the order reset, update, new.
type gru[T real] struct {
	recurrent[T]
	old  []T // what the hidden states bring [batch, steps, 3 n]
	dold []T
}

func newGRU[T real](l *lowering[T], batch, steps, in, n int) *gru[T] {
	r := newRecurrent(l, batch, steps, in, n, 3)
	k := &gru[T]{r, make([]T, len(r.pre)), make([]T, len(r.pre))}
	k.ahead, k.back = k.stepsAhead, k.stepsBack
	return k
}

func (k *gru[T]) stepsAhead(worker, lo, hi int) {
	n := k.n
	for t := range k.steps {
		for b := lo; b < hi; b++ {
			copy(part(k.old, b*k.steps+t, 3*n), k.in[4])
		}
		if t > 0 {
			k.hidden(worker, t, lo, hi, k.old)
		}
		for b := lo; b < hi; b++ {
			at := b*k.steps + t
			a, q, h := part(k.pre, at, 3*n), part(k.old, at, 3*n), part(k.h, at, n)
			r, z, g := part(a, 0, n), part(a, 1, n), part(a, 2, n)
			addTo(a[:2*n], a[:2*n], q)
			logistics(a[:2*n], a[:2*n])
			for j, v := range part(q, 2, n) {
				g[j] += r[j] * v
			}
			tangents(g, g)
			for j := range h {
				h[j] = (1 - z[j]) * g[j]
			}
			if t > 0 {
				for j, v := range part(k.h, at-1, n) {
					h[j] += z[j] * v
				}
			}
		}
	}
}

func (k *gru[T]) backward(in [][]T, h, dh []T, din [][]T) {
	k.recurrent.backward(in, h, dh, din, k.dold)
	k.sum(din[4], k.dold)
}

func (k *gru[T]) stepsBack(worker, lo, hi int) {
	n := k.n
	for t := k.steps - 1; t >= 0; t-- {
		for b := lo; b < hi; b++ {
			at := b*k.steps + t
			a, q, d, dq := part(k.pre, at, 3*n), part(k.old, at, 3*n), part(k.dpre, at, 3*n), part(k.dold, at, 3*n)
			carry, dh := part(k.carry, b, n), part(k.dh, at, n)
			for j := range carry {
				r, z, g := a[j], a[n+j], a[2*n+j]
				grad := dh[j] + carry[j]
				var before T
				if t > 0 {
					before = k.h[(at-1)*n+j]
				}
				dg := grad * (1 - z) * (1 - g*g)
				d[j] = dg * q[2*n+j] * r * (1 - r)
				d[n+j] = grad * (before - g) * z * (1 - z)
				d[2*n+j] = dg
				dq[j], dq[n+j], dq[2*n+j] = d[j], d[n+j], dg*r
				carry[j] = grad * z
			}
		}
		k.carryBack(worker, t, lo, hi, k.dold)
	}
}
