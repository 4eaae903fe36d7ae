package canon

import (
	"sort"

	"github.com/spacec-lang/spacec/ir/op"
)

// Add is a sum of what arrived, as far as its operands are sums of that; zeros don't count.
func (t *tracer) Add(xs ...op.Tensor) op.Tensor {
	y := t.costs.Add(xs...)
	if len(xs) == 1 {
		return xs[0]
	}
	r := t.step(opAdd, y, xs)
	r.value = joined(sum, xs)
	return r
}

// Mul is a product of what arrived, as far as its operands are products of that; one zero makes it zero.
func (t *tracer) Mul(xs ...op.Tensor) op.Tensor {
	y := t.costs.Mul(xs...)
	if len(xs) == 1 {
		return xs[0]
	}
	r := t.step(opMul, y, xs)
	r.value = joined(product, xs)
	for _, x := range xs {
		if nothing(x) {
			r.value = value{kind: zero}
		}
	}
	return r
}

func joined(kind valueKind, xs []op.Tensor) value {
	times := map[int]int{}
	for _, x := range xs {
		switch v := x.(*tensor).value; v.kind {
		case wire:
			times[v.n]++
		case zero:
		case kind:
			for _, u := range v.of {
				times[u.input] += u.times
			}
		default:
			// A sum of what is computed inside the op stays inside it, unless there is nothing else.
			if only := alone(xs); only != nil && kind == sum {
				return only.value
			}
			return value{}
		}
	}
	v := value{kind: kind}
	for input, n := range times {
		v.of = append(v.of, uses{input, n})
	}
	sort.Slice(v.of, func(i, j int) bool { return v.of[i].input < v.of[j].input })
	switch {
	case len(v.of) == 0:
		return value{kind: zero}
	case len(v.of) == 1 && v.of[0].times == 1:
		return value{kind: wire, n: v.of[0].input}
	}
	return v
}

// alone is the one operand that isn't zero, or nil.
func alone(xs []op.Tensor) *tensor {
	var only *tensor
	for _, x := range xs {
		if !nothing(x) {
			if only != nil {
				return nil
			}
			only = x.(*tensor)
		}
	}
	return only
}
