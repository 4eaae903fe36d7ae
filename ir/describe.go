package ir

import (
	"errors"
	"fmt"
	"math"
	"sort"

	"github.com/spacec-lang/spacec/lang"
)

// Growth is how a recursive grammar grows by its written weights, without its types: every tensor counts as one of the
// input's shape, and requirements, and guards that look at wires or at the nesting, are passed over. So it is of the
// grammar, and an approximation of the space.
type Growth struct {
	// Rate is the spectral radius of the mean matrix: how many calls of Rule one call of it leads to in the mean, of
	// the part of the grammar that grows most. 0 where no rule calls itself.
	Rate float64
	Rule string
	At   lang.Span // of the rule
	// Size is the mean number of ops, +Inf where Rate is 1 or more.
	Size float64
	// Ends is the probability that a walk ends, 1 where Rate is 1 or less, and Bits the entropy of the decisions. They
	// are of what is derived alone: copies decide nothing.
	Ends, Bits float64
	// Critical is the weight to change, nil where no one weight makes Rate 1.
	Critical *Critical
}

// RunsAway tells whether some walks need not end.
func (g *Growth) RunsAway() bool { return g.Rate > 1+1e-9 }

// Finite tells whether points have a mean size.
func (g *Growth) Finite() bool { return g.Rate < 1-1e-9 }

// Critical is an alternative's weight, and the value at which the grammar's rate is 1: finite on one side of it.
type Critical struct {
	Option   string
	At       lang.Span // of the alternative
	Percent  bool
	Weight   float64 // as written
	Critical float64
	Above    bool // finite above the value, and not below
}

// Side is where the grammar is finite: above the value, or below.
func (c *Critical) Side() string {
	if c.Above {
		return "above"
	}
	return "below"
}

// maxFlat is how many entered rules a grammar without types may have.
const maxFlat = 1_000

// Growth computes how the grammar grows: as derived, a let that is drawn once counting once, or as built, each of its
// copies counted.
func (sp *Space) Growth(copies bool) (*Growth, error) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	return sp.growth(copies, nil)
}

// growth is that of the grammar whose recursive rules keep the limits, each entry of them for itself.
func (sp *Space) growth(copies bool, limits []limit) (*Growth, error) {
	flat := sp.flatten(copies)
	if flat == nil {
		return nil, errors.New("without its requirements the space can't be loaded")
	}
	ts, err := flat.write(limits)
	if err != nil {
		return nil, fmt.Errorf("the grammar without its types: %w", err)
	}
	if len(ts.list) > maxFlat {
		return nil, fmt.Errorf("the grammar without its types enters its rules in more than %d ways", maxFlat)
	}
	m, s, err := ts.means(nil)
	if err != nil {
		return nil, err
	}
	g := &Growth{}
	var top growth
	for _, part := range m.growths() {
		if part.rate > top.rate {
			top = part
		}
	}
	g.Rate, g.Rule, g.At = top.rate, top.rule, top.at
	size, bits := m.totals()
	g.Size = size
	if !copies {
		g.Bits = bits
		for _, x := range s.exits[0] {
			g.Ends += x
		}
		if !g.RunsAway() {
			g.Ends = 1
		}
	}
	if g.Rate > 0 {
		g.Critical = ts.critical(top)
	}
	return g, nil
}

// written is an alternative of a choice as it is written, wherever its rule is entered.
type written struct {
	span   lang.Span
	option int
	of     int
}

// candidate is an alternative whose weight may be changed.
type candidate struct {
	written
	at     lang.Span
	label  string
	weight weight
	ending float64 // the rate where it is all that is taken
}

// Of a critical weight's search: how near to 1 the rate has to be, how many alternatives are tried.
const (
	bisections = 60
	maxTries   = 8
	maxChoices = 400
)

// critical looks for the weight that makes a recursive part's rate 1: of an alternative that ends the recursion, or
// comes nearest to that, the one whose share has to change least.
func (ts *tables) critical(part growth) *Critical {
	rate := func(c *candidate, w float64) float64 {
		m, _, err := ts.means(func(at *config) []weight {
			if n, ok := at.ask.(*choiceNode); !ok || c.span != n.span || c.of != at.dom.n {
				return nil
			}
			list := append([]weight(nil), at.dom.weights...)
			list[c.option].w = w
			return list
		})
		if err != nil {
			return math.NaN()
		}
		return m.growth(part.list).rate
	}
	limits := func(c *candidate) (lo, hi float64) {
		if c.weight.percent {
			return 0, 100
		}
		return c.weight.w * 1e-6, c.weight.w * 1e6
	}
	list := candidates(part)
	if len(list) > maxChoices {
		return nil
	}
	for _, c := range list {
		_, hi := limits(c)
		c.ending = rate(c, hi)
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].ending < list[j].ending-1e-4 })
	var best *Critical
	least := math.Inf(1)
	for i, c := range list {
		if i == maxTries || c.ending > list[0].ending+1e-4 && best != nil {
			break
		}
		lo, hi := limits(c)
		below := rate(c, lo)
		if !((below > 1) != (c.ending > 1)) {
			continue
		}
		for range bisections {
			mid := (lo + hi) / 2
			if !c.weight.percent {
				mid = math.Sqrt(lo * hi)
			}
			if (rate(c, mid) > 1) == (below > 1) {
				lo = mid
			} else {
				hi = mid
			}
		}
		change := math.Abs(hi - c.weight.w)
		if !c.weight.percent {
			change = math.Abs(math.Log(hi / c.weight.w))
		} else {
			change /= 100
		}
		if change < least-1e-9 {
			least = change
			best = &Critical{c.label, c.at, c.weight.percent, c.weight.w, hi, below > 1}
		}
	}
	return best
}

// candidates are the alternatives of the choices in a recursive part, in the order written.
func candidates(part growth) []*candidate {
	var list []*candidate
	seen := map[written]bool{}
	for _, t := range part.list {
		for _, p := range t.spots {
			n, ok := p.c.ask.(*choiceNode)
			if !ok || len(n.alts) < 2 {
				continue
			}
			for i := range n.alts {
				w := written{n.span, i, len(n.alts)}
				if seen[w] || n.alts[i].weight.w <= 0 {
					continue
				}
				seen[w] = true
				list = append(list, &candidate{written: w, at: n.alts[i].body.pos().span, label: n.alts[i].label, weight: n.alts[i].weight})
			}
		}
	}
	sort.SliceStable(list, func(i, j int) bool { return list[i].at.Start < list[j].at.Start })
	return list
}

// Choices is the number of choices as written: lists of alternatives, ranges and options.
func (sp *Space) Choices() int {
	n := 0
	for _, d := range sp.File.Decls {
		if _, ok := d.(*lang.Seed); ok {
			continue
		}
		lang.Walk(d, func(x lang.Node) bool {
			switch x.(type) {
			case *lang.Choice, *lang.Range, *lang.Optional:
				n++
			}
			return true
		})
	}
	return n
}
