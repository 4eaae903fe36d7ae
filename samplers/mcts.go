package samplers

import (
	"math"
	"slices"
	"sort"

	"github.com/spacec-lang/spacec/ir"
)

// exploration is the factor c of UCT: sigma / sqrt(2) for rewards of the standard deviation sigma, which is 1 / sqrt(12) for
// ranks, as they lie evenly between 0 and 1 (Auer, Cesa-Bianchi & Fischer 2002).
const exploration = 0.2

// Outside of the tree an arm is drawn by its prior times exp(mean / temperature), where the mean counts as many rewards of a
// half more.
const (
	temperature = 0.1
	shrink      = 3
)

// widening is the square of the factor of progressive widening.
const widening = 16

// bins is how many equal parts a continuous range is bisected to, a power of two.
const bins = 32

// NewMCTS makes a sampler by Monte Carlo tree search with UCT (Kocsis & Szepesvari 2006): where every arm
// of a node was tried it takes the one with the greatest
//
//	mean reward + 2 c sqrt(ln visits(node) / visits(arm)),  c = 0.2
//
// and where not, one of the untried by the prior. Of more than 16 arms, 4 sqrt(visits) are tried (progressive widening,
// Coulom 2007). That arm becomes a node, and below it the point is drawn from the prior, leaning to answers that did well
// wherever they stood in the tree (move-average sampling, Finnsson & Björnsson 2008). A reward is the share of the values
// told so far that are lower, so that outliers count for no more than others; a trial that failed has 0, and so has one
// that isn't told yet, so that trials under way at once spread out.
//
// The arms of a node are the feasible options of the decision at hand. Ordered options are bisected, as
// DeepArchitect does (Negrinho & Gordon 2017), so that near values learn from each other: the
// arms are the lower and the upper half of the options that are left. A continuous range is bisected to 32
// bins and drawn from within one. A decision with one feasible option is none, for the walk never asks it.
//
// A trial adds one node to the tree at most, whatever the size of the space.
func NewMCTS(space *ir.Space, seed uint64) Sampler {
	return &mcts{walk: space.Walk(), seed: seed, root: &node{}, moves: map[arm]*node{}, pending: map[int][]*node{}}
}

type mcts struct {
	walk    *ir.Walk
	seed    uint64
	root    *node
	moves   map[arm]*node   // wherever they stand in the tree
	pending map[int][]*node // the nodes that a trial not yet told went through
	told    []valued
	ranked  []float64 // values told when the rewards were last made anew, in ascending order
}

// valued is a trial that was told with a value.
type valued struct {
	path  []*node
	value float64
}

// node is a place in the tree: answers given, the last of them perhaps to a half of its options only.
type node struct {
	visits int     // trials asked for
	reward float64 // the sum of the rewards of trials told
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
		s.walk.Along(given)
		answers = given.Choices()
	}
	for d, ok := s.walk.Next(); ok; d, ok = s.walk.Next() {
		n := narrowing{d: d, hi: size(d), u: ir.Uniform(s.seed, uint64(trial), d.Key())}
		if given != nil {
			n.given(answers[0])
			answers = answers[1:]
		}
		for n.hi-n.lo > 1 {
			i := s.arm(at, &n)
			a := n.arm(i)
			n.narrow(i)
			path = append(path, visit(s.moves, a))
			if at == nil {
				continue
			}
			if at.arms == nil {
				at.arms = map[arm]*node{}
			}
			at = visit(at.arms, a)
			if path = append(path, at); at.visits == 0 {
				at = nil
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
	s.told = append(s.told, valued{path, value})
	if len(s.told) > len(s.ranked)*9/8 {
		s.rank()
		return nil
	}
	reward := s.reward(value)
	for _, n := range path {
		n.reward += reward
	}
	return nil
}

// rank makes all rewards anew, by the values that are known now.
func (s *mcts) rank() {
	s.ranked = s.ranked[:0]
	for _, t := range s.told {
		s.ranked = append(s.ranked, t.value)
		for _, n := range t.path {
			n.reward = 0
		}
	}
	slices.Sort(s.ranked)
	for _, t := range s.told {
		reward := s.reward(t.value)
		for _, n := range t.path {
			n.reward += reward
		}
	}
}

// reward is the share of the values that are lower; of equals, half.
func (s *mcts) reward(value float64) float64 {
	low, _ := slices.BinarySearch(s.ranked, value)
	high := low + sort.Search(len(s.ranked)-low, func(i int) bool { return s.ranked[low+i] > value })
	return float64(low+high) / float64(2*len(s.ranked))
}

// visit is the node of an arm, which is made if need be.
func visit(of map[arm]*node, a arm) *node {
	n := of[a]
	if n == nil {
		n = &node{}
		of[a] = n
	}
	return n
}

// arm chooses an arm at a node of the tree, or outside of it.
func (s *mcts) arm(at *node, n *narrowing) int {
	if n.fixed {
		return n.toGiven()
	}
	best, bestScore := 0, math.Inf(-1)
	var untried []int
	for i := range n.arms() {
		var child *node
		if at != nil {
			child = at.arms[n.arm(i)]
		}
		switch {
		case child == nil || child.visits == 0:
			untried = append(untried, i)
		case s.score(at, child) > bestScore:
			best, bestScore = i, s.score(at, child)
		}
	}
	if tried := n.arms() - len(untried); len(untried) == 0 || tried > 0 && square(float64(tried)) >= widening*float64(at.visits+1) {
		return best
	}
	return n.draw(untried, s.lean)
}

// lean is the factor by which an arm is likelier than the prior has it, outside of the tree.
func (s *mcts) lean(a arm) float64 {
	m := s.moves[a]
	if m == nil {
		return 1
	}
	mean := (m.reward + shrink/2) / (float64(m.visits) + shrink)
	return math.Exp((mean - 0.5) / temperature)
}

// score is the upper confidence bound of an arm: its mean reward, and the more the fewer of the node's visits it had.
func (s *mcts) score(at, child *node) float64 {
	visits := float64(child.visits)
	return child.reward/visits + 2*exploration*math.Sqrt(math.Log(float64(at.visits))/visits)
}
