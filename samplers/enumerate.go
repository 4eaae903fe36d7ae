package samplers

import (
	"fmt"
	"math/big"

	"github.com/spacec-lang/spacec/ir"
)

// NewEnumerate makes a sampler that goes through a finite space in the order of its points' indices, which is that of
// their decisions. Continuous values, which have no index, are drawn. Ask fails with ErrExhausted after the last point,
// and where the points can't be counted.
func NewEnumerate(space *ir.Space, seed uint64) Sampler { return &enumerate{space, seed, new(big.Int)} }

type enumerate struct {
	space *ir.Space
	seed  uint64
	next  *big.Int
}

func (e *enumerate) Ask(int) (*ir.Point, error) {
	count, err := e.space.Count()
	if err != nil {
		return nil, fmt.Errorf("%v can't be enumerated: %w", e.space, err)
	}
	if e.next.Cmp(count) >= 0 && count.Sign() > 0 {
		return nil, fmt.Errorf("%w: %v has %s", ErrExhausted, e.space, count)
	}
	p, err := e.space.At(e.next, e.seed)
	if err == nil {
		e.next.Add(e.next, one)
	}
	return p, err
}

func (e *enumerate) Tell(int, Outcome) error { return nil }
