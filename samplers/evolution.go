package samplers

import (
	"math"

	"github.com/spacec-lang/spacec/ir"
)

// The sizes of regularised evolution: small, since trials are dear.
const (
	population = 10
	tournament = 3
	crossover  = 0.1
)

// NewEvolution makes a sampler by regularised evolution (Real et al. 2019, "Regularized Evolution for Image Classifier
// Architecture Search", arXiv 1802.01548): the first 10 trials are drawn from the prior, or are the seeds that it is
// taught; then the best of 3 of the last 10 trials told has a child, and the oldest of them is dropped when another is
// told.
//
// A child is its parent with one decision changed. Decisions are known by their paths, so all others stay as they
// are where they are still met and still on offer; those below the change that the parent doesn't meet are drawn from
// the prior. A number changes to one near it as often as to any. One child in 10 has two parents instead: each
// decision that both meet comes from either, and one that only one meets comes with it.
func NewEvolution(space *ir.Space, seed uint64) Sampler {
	return &evolution{walk: space.Walk(), seed: seed, pending: map[int]*kin{}}
}

type evolution struct {
	walk    *ir.Walk
	seed    uint64
	pending map[int]*kin
	members []member // the oldest first
}

type member struct {
	*kin
	value float64 // minus infinity where there is none
}

func (s *evolution) Ask(trial int) (*ir.Point, error) {
	if _, ok := s.pending[trial]; ok {
		return nil, askedAlready(trial)
	}
	p, g, err := s.child(trial)
	if err == nil {
		s.pending[trial] = newKin(p, g)
	}
	return p, err
}

// Teach takes a given point for a trial.
func (s *evolution) Teach(trial int, p *ir.Point) error {
	if _, ok := s.pending[trial]; ok {
		return askedAlready(trial)
	}
	k, err := kinOf(s.walk, p)
	if err == nil {
		s.pending[trial] = k
	}
	return err
}

func (s *evolution) Tell(trial int, o Outcome) error {
	k, ok := s.pending[trial]
	if !ok {
		return notAsked(trial)
	}
	delete(s.pending, trial)
	if len(s.members) == population {
		s.members = append(s.members[:0], s.members[1:]...)
	}
	s.members = append(s.members, member{k, o.reward()})
	return nil
}

func (s *evolution) child(trial int) (*ir.Point, genome, error) {
	at := drawn{s.seed, uint64(trial)}
	if len(s.members) < population {
		return drive(s.walk, at)
	}
	parent := s.parent(trial, 0)
	if len(parent.genome) == 0 || math.IsInf(parent.value, -1) {
		return drive(s.walk, at)
	}
	if at.uniform(drawCrossover) < crossover {
		other := s.parent(trial, 1)
		p, g, err := drive(s.walk, &bred{drawn: at, parent: parent.genes, other: other.genes})
		if err != nil || !g.same(parent.genome) && !g.same(other.genome) {
			return p, g, err
		}
	}
	return mutate(s.walk, at, parent.kin)
}

// parent is the best of a few members, no member twice.
func (s *evolution) parent(trial int, which uint64) member {
	order := shuffled(len(s.members), drawn{s.seed, uint64(trial)}, drawParent+which)
	best := s.members[order[0]]
	for _, i := range order[1:tournament] {
		if m := s.members[i]; m.value > best.value {
			best = m
		}
	}
	return best
}

// maxMutants is how often a parent is changed where nothing else turns out to be on offer.
const maxMutants = 20

// mutate is a mutant that isn't its parent, unless there is none to be found.
func mutate(w *ir.Walk, at drawn, parent *kin) (*ir.Point, genome, error) {
	for try := uint64(0); ; try++ {
		i, child := mutant(at, parent.genome, parent.genes)
		p, g, err := vary(w, parent, i, child)
		if err != nil || try == maxMutants || !g.same(parent.genome) {
			return p, g, err
		}
		at.seed = mixed(at.seed, try)
	}
}

// mutant answers as a parent with one decision changed, which is decision i.
func mutant(at drawn, parent genome, by genes) (i int, child *bred) {
	i = int(at.uniform(drawGene) * float64(len(parent)))
	g := &parent[i]
	child = &bred{drawn: at, parent: by, changed: g.key, to: change{any: true}}
	if g.ordered && at.uniform(drawNear) < 0.5 {
		child.to = g.near(at.uniform(drawStep))
	}
	return i, child
}

// near is a change of an ordered decision by a small step: u, in [0, 1), says in which direction and how far, a tenth of
// the range at most.
func (g *gene) near(u float64) change {
	step := (2*u - 1) / 10
	if g.options == 0 {
		to := g.at + step
		if to < 0 || to > 1 {
			to = g.at - step
		}
		return change{at: to}
	}
	k := max(1, int(math.Abs(step)*float64(g.options-1)+0.5))
	if step < 0 {
		k = -k
	}
	if to := g.option + k; to < 0 || to >= g.options {
		k = -k
	}
	return change{option: g.option + k}
}
