package samplers

import (
	"math"
	"slices"

	"github.com/spacec-lang/spacec/ir"
)

// gene is a decision of a point with its answer.
type gene struct {
	key     uint64  // of the decision
	option  int     // among all that the decision has; 0 of a continuous range
	options int     // how many it has; 0 of a continuous range
	real    float64 // of a continuous range
	ordered bool    // the options are numbers in ascending order, or a range
	at      float64 // of an ordered one: where among all options the answer lies, from 0 to 1
}

// genome is the decisions of a point in the order met.
type genome []gene

// same tells whether two genomes are of one point.
func (g genome) same(h genome) bool {
	return slices.EqualFunc(g, h, func(a, b gene) bool { return a.key == b.key && a.option == b.option && a.real == b.real })
}

// kin is a point that others are bred from.
type kin struct {
	point  *ir.Point
	genome genome
	genes  genes
	record *ir.Record // of a space whose walks are worth to be cut short
}

func newKin(p *ir.Point, g genome) *kin { return &kin{point: p, genome: g, genes: g.genes()} }

// kinOf is a given point as kin.
func kinOf(w *ir.Walk, p *ir.Point) (*kin, error) {
	p, g, err := follow(w, p)
	return newKin(p, g), err
}

// from takes a walk to decision i of the point, if it can be taken there at once.
func (k *kin) from(w *ir.Walk, i int) (*ir.Decision, bool) {
	if k.record != nil {
		if d, ok := w.From(k.record, i); ok {
			return d, true
		}
	}
	if k.record = w.Record(k.point); k.record == nil {
		return nil, false
	}
	return w.From(k.record, i)
}

// vary takes a walk to a child of a point which is like it up to decision i. Where it comes to where the point was, it goes on as
// that does.
func vary(w *ir.Walk, parent *kin, i int, child *bred) (*ir.Point, genome, error) {
	d, ok := parent.from(w, i)
	if !ok {
		return drive(w, child)
	}
	g := append(make(genome, 0, len(parent.genome)+32), parent.genome[:i]...)
	for ; ok; d, ok = w.Next() {
		if len(g) > i && !child.late {
			if j, joins := w.Joins(parent.record); joins {
				g = append(g, parent.genome[j:]...)
				break
			}
		}
		g = append(g, reply(w, d, child))
	}
	p, err := w.Point()
	return p, g, err
}

// follow takes a walk from the root to a point.
func follow(w *ir.Walk, p *ir.Point) (*ir.Point, genome, error) {
	w.Along(p)
	list := given(p.Choices())
	return advance(w, &list)
}

// genes finds the answers of a genome by their decisions.
type genes map[uint64]*gene

func (g genome) genes() genes {
	by := make(genes, len(g))
	for i := range g {
		by[g[i].key] = &g[i]
	}
	return by
}

// answers is a source of answers to decisions: an option, of all that the decision has, or of a continuous range the number.
type answers interface {
	answer(d *ir.Decision) (option int, real float64)
}

// drive takes a walk from the root to its end.
func drive(w *ir.Walk, from answers) (*ir.Point, genome, error) {
	w.Reset()
	return advance(w, from)
}

// advance takes a walk to its end.
func advance(w *ir.Walk, from answers) (*ir.Point, genome, error) {
	var g genome
	for d, ok := w.Next(); ok; d, ok = w.Next() {
		g = append(g, reply(w, d, from))
	}
	p, err := w.Point()
	return p, g, err
}

// reply answers a decision.
func reply(w *ir.Walk, d *ir.Decision, from answers) gene {
	option, real := from.answer(d)
	x := gene{key: d.Key(), ordered: d.Continuous() || d.Ordered()}
	if d.Continuous() {
		x.real, x.at = real, place(d, real)
		w.ChooseReal(real)
		return x
	}
	x.option, x.options = option, d.Options()
	if x.ordered {
		x.at = float64(x.option) / float64(max(1, x.options-1))
	}
	w.Answer(option)
	return x
}

// place is where a number lies in a continuous range, from 0 to 1.
func place(d *ir.Decision, x float64) float64 {
	lo, hi, log := d.Range()
	if log {
		lo, hi, x = math.Log(lo), math.Log(hi), math.Log(x)
	}
	if !(hi > lo) {
		return 0
	}
	return max(0, min(1, (x/2-lo/2)/(hi/2-lo/2))) // by halves, as hi-lo may be too large
}

// given answers as a point does.
type given []ir.Choice

func (s *given) answer(d *ir.Decision) (int, float64) {
	v := (*s)[0].Value
	*s = (*s)[1:]
	if d.Continuous() {
		return 0, v.(float64)
	}
	if d.Len() == 0 {
		return -1, 0 // the walk has ended
	}
	i := 0
	for i < d.Len()-1 && d.Value(i) != v {
		i++
	}
	return d.Option(i), 0
}

// bred answers as a parent does where that stands and is on offer, and by the prior elsewhere: what is below a change that
// leads to other decisions is drawn anew. With two parents, each decision that both meet is taken from the one or the
// other. The decision changed, if it is met, gets an answer that the parent doesn't give.
type bred struct {
	drawn
	parent, other genes
	changed       uint64
	to            change
	late          bool // the change is still to come: nothing else was on offer there
}

// change is how a decision changes.
type change struct {
	any    bool    // to whatever else is on offer, by the prior; also where the following isn't on offer
	option int     // to this among all options
	at     float64 // of a continuous range: to what lies here, from 0 to 1
}

func (s *bred) answer(d *ir.Decision) (int, float64) {
	key := d.Key()
	old := s.parent[key]
	if old != nil && (s.changed == key || s.late) {
		s.late = false
		return s.change(d, old)
	}
	if x := s.other[key]; x != nil && (old == nil || ir.Uniform(s.seed^crossing, s.trial, key) < 0.5) {
		old = x
	}
	if old == nil {
		return s.drawn.answer(d)
	}
	if d.Continuous() {
		if lo, hi, _ := d.Range(); old.real >= lo && old.real <= hi {
			return 0, old.real
		}
		return s.drawn.answer(d)
	}
	if d.Offers(old.option) {
		return old.option, 0
	}
	return s.drawn.answer(d)
}

// crossing keys the draws of which parent gives an answer.
const crossing = 0xc805

// change is an answer other than the old one, if there is one; else the next decision is to change.
func (s *bred) change(d *ir.Decision, old *gene) (int, float64) {
	u := ir.Uniform(s.seed, s.trial, d.Key())
	switch {
	case d.Continuous() && s.to.any:
		return 0, d.PickReal(u)
	case d.Continuous():
		return 0, d.PickReal(s.to.at)
	case !s.to.any && d.Offers(s.to.option):
		return s.to.option, 0
	}
	last, rest := old.option, 1.0
	for i := range d.Len() {
		if d.Option(i) == old.option {
			rest -= d.Prior(i)
		}
	}
	u *= rest
	for i := range d.Len() {
		if d.Option(i) == old.option {
			continue
		}
		if last = d.Option(i); u < d.Prior(i) {
			break
		}
		u -= d.Prior(i)
	}
	if last == old.option {
		s.late, s.to = true, change{any: true}
	}
	return last, 0
}
