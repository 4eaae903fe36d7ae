package ir

import (
	"fmt"
	"math"
)

// domain is what a choice offers: a list of options, or a continuous range.
type domain struct {
	n       int
	ordered bool // options are numbers in ascending order
	// Of a list: vals are the options' values (absent for modules), labels their names, weights theirs.
	vals    []val
	labels  []string
	weights []weight
	// Of a continuous range:
	continuous bool
	log        bool
	lo, hi     float64
}

// weight is a share of the prior: a percentage that stays what it is whatever else is feasible, or a
// part of what the percentages leave.
type weight struct {
	w       float64
	percent bool
}

// choiceNode is "a | b | c".
type choiceNode struct {
	nodeInfo
	alts  []alt
	all   *domain
	tag   int       // a cell for which alternative is taken, where tags are given: of a let that "is" tests
	tags  []val     // by alternative
	tried []int     // alternatives in the order in which a search tries them: small ones first
	leads []*opNode // leading, once it was asked for
}

// leading is the op that an alternative starts with, if it does and the op's arguments are constants; else nil.
func (n *choiceNode) leading(option int) *opNode {
	if n.leads == nil {
		n.leads = make([]*opNode, len(n.alts))
		for i := range n.alts {
			n.leads[i] = leading(n.alts[i].body)
		}
	}
	return n.leads[option]
}

func leading(n node) *opNode {
	switch n := n.(type) {
	case *opNode:
		if n.fixed != absent {
			return n
		}
	case *labelNode:
		return leading(n.body)
	case *scopeNode:
		return leading(n.body)
	case *seqNode:
		return leading(n.items[0])
	}
	return nil
}

func (n *choiceNode) order() []int { return n.tried }

type alt struct {
	label  string
	weight weight
	guard  node // nil: always
	body   node
	least  int
}

func (n *choiceNode) enter(*machine) (node, status)          { return n, stAsk }
func (n *choiceNode) resume(*machine, *frame) (node, status) { panic("unreachable") }

func (n *choiceNode) domain(*machine) *domain { return n.all }

func (n *choiceNode) take(m *machine, option int) (node, status) {
	a := &n.alts[option]
	if !m.holds(a) {
		return nil, stFail
	}
	if n.tags != nil {
		m.cells[n.tag] = n.tags[option]
	}
	return a.body, stNext
}

// holds tells whether an alternative's guard holds, on some lane at least; m.why says why it doesn't.
func (m *machine) holds(a *alt) bool {
	if a.guard == nil || m.sp.flat && readsWire(m, a.guard) {
		return true
	}
	v, ok := m.simple(a.guard)
	written := a.guard.pos().span.Text
	switch {
	case ok && v == valFalse && m.jump && m.sp.vast: // nobody reads why
		m.why = failure{}
		if m.rec != nil {
			m.rec.never = true
		}
	case !ok:
		m.fail(a.guard.pos(), "this guard depends on a let that is not drawn yet")
	case v == valTrue:
		return true
	case m.lane0(v) == bottom: // m.why says why it has no value
	case m.sp.vals.at(m.lane0(v)).kind != kindBool:
		m.fail(a.guard.pos(), "a guard is a condition, and '"+written()+"' is "+m.sp.vals.describe(m.lane0(v)))
	case m.lane0(v) == valTrue:
		m.acc = m.lift([]val{m.acc, v}, func(p []val) val {
			if p[1] == valTrue {
				return p[0]
			}
			return bottom
		})
		return true
	default:
		m.fail(a.guard.pos(), "the guard 'if "+written()+"' does not hold here")
	}
	return false
}

// rangeNode is "lo..hi" with its step, factor or points.
type rangeNode struct {
	nodeInfo
	lo, hi, step node // step: of "step 8", "step *2" or "points 32", else nil
	mode         rangeMode
	log          bool
}

type rangeMode uint8

const (
	rangePlain rangeMode = iota
	rangeStep
	rangeFactor
	rangePoints
)

// maxRange is how many values a range may list.
const maxRange = 100_000

func (n *rangeNode) enter(*machine) (node, status)          { return n, stAsk }
func (n *rangeNode) resume(*machine, *frame) (node, status) { panic("unreachable") }

