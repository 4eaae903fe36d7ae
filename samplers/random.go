package samplers

import "github.com/spacec-lang/spacec/ir"

// NewRandom makes a sampler that draws every point from the prior, the written weights over what is
// feasible. A trial's point depends on nothing but the seed and the trial's number.
func NewRandom(space *ir.Space, seed uint64) Sampler { return &random{space.Walk(), seed} }

type random struct {
	walk *ir.Walk
	seed uint64
}

func (r *random) Ask(trial int) (*ir.Point, error) {
	r.walk.Reset()
	r.walk.Draw(r.seed, uint64(trial))
	return r.walk.Point()
}

func (r *random) Tell(int, Outcome) error { return nil }
