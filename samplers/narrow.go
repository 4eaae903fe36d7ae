package samplers

import "github.com/spacec-lang/spacec/ir"

// narrowing is a decision on its way to an answer: the options from lo up to hi are left of it. The parts
// of a continuous range, from 0 to bins, count as its options. What chooses is one number, u in [0, 1),
// rescaled after each step to where it fell; so steps that all follow the prior end where the prior would
// have taken it at once.
type narrowing struct {
	d      *ir.Decision
	lo, hi int
	u      float64
	fixed  bool // the answer is known: option at, or the number real
	at     int
	real   float64
}

// given fixes the answer.
func (n *narrowing) given(c ir.Choice) {
	n.fixed = true
	if n.d.Continuous() {
		n.real = c.Value.(float64)
		n.at = n.part(n.real)
		return
	}
	for n.at < n.d.Len()-1 && n.d.Value(n.at) != c.Value {
		n.at++
	}
}

// part is which part of a continuous range a number lies in.
func (n *narrowing) part(x float64) int {
	return min(bins-1, int(bins*place(n.d, x)))
}

// toGiven is the arm of the known answer.
func (n *narrowing) toGiven() int {
	i := 0
	for lo, hi := n.span(i); n.at < lo || n.at >= hi; lo, hi = n.span(i) {
		i++
	}
	return i
}

// size is the number of options of a decision.
func size(d *ir.Decision) int {
	if !d.Continuous() {
		return d.Len()
	}
	if lo, hi, _ := d.Range(); lo == hi {
		return 1
	}
	return bins
}

// bisected tells whether the options have an order, so that there are two arms, the halves.
func (n *narrowing) bisected() bool { return n.d.Continuous() || n.d.Ordered() }

// arms is how many ways there are to narrow the decision by a step.
func (n *narrowing) arms() int {
	if n.bisected() {
		return 2
	}
	return n.hi - n.lo
}

// span is the range of options of arm i.
func (n *narrowing) span(i int) (lo, hi int) {
	mid := (n.lo + n.hi) / 2
	switch {
	case !n.bisected():
		return n.lo + i, n.lo + i + 1
	case i == 0:
		return n.lo, mid
	}
	return mid, n.hi
}

// arm identifies arm i in the tree.
func (n *narrowing) arm(i int) arm {
	lo, hi := n.span(i)
	if n.d.Continuous() {
		return arm{n.d.Key(), lo, hi - 1}
	}
	return arm{n.d.Key(), n.d.Option(lo), n.d.Option(hi - 1)}
}

// narrow leaves the options of arm i.
func (n *narrowing) narrow(i int) { n.lo, n.hi = n.span(i) }

// draw takes one of some arms by the prior times lean.
func (n *narrowing) draw(arms []int, lean func(arm) float64) int {
	weights := make([]float64, len(arms))
	for k, i := range arms {
		lo, hi := n.span(i)
		weights[k] = n.weight(lo, hi) * lean(n.arm(i))
	}
	return arms[n.fall(weights)]
}

// weight is the prior's share of the options from lo up to hi.
func (n *narrowing) weight(lo, hi int) float64 {
	if n.d.Continuous() {
		return float64(hi-lo) / bins
	}
	sum := 0.0
	for i := lo; i < hi; i++ {
		sum += n.d.Prior(i)
	}
	return sum
}

// fall is which of some weights u falls on, and rescales u to where in it.
func (n *narrowing) fall(weights []float64) int {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	x := n.u * total
	last := len(weights) - 1
	for i, w := range weights {
		if x < w || i == last {
			if w > 0 {
				n.u = min(x/w, almostOne)
			}
			return i
		}
		x -= w
	}
	return last
}

// almostOne is the greatest number below 1.
const almostOne = 1 - 1.0/(1<<53)

// answer draws the decision from the options that are left.
func (n *narrowing) answer(w *ir.Walk) {
	switch {
	case n.fixed && n.d.Continuous():
		w.ChooseReal(n.real)
	case n.fixed:
		w.Choose(n.at)
	case n.d.Continuous():
		w.ChooseReal(n.d.PickReal((float64(n.lo) + n.u*float64(n.hi-n.lo)) / float64(size(n.d))))
	case n.hi-n.lo == 1:
		w.Choose(n.lo)
	case n.hi-n.lo == n.d.Len():
		w.Choose(n.d.Pick(n.u))
	default:
		weights := make([]float64, n.hi-n.lo)
		for i := range weights {
			weights[i] = n.d.Prior(n.lo + i)
		}
		w.Choose(n.lo + n.fall(weights))
	}
}
