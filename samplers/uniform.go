package samplers

import "github.com/spacec-lang/spacec/ir"

// NewUniform makes a sampler that draws from a finite space, every point as likely as any other. A trial's point depends on
// nothing but the seed and the trial's number. Ask fails where the points can't be counted.
func NewUniform(space *ir.Space, seed uint64) Sampler { return &uniform{space, seed} }

type uniform struct {
	space *ir.Space
	seed  uint64
}

func (u *uniform) Ask(trial int) (*ir.Point, error) {
	return u.space.DrawUniform(u.seed, uint64(trial))
}

func (u *uniform) Tell(int, Outcome) error { return nil }