// domain lists the range's values: integers by step or factor, reals by points, else a continuum.
func (n *rangeNode) domain(m *machine) *domain {
	var ends [3]val
	for i, e := range []node{n.lo, n.hi, n.step} {
		if e == nil {
			continue
		}
		v, ok := m.simple(e)
		if !ok {
			m.why = failure{span: e.pos().span, text: "the ends of a range can't hold a choice that is not drawn yet"}
			return &domain{}
		}
		ends[i] = m.lane0(v)
	}
	d, err := m.sp.rangeDomain(ends, n.mode, n.log, n.step != nil)
	if err != nil {
		m.why = failure{span: n.span, err: err}
		return &domain{}
	}
	return d
}

type rangeKey struct {
	ends [3]val
	mode rangeMode
	log  bool
}

func (sp *Space) rangeDomain(ends [3]val, mode rangeMode, log, stepped bool) (*domain, error) {
	key := rangeKey{ends, mode, log}
	if d := sp.ranges[key]; d != nil {
		return d, nil
	}
	vs := sp.vals
	lo, hi, step := vs.at(ends[0]), vs.at(ends[1]), vs.at(ends[2])
	a, ok := lo.number()
	b, ok2 := hi.number()
	if !ok || !ok2 {
		return nil, fmt.Errorf("the ends of a range have to be numbers, not %s and %s", vs.describe(ends[0]), vs.describe(ends[1]))
	}
	ints := lo.kind == kindInt && hi.kind == kindInt
	if a > b || ints && lo.i > hi.i {
		return nil, fmt.Errorf("this range is empty: %s is more than %s", vs.describe(ends[0]), vs.describe(ends[1]))
	}
	if log && a <= 0 {
		return nil, fmt.Errorf("a log range has to start above zero, not at %s", vs.describe(ends[0]))
	}
	d := &domain{ordered: true}
	by, _ := step.number()
	switch {
	case mode == rangeFactor:
		if !ints || step.kind != kindInt || by < 2 || a < 1 {
			return nil, fmt.Errorf("'step *k' multiplies: it needs integers, a start of 1 or more and a factor of 2 or more")
		}
		for i := lo.i; i <= hi.i; i *= step.i {
			d.vals = append(d.vals, vs.int(i))
			if i > hi.i/step.i {
				break
			}
		}
	case mode == rangePoints:
		n := step.i
		if step.kind != kindInt || n < 1 || n > maxRange || n == 1 && a != b {
			return nil, fmt.Errorf("'points' needs a count of 2 to %d", maxRange)
		}
		for _, f := range points(a, b, int(n), log) {
			d.vals = append(d.vals, vs.real(f))
		}
	case mode == rangeStep && !ints:
		if log {
			return nil, fmt.Errorf("'step' and 'log' exclude each other: a log range is cut into parts by 'points'")
		}
		if by <= 0 {
			return nil, fmt.Errorf("a step has to be above zero")
		}
		list, ok := steps(a, b, by, maxRange)
		if !ok {
			return nil, fmt.Errorf("this range has more than %d values", maxRange)
		}
		for _, f := range list {
			d.vals = append(d.vals, vs.real(f))
		}
	case ints:
		by := int64(1)
		if mode == rangeStep {
			by = step.i
			if step.kind != kindInt || by <= 0 {
				return nil, fmt.Errorf("the step of an integer range has to be an integer above zero")
			}
		}
		if uint64(hi.i-lo.i)/uint64(by) >= maxRange {
			return nil, fmt.Errorf("this range has more than %d values: give it a step", maxRange)
		}
		for i := lo.i; ; i += by {
			d.vals = append(d.vals, vs.int(i))
			if uint64(hi.i-i) < uint64(by) { // a difference of two int64 is a uint64
				break
			}
		}
	case a == b:
		d.vals = []val{vs.real(a)}
	default:
		d.continuous, d.log, d.lo, d.hi, d.n = true, log, a, b, 1
		sp.ranges[key] = d
		return d, nil
	}
	d.n = len(d.vals)
	d.weights = make([]weight, d.n)
	for i := range d.weights {
		d.weights[i].w = 1
		if log && mode != rangePoints && mode != rangeFactor {
			// The share of the log scale that is nearest to this value.
			x, _ := vs.at(d.vals[i]).number()
			half := 0.5
			if by > 0 {
				half = by / 2
			}
			d.weights[i].w = logShare(math.Max(x-half, a*0.5), x+half)
		}
	}
	sp.ranges[key] = d
	return d, nil
}

