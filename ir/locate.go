package ir

import (
	"fmt"
	"math"
	"math/big"
)

// Location is where an architecture lies in a space.
type Location struct {
	// Point is the most probable derivation: a point of the space that builds the architecture. Where MostProbable
	// is false there may be a more probable one.
	Point        *Point
	MostProbable bool
	// Free are the decisions of Point that nothing in the architecture decides: those of configs that it
	// doesn't have. They are given the most probable answer, or the middle of a range, and neither counted nor
	// weighed.
	Free []string
	// Derivations is the number of points, continuous values and free decisions left out, that build the
	// architecture; nil where there are infinitely many. It is a lower bound where Exact is false.
	Derivations *big.Int
	Exact       bool
	// LogProbability is the natural logarithm of the probability of Point, as its decisions' Prior gives it,
	// LogTotal that of all derivations together, a lower bound where TotalExact is false. A continuous
	// value and a free decision count as certain.
	LogProbability float64
	LogTotal       float64
	TotalExact     bool
	// Withheld are the decisions of Point whose answer the space doesn't offer: that it completes was not known to it.
	Withheld []string
}

// Locate finds an architecture, which is a space with one point, in the space. Only what the architecture builds
// counts, not how it is written: the graph of its net, up to the order in which its ops and the operands of its
// sums and products stand, and its configs' values. The error is an *Outside where it isn't a point of the
// space.
func (sp *Space) Locate(arch *Space) (*Location, error) {
	p, err := arch.Only()
	if err != nil {
		return nil, err
	}
	b, err := p.Build()
	if err != nil {
		return nil, err
	}
	sp.mu.Lock()
	defer sp.mu.Unlock()
	return sp.locate(b, arch)
}

func (sp *Space) locate(b *Built, arch *Space) (*Location, error) {
	if err := sp.comparable(b, arch); err != nil {
		return nil, err
	}
	sp.decide()
	l := newLocator(sp)
	l.findReals(b)
	p, err := l.find(b, maxParse)
	if err != nil {
		return nil, err
	}
	f := p.grow()
	if f == nil {
		return nil, l.outside(b, arch, p.cut)
	}
	for {
		if sp.decide(); sp.vast && (p.cut || f.infinite) {
			loc, err := sp.along(f, p, arch)
			if sp.grown {
				sp.forget()
				continue
			}
			return loc, err
		}
		w := f.weigh(p, sp)
		if w == nil {
			sp.forget()
			continue
		}
		if w.count.Sign() == 0 {
			return nil, sp.unoffered(f, p, w, arch)
		}
		loc := sp.location(f, w)
		if loc == nil {
			sp.forget()
			continue
		}
		if p.cut {
			loc.Exact, loc.TotalExact, loc.MostProbable = false, false, false
		}
		return loc, nil
	}
}

// find parses what was built.
func (l *locator) find(b *Built, limit int) (*parse, error) {
	g := b.Graph
	if g == nil {
		g = emptyGraph
	}
	var err error
	if l.target, err = newTarget(g, l.table); err != nil {
		return nil, err
	}
	root, err := l.root(b)
	if err != nil {
		return nil, err
	}
	return l.parse(root, limit), nil
}

// location is the most probable derivation as a point, with what is free completed. It is nil where the space's
// tables have to be made anew.
func (sp *Space) location(f *forest, w *weighed) *Location {
	loc := &Location{Derivations: w.count, Exact: w.complete, LogProbability: w.best, LogTotal: w.total,
		TotalExact: w.complete, MostProbable: w.complete}
	if !w.complete && sp.recursive && w.withheld == nil {
		if root := f.order[len(f.order)-1]; !f.infinite {
			loc.Derivations, loc.Exact = root.all.count, true
		}
	}
	if f.infinite {
		loc.Derivations, loc.Exact = nil, true
	}
	if sp.finish(loc, &Walk{sp: sp, at: w.end, spent: w.spent, path: w.path, state: walkMoving, epoch: sp.epoch}) != nil {
		return nil
	}
	return loc
}

// finish takes a walk that has come through what the architecture decides to its end. It fails where the space's tables
// have to be made anew.
func (sp *Space) finish(loc *Location, walk *Walk) (err error) {
	for walk.at != nil {
		mn := walk.offer()
		if len(mn.options) == 0 || sp.grown {
			return fmt.Errorf("%s: nothing can be completed here", walk.at.k.path)
		}
		d := Decision{c: walk.at, menu: mn, space: sp, walk: walk.ruled()}
		best := 0
		for i, x := range mn.prior {
			if x > mn.prior[best] {
				best = i
			}
		}
		_, forced := walk.lone()
		if walk.ruled() == nil {
			forced = sp.forced(walk.at, len(mn.options))
		}
		if !forced {
			loc.Free = append(loc.Free, d.Path())
		}
		real := 0.0
		if walk.at.dom.continuous {
			real = d.PickReal(0.5)
		}
		walk.take(mn.options[best], real, forced)
	}
	walk.state = walkEnded
	loc.Point, err = walk.Point()
	return err
}

// Probability is e to the power of a logarithm, as text of any size: "0.25", "3.1e-412".
func Probability(logarithm float64) string {
	if x := math.Exp(logarithm); x >= 1e-300 {
		return fmt.Sprintf("%.4g", x)
	}
	ten := logarithm / math.Ln10
	exponent := math.Floor(ten)
	return fmt.Sprintf("%.4ge%.0f", math.Pow(10, ten-exponent), exponent)
}
