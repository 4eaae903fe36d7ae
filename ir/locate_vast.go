package ir

import (
	"fmt"
	"math"
	"math/big"

	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// A space whose types can't be listed may have a graph's derivations without end, and offers of them what it knows to
// complete. So they are not weighed one by one: some probable ones are walked as they are drawn, and one is taken all
// of whose answers are offered. Where there is none, one whose other answers are within all rules and requirements: that it
// completes shows in the derivation itself.

// maxGuided is how many derivations are walked.
const maxGuided = 60

// guided is a walk along a derivation.
type guided struct {
	walk     *Walk
	prob     float64
	withheld []string // decisions whose answer is not offered
}

// along is where an architecture lies, by the best of some derivations.
func (sp *Space) along(f *forest, p *parse, arch *Space) (*Location, error) {
	var best *guided
	var broken error
	for seed := uint64(0); seed < maxGuided; seed++ {
		g, err := sp.guide(f.derivation(p, seed), arch)
		if err != nil {
			broken = err
		}
		if g != nil && (best == nil || len(g.withheld) < len(best.withheld)) {
			if best = g; len(g.withheld) == 0 {
				break
			}
		}
	}
	switch {
	case best == nil && broken != nil:
		return nil, broken
	case best == nil:
		at, _ := netOf(arch.File)
		return nil, &Outside{At: at, Undecided: true, Message: "the space has this architecture but for guards, in all derivations that were tried"}
	}
	loc := &Location{Derivations: big.NewInt(1), LogProbability: best.prob, LogTotal: best.prob, Withheld: best.withheld}
	if f.infinite && !sp.nests && !p.cut {
		loc.Derivations, loc.Exact = nil, true
	}
	return loc, sp.finish(loc, best.walk)
}

// guide walks the answers of a derivation; nil where a guard is against it, an error where a requirement is.
func (sp *Space) guide(answers []*parseEdge, arch *Space) (*guided, error) {
	g := &guided{walk: &Walk{sp: sp, epoch: sp.epoch, state: walkMoving}}
	w := g.walk
	w.enter(sp.begin())
	at := 0
	w.sure = func() (int32, bool) { return answers[at].option, true }
	for ; at < len(answers); at++ {
		a := answers[at]
		if w.at == nil {
			return nil, nil
		}
		mn, added := w.surely(w.offer())
		p := mn.prior1(a.option)
		if p == 0 {
			return nil, nil
		}
		if added {
			g.withheld = append(g.withheld, (&Decision{c: w.at, walk: w.ruled()}).Path())
		}
		g.prob += math.Log(p)
		forced := len(mn.options) == 1 && !added && !w.at.dom.continuous
		if w.ruled() != nil {
			_, forced = w.lone()
		}
		w.take(a.option, a.real, forced)
	}
	w.sure = nil
	for i := range sp.bounds {
		if b := &sp.bounds[i]; w.spent[b.dim] < b.lo || w.spent[b.dim] > b.hi {
			at, _ := netOf(arch.File)
			return nil, sp.beyond(b, w.spent[b.dim], at)
		}
	}
	return g, nil
}

// beyond is the error of an architecture that breaks a bound on a cost.
func (sp *Space) beyond(b *bound, x int64, at lang.Span) error {
	d := sp.dims[b.dim]
	return &Outside{At: at, Message: fmt.Sprintf("the space has this architecture but for '%s': it has %s %s",
		b.pos.span.Text(), d.name, formatCost(float64(x)/float64(d.scale))), others: []diag.Label{{Span: b.pos.span, Text: "required here"}}}
}

// maxDerived is how many spots a derivation may go through.
const maxDerived = 100_000

// derivation is a probable derivation of the graph by the weights as written, the most probable of seed 0: its edges with
// an answer, in order. Many derivations differ in how they bracket a sequence alone; other seeds give other brackets.
func (f *forest) derivation(p *parse, seed uint64) (answers []*parseEdge) {
	item := f.items[itemKey{p.root, parseExit{}}]
	e := &p.root.start
	var k *leftCall
	for n := uint64(0); n < maxDerived; n++ {
		for e.to == nil {
			if k == nil {
				return answers
			}
			item, e, k = k.item, k.then, k.up
		}
		s := e.to
		best := math.Inf(-1)
		for i := range s.edges {
			way := &s.edges[i]
			x := f.edge(item, way).best
			if way.callee != nil {
				x += f.item(way.callee, way.via).all.best
			} else {
				x += s.weight(way)
			}
			if seed > 0 {
				x += Uniform(seed, n, uint64(i)) / 2 // less than any answer more would cost
			}
			if x > best {
				best, e = x, way
			}
		}
		switch {
		case math.IsInf(best, -1):
			return nil
		case e.callee != nil:
			k = &leftCall{item, e, k}
			item, e = f.item(e.callee, e.via), &e.callee.start
		case e.option >= 0:
			answers = append(answers, e)
		}
	}
	return nil
}
