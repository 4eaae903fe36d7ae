package samplers

import (
	"math"

	"github.com/spacec-lang/spacec/ir"
)

// NewLocal makes a sampler by local search, which White et al. 2021 ("Exploring the Loss Landscape in Neural Architecture
// Search", arXiv 2005.02960) find hard to beat: from a point drawn from the prior, or the best seed that it is taught,
// it tries the neighbours in an order that is drawn, and steps to the first that is better. Where none is, it
// starts again elsewhere.
//
// A neighbour differs in one decision, and in what that leads to: all options of one without an order, the numbers to
// both sides of an ordered one and one further off, two of a continuous range.
func NewLocal(space *ir.Space, seed uint64) Sampler {
	return &local{walk: space.Walk(), seed: seed, best: math.Inf(-1), pending: map[int]step{}}
}

type local struct {
	walk    *ir.Walk
	seed    uint64
	starts  int         // how often it has started
	best    float64     // of this start
	centre  genome      // the point of that value
	order   []neighbour // of the centre, still to be tried
	pending map[int]step
}

// step is a point that is tried: of the start of that number.
type step struct {
	genome genome
	start  int
}

type neighbour struct {
	key uint64
	to  change
}

func (s *local) Ask(trial int) (*ir.Point, error) {
	if _, ok := s.pending[trial]; ok {
		return nil, askedAlready(trial)
	}
	at := drawn{s.seed, uint64(trial)}
	var from answers = at
	switch {
	case len(s.order) > 0:
		n := s.order[0]
		s.order = s.order[1:]
		from = &bred{drawn: at, parent: s.centre.genes(), changed: n.key, to: n.to}
	case s.centre != nil:
		s.starts++
		s.best, s.centre = math.Inf(-1), nil
	}
	p, g, err := drive(s.walk, from)
	if err == nil {
		s.pending[trial] = step{g, s.starts}
	}
	return p, err
}

// Teach takes a given point for a trial.
func (s *local) Teach(trial int, p *ir.Point) error {
	if _, ok := s.pending[trial]; ok {
		return askedAlready(trial)
	}
	_, g, err := follow(s.walk, p)
	if err == nil {
		s.pending[trial] = step{g, s.starts}
	}
	return err
}

func (s *local) Tell(trial int, o Outcome) error {
	t, ok := s.pending[trial]
	if !ok {
		return notAsked(trial)
	}
	delete(s.pending, trial)
	if value := o.reward(); t.start == s.starts && value > s.best {
		s.best, s.centre = value, t.genome
		s.order = neighbours(t.genome, drawn{s.seed, uint64(trial)})
	}
	return nil
}

// neighbours are the changes of one decision of a point, in an order that is drawn.
func neighbours(g genome, at drawn) []neighbour {
	var all []neighbour
	for i := range g {
		x := &g[i]
		add := func(to change) { all = append(all, neighbour{x.key, to}) }
		switch u := at.uniform(mixed(drawOther, x.key)); {
		case x.options == 0:
			add(x.near(u))
			add(change{any: true})
		case x.ordered:
			for _, o := range []int{x.option - 1, x.option + 1} {
				if o >= 0 && o < x.options {
					add(change{option: o})
				}
			}
			if x.options > 3 {
				add(change{any: true})
			}
		default:
			for o := range x.options {
				if o != x.option {
					add(change{option: o})
				}
			}
		}
	}
	out := make([]neighbour, len(all))
	for i, j := range shuffled(len(all), at, drawNeighbours) {
		out[i] = all[j]
	}
	return out
}