// logShare is the length of lo..hi on the log scale.
func logShare(lo, hi float64) float64 { return log(hi) - log(lo) }

func (n *rangeNode) take(m *machine, option int) (node, status) {
	d := n.domain(m)
	if d.continuous {
		m.acc = m.sp.vals.intern(value{kind: kindInterval, f: d.lo, g: d.hi})
		return nil, stDone
	}
	if option >= d.n {
		return nil, stFail // m.why is set
	}
	m.acc = d.vals[option]
	return nil, stDone
}

// someNode is "n of (a | b | c)" with a number that is drawn or computed.
type someNode struct {
	nodeInfo
	number node
	keep   int           // a cell for what arrives while the number is drawn
	sets   []*subsetNode // of one, of two, ...
}

func (n *someNode) enter(m *machine) (node, status) {
	if v, ok := m.simple(n.number); ok {
		return n.set(m, v)
	}
	m.cells[n.keep] = m.acc
	m.push(n, 0, 0, 0)
	return n.number, stNext
}

func (n *someNode) resume(m *machine, _ *frame) (node, status) {
	number := m.acc
	m.acc, m.cells[n.keep] = m.cells[n.keep], absent
	return n.set(m, number)
}

func (n *someNode) set(m *machine, number val) (node, status) {
	number = m.only(number)
	v := m.sp.vals.at(number)
	if v.kind != kindInt || v.i < 1 || v.i > int64(len(n.sets)) {
		return m.fail(&n.nodeInfo, fmt.Sprintf("'of' needs a number of 1 to %d here, not %s", len(n.sets), m.sp.vals.describe(number)))
	}
	return n.sets[v.i-1], stNext
}

// subsetNode is "n of (a | b | c)": n different alternatives, in written order, as a tuple. It asks n
// times; each answer is the next index, so that a subset has one way to be drawn.
type subsetNode struct {
	nodeInfo
	n    int
	alts []alt
	in   int   // a cell for what arrives
	out  []int // cells for the results
	wire bool  // alternatives are wires or values: what arrives doesn't matter
	list bool  // alternatives are values, and one of them is a list, too
	asks []*subsetAsk
}

// subsetAsk is the k-th question of a subset whose last answer was last.
type subsetAsk struct {
	nodeInfo
	of      *subsetNode
	k, last int
	all     *domain
	step    step
}

func (n *subsetNode) enter(m *machine) (node, status) {
	m.cells[n.in] = m.acc
	return n.ask(m, 0, -1)
}

// ask puts the k-th question, under a frame that only names it.
func (n *subsetNode) ask(m *machine, k, last int) (node, status) {
	a := n.asks[k*(len(n.alts)+1)+last+1]
	m.pushNamed(n, -1, int32(k), 0, &a.step)
	return a, stNext
}

func (n *subsetNode) resume(m *machine, f *frame) (node, status) {
	m.cells[n.out[f.idx]] = m.acc
	if k := int(f.idx) + 1; k < n.n {
		return n.ask(m, k, int(f.aux))
	}
	m.cells[n.in] = absent
	if n.list && n.n == 1 {
		part := m.cells[n.out[0]]
		m.cells[n.out[0]] = absent
		m.acc = m.lift([]val{part}, m.sp.vals.set)
		return nil, stDone
	}
	return m.gather(&n.nodeInfo, n.out)
}

func (a *subsetAsk) enter(*machine) (node, status)          { return a, stAsk }
func (a *subsetAsk) resume(*machine, *frame) (node, status) { panic("unreachable") }
func (a *subsetAsk) domain(*machine) *domain                { return a.all }

func (a *subsetAsk) take(m *machine, option int) (node, status) {
	n := a.of
	i := a.last + 1 + option
	m.acc = m.cells[n.in]
	if !m.holds(&n.alts[i]) {
		return nil, stFail
	}
	if !n.wire {
		part, ok := m.component(m.acc, a.k, n.n)
		if !ok {
			return m.fail(&n.nodeInfo, fmt.Sprintf("'%d of' modules needs a tuple of %d; %s arrives", n.n, n.n, m.sp.vals.describe(m.acc)))
		}
		m.acc = part
	}
	m.k = m.k.parent
	m.pushNamed(n, int32(a.k), int32(i), 0, &a.step)
	return n.alts[i].body, stNext
}
