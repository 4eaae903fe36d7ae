package gorgonia

import (
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/cores"
	"github.com/spacec-lang/spacec/ir/op"
)

// parted is the arithmetic of a primitive that is the same for each of many things, such as elements, rows or planes: what
// is written for one doesn't depend on what is written for another.
type parted[T real] interface {
	// forwardPart writes what the things [lo, hi) have in out.
	forwardPart(in [][]T, out []T, lo, hi int)
	// backwardPart writes what they have in each din that isn't nil.
	backwardPart(in [][]T, out, dout []T, din [][]T, lo, hi int)
}

// split is the kernel of n things that the cores share, so many at a time.
type split[T real] struct {
	parted[T]
	team      *cores.Team
	n, grain  int
	in, din   [][]T
	out, dout []T // nil while forward
}

// elementsAtOnce is how many elements a part of the work has, so that handing it out costs nothing beside it.
const elementsAtOnce = 1 << 14

// split is the kernel p on n things of so many elements each.
func (b *builder[T]) split(n, elements int, p parted[T]) *split[T] {
	return &split[T]{parted: p, team: b.low.team, n: n, grain: max(1, elementsAtOnce/max(1, elements))}
}

func (s *split[T]) forward(in [][]T, out []T) error {
	s.in, s.out = in, out
	s.team.Do(s.n, s.grain, s)
	return nil
}

func (s *split[T]) backward(in [][]T, out, dout []T, din [][]T) {
	s.in, s.out, s.dout, s.din = in, out, dout, din
	s.team.Do(s.n, s.grain, s)
	s.dout = nil
}

func (s *split[T]) passes() bool {
	p, ok := s.parted.(passes[T])
	return ok && p.passes()
}

// Do is for the team.
func (s *split[T]) Do(_, lo, hi int) {
	if s.dout == nil {
		s.forwardPart(s.in, s.out, lo, hi)
		return
	}
	s.backwardPart(s.in, s.out, s.dout, s.din, lo, hi)
}

// elements is the kernel p on the elements of a batch of tensors.
func (b *builder[T]) elements(each op.Shape, p parted[T]) *split[T] {
	return b.split(b.low.Batch*int(each.Elements()), 1, p)
}
