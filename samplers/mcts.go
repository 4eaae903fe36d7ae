package samplers

import (
	"math"

	"github.com/spacec-lang/spacec/ir"
)

// exploration is the factor c of UCT, for rewards between 0 and 1.
const exploration = 0.5

// bins is how many equal parts a continuous range is bisected to, a power of two.
const bins = 32

// NewMCTS makes a sampler by Monte Carlo tree search with UCT (Kocsis & Szepesvari 2006): where every arm
// of a node was tried it takes the one with the greatest
//
//	mean reward + 2 c sqrt(ln visits(node) / visits(arm)),  c = 0.5
//
// and where not, one of the untried by the prior. That arm becomes a node, and the rest of the point is
// drawn from the prior. A reward is the value scaled by the least and the greatest value told so far; a
// trial that failed has the least, 0, and so has one that isn't told yet, so that trials under way at once
// spread out.
//
// The arms of a node are the feasible options of the decision at hand. Ordered options are bisected, as
// DeepArchitect does (Negrinho & Gordon 2017), so that near values learn from each other: the
// arms are the lower and the upper half of the options that are left. A continuous range is bisected to 32
// bins and drawn from within one. A decision with one feasible option is none, for the walk never asks it.
//
// A trial adds one node to the tree at most, whatever the size of the space.
func NewMCTS(space *ir.Space, seed uint64) Sampler {
	return &mcts{walk: space.Walk(), seed: seed, root: &node{}, pending: map[int][]*node{},
		least: math.Inf(1), greatest: math.Inf(-1)}
}

type mcts struct {
	walk            *ir.Walk
	seed            uint64
	root            *node
	pending         map[int][]*node // the nodes that a trial not yet told went through
	least, greatest float64         // of the values told
}

// node is a place in the tree: answers given, the last of them perhaps to a half of its options only.
type node struct {
	visits int     // trials asked for
	valued int     // trials told with a value
	mean   float64 // of those values
	arms   map[arm]*node
}

// arm is a step down the tree: a decision, narrowed to the options from first to last. It names the
// options among all that the decision has, so that it stays true where others are withheld.
type arm struct {
	decision    uint64
	first, last int
}

func (s *mcts) Ask(trial int) (*ir.Point, error) { return s.ask(trial, nil) }

// Teach takes a given point for a trial.
func (s *mcts) Teach(trial int, p *ir.Point) error {
	_, err := s.ask(trial, p)
	return err
}

// ask goes down the tree, to where given leads, if one is.
func (s *mcts) ask(trial int, given *ir.Point) (*ir.Point, error) {
	if s.pending[trial] != nil {
		return nil, askedAlready(trial)
	}
	path := []*node{s.root}
	at := s.root // nil once the walk has left the tree
	s.walk.Reset()
	var answers []ir.Choice
	if given != nil {
		answers = given.Choices()
	}
	for d, ok := s.walk.Next(); ok; d, ok = s.walk.Next() {
		n := narrowing{d: d, hi: size(d), u: ir.Uniform(s.seed, uint64(trial), d.Key())}
		if given != nil {
			n.given(answers[0])
			answers = answers[1:]
		}
		for at != nil && n.hi-n.lo > 1 {
			if at = s.descend(at, &n); at.visits == 0 {
				path, at = append(path, at), nil
			} else {
				path = append(path, at)
			}
		}
		n.answer(s.walk)
	}
	p, err := s.walk.Point()
	if err != nil {
		return nil, err
	}
	for _, n := range path {
		n.visits++
	}
	s.pending[trial] = path
	return p, nil
}

func (s *mcts) Tell(trial int, o Outcome) error {
	path := s.pending[trial]
	if path == nil {
		return notAsked(trial)
	}
	delete(s.pending, trial)
	value := o.reward()
	if math.IsInf(value, -1) {
		return nil
	}
	s.least, s.greatest = math.Min(s.least, value), math.Max(s.greatest, value)
	for _, n := range path {
		n.valued++
		k := float64(n.valued)
		n.mean = n.mean*((k-1)/k) + value/k // no difference of values, which could overflow
	}
	return nil
}

// descend narrows the decision to one arm of a node and returns where that leads: a node without visits
// where the arm is tried for the first time.
func (s *mcts) descend(at *node, n *narrowing) *node {
	best, bestScore := 0, math.Inf(-1)
	var untried []int
	for i := range n.arms() {
		switch child := at.arms[n.arm(i)]; {
		case child == nil || child.visits == 0:
			untried = append(untried, i)
		case s.score(at, child) > bestScore:
			best, bestScore = i, s.score(at, child)
		}
	}
	switch {
	case n.fixed:
		best = n.toGiven()
	case len(untried) > 0:
		best = n.draw(untried)
	}
	a := n.arm(best)
	n.narrow(best)
	if at.arms == nil {
		at.arms = map[arm]*node{}
	}
	if at.arms[a] == nil {
		at.arms[a] = &node{}
	}
	return at.arms[a]
}

// score is the upper confidence bound of an arm: its mean reward, where a trial without a value has none,
// and the more the fewer of the node's visits it had.
func (s *mcts) score(at, child *node) float64 {
	reward := 1.0
	if s.greatest > s.least { // halved, since the difference of two numbers may be beyond the greatest
		reward = (child.mean/2 - s.least/2) / (s.greatest/2 - s.least/2)
	}
	visits := float64(child.visits)
	return reward*float64(child.valued)/visits + 2*exploration*math.Sqrt(math.Log(float64(at.visits))/visits)
}
