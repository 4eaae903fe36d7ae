package samplers

import (
	"fmt"

	"github.com/spacec-lang/spacec/ir"
)

// NewSeeded makes a sampler whose first trials are the given points of the space, in order; the others are those of s. A
// sampler that has Teach learns from what comes of the points. A point of another space is an error; one that was loaded by
// itself, of the same text, is another.
func NewSeeded(s Sampler, space *ir.Space, points []*ir.Point) (Sampler, error) {
	if len(points) == 0 {
		return s, nil
	}
	for i, p := range points {
		if p.Space() != space {
			return nil, fmt.Errorf("point %d of the seeds is of another space than the one to be sampled: locate or read it there", i)
		}
	}
	return &seeded{s, points}, nil
}

type seeded struct {
	Sampler
	points []*ir.Point
}

// teacher is a sampler that can be asked for a given point instead of one of its own.
type teacher interface {
	Teach(trial int, p *ir.Point) error
}

func (s *seeded) Ask(trial int) (*ir.Point, error) {
	if trial < 0 || trial >= len(s.points) {
		return s.Sampler.Ask(trial)
	}
	if t, ok := s.Sampler.(teacher); ok {
		if err := t.Teach(trial, s.points[trial]); err != nil {
			return nil, err
		}
	}
	return s.points[trial], nil
}

func (s *seeded) Tell(trial int, o Outcome) error {
	if _, ok := s.Sampler.(teacher); !ok && trial >= 0 && trial < len(s.points) {
		return nil
	}
	return s.Sampler.Tell(trial, o)
}
