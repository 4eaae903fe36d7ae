package gorgonia

import (
	"errors"
	"fmt"
	"math"
)

// ErrMasked is of numbers that aren't finite because something other than a softmax takes what a mask gives.
var ErrMasked = errors.New("its minus infinities are for a softmax")

// origin looks through the buffers of the program that ran last, in the order in which it filled them. The
// infinities of masks are meant, where a softmax takes them.
func (e *execution[T]) origin() error {
	masks := map[*T]*operation[T]{} // by the first number of what they give
	for i, in := range e.inputs {
		if what := notFinite(in); what != "" {
			return fmt.Errorf("input %s holds %s", e.names[i], what)
		}
	}
	for _, s := range e.last {
		if k, ok := s.op.kernel.(*split[T]); ok {
			switch k.parted.(type) {
			case *causal[T], *padding[T]:
				masks[&s.op.out[0]] = s.op
				continue
			}
		}
		for _, in := range s.in {
			if w := e.weightOf(in); w != nil && notFinite(in) != "" {
				return s.op.fail(fmt.Errorf("its weights %s hold %s", w.Name, notFinite(in)))
			}
		}
		if what := notFinite(s.op.out); what != "" {
			for _, in := range s.in {
				if len(in) > 0 && masks[&in[0]] != nil {
					return masks[&in[0]].fail(fmt.Errorf("%w, and %s takes them", ErrMasked, s.op.at.path))
				}
			}
			return s.op.fail(fmt.Errorf("the %s gives %s", s.op.name, what))
		}
	}
	return nil
}

// weightOf is the weight that a buffer belongs to, if any.
func (e *execution[T]) weightOf(buffer []T) *weight[T] {
	for _, w := range e.weights {
		if len(buffer) > 0 && &w.value[0] == &buffer[0] {
			return w
		}
	}
	return nil
}

// notFinite names the first number of a list that isn't finite; "" where all are.
func notFinite[T real](list []T) string {
	for _, v := range list {
		if x := float64(v); math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Sprint(x)
		}
	}
	return ""
}
