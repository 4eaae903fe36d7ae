package ir

import (
	"slices"

	"github.com/spacec-lang/spacec/ir/op"
)

// To locate a graph the machine is run over its wires instead of types: a wire is a tensor's type with the number
// of the wire in the graph that is looked for, and an op is that node of the graph which is the same op on the same
// wires; where there is none, the run fails. So what a derivation builds is compared while it is found, wiring
// and all, whatever the order in which the graph was written.
//
// A let that is drawn once is not solved for all arrivals at once (lanes.go): its second use is run again with the
// answers that drew it, which is why they are noted while it is drawn.

// locator runs a space's nodes over a graph's wires.
type locator struct {
	sp      *Space // the space itself
	tw      *Space // its nodes, with tables of their own for what is met here
	m       machine
	table   *opTable
	target  *target
	matched int32 // the set of nodes that the run has met
	plain   map[val]val
	picks   map[*opNode]*pickNode
	reals   []float64 // what a continuous range may have been
	leaves  leaving
	turns   map[*eachNode]*eachCall
	// odd is what looks unlikely on the way from one choice to the next: a node that is met before others that come earlier in
	// the graph, and more clones of a wire than are left to be used.
	odd    int
	reread int // answers that were read again since the search last asked
}

// Kinds of values that only a locator has.
const (
	kindLog    valueKind = iota + 100 // what is noted, and what is read again: see note
	kindAnswer                        // a list: parts[0] is the rest; the answer i, the real f, or a node g
	kindList                          // parts: answers in order
	kindDrawn                         // a let: parts[0] its answers, parts[1] the nodes that share weights; s as of kindTable
	kindCall                          // an op that may be one of several nodes: parts are what arrives and arguments
)

// newLocator makes a locator for a space, whose lock is held.
func newLocator(sp *Space) *locator {
	l := &locator{sp: sp, table: newOpTable(), plain: map[val]val{}, picks: map[*opNode]*pickNode{}, turns: map[*eachNode]*eachCall{}}
	vals := &values{list: slices.Clone(sp.vals.list), free: slices.Clone(sp.vals.free), slots: slices.Clone(sp.vals.slots)}
	l.tw = &Space{Name: sp.Name, Inputs: sp.Inputs, Outputs: sp.Outputs, vals: vals, states: newStates(), cells: sp.cells,
		bottom: &frame{path: sp.bottom.path}, lib: sp.lib, ops: newMadeOps(), calls: map[callKey]*opCall{}, ranges: map[rangeKey]*domain{},
		letIDs: map[letKey]int32{}, dims: sp.dims, results: sp.results, nests: sp.nests, recursive: sp.recursive, top: sp.top}
	l.tw.forget()
	l.tw.m.sp = l.tw
	l.m = machine{sp: l.tw, jump: true, loc: l}
	return l
}

// wire is a tensor as a locator sees it.
func (l *locator) wire(tensor value, w op.Wire) val {
	tensor.i = int64(w) + 1
	return l.tw.vals.intern(tensor)
}

// wires are the numbers of the tensors of a wire.
func (l *locator) wires(v val) []op.Wire {
	t := l.tw.vals.at(v)
	if t.kind == kindTensor {
		return []op.Wire{op.Wire(t.i - 1)}
	}
	var out []op.Wire
	for _, p := range t.parts {
		out = append(out, l.wires(p)...)
	}
	return out
}

// shapeOf is a wire without its numbers.
func (l *locator) shapeOf(v val) val {
	if known, ok := l.plain[v]; ok {
		return known
	}
	out := v
	switch t := l.tw.vals.at(v); t.kind {
	case kindTensor:
		out = l.tw.vals.shape(t.shape)
	case kindTuple:
		parts := make([]val, len(t.parts))
		for i, p := range t.parts {
			parts[i] = l.shapeOf(p)
		}
		out = l.tw.vals.intern(value{kind: kindTuple, parts: parts})
	}
	l.plain[v] = out
	return out
}

// apply is an op: the node of the graph that it is.
func (l *locator) apply(m *machine, n *opNode, args val) (node, status) {
	arrival := l.shapeOf(m.acc)
	r := l.tw.infer(n.spec, args, arrival)
	if r.err != nil {
		m.why = failure{span: n.span, err: r.err}
		return nil, stFail
	}
	bound, err := l.tw.opArgs(n.spec, l.tw.vals.at(args).parts)
	if err != nil {
		m.why = failure{span: n.span, err: err}
		return nil, stFail
	}
	shapes, _ := l.tw.shapes(arrival)
	kind, err := l.table.kind(bound, shapes)
	if err != nil {
		m.why = failure{span: n.span, err: err}
		return nil, stFail
	}
	in := l.wires(m.acc)
	if kind.passes != nil {
		tensors := []val{m.acc}
		if t := l.tw.vals.at(m.acc); t.kind == kindTuple {
			tensors = t.parts
		}
		parts := make([]val, len(kind.passes))
		for i, from := range kind.passes {
			parts[i] = tensors[from]
		}
		if len(in) == 1 && len(parts) > l.target.uses(in[0], l.matched) {
			l.odd++
		}
		m.acc = l.tw.vals.tuple(parts)
		return nil, stDone
	}
	if kind.symmetric {
		slices.Sort(in)
	}
	like := l.sharing(m.reg)
	found := l.target.candidates(kind.id, in, l.matched, like)
	switch len(found) {
	case 0:
		l.leaves.refused(l, offered{node: n, args: bound, in: in, like: like})
		m.why = failure{span: n.span, text: "the graph has no such op here"}
		return nil, stFail
	case 1:
		return l.meet(m, found[0], r.out)
	}
	p := l.picks[n]
	if p == nil {
		p = &pickNode{nodeInfo{-2 - n.id, n.span}, n, l}
		l.picks[n] = p
	}
	m.acc = l.tw.vals.intern(value{kind: kindCall, parts: []val{m.acc, args}})
	return p, stAsk
}

// meet takes an op for a node of the graph.
func (l *locator) meet(m *machine, n int32, out val) (node, status) {
	if n > l.target.sets.list[l.matched].first {
		l.odd++
	}
	l.matched = l.target.sets.with(l.matched, n)
	made := l.target.nodes[n].out
	tensors := []val{out}
	if t := l.tw.vals.at(out); t.kind == kindTuple {
		tensors = t.parts
	}
	parts := make([]val, len(made))
	for i, w := range made {
		parts[i] = l.wire(*l.tw.vals.at(tensors[i]), w)
	}
	m.acc = l.tw.vals.tuple(parts)
	m.reg = l.met(m.reg, n)
	return nil, stDone
}

// pickNode asks which of several like nodes of the graph an op is. It is no decision of the space.
type pickNode struct {
	nodeInfo
	of *opNode
	l  *locator
}

func (p *pickNode) enter(*machine) (node, status)          { return p, stAsk }
func (p *pickNode) resume(*machine, *frame) (node, status) { panic("unreachable") }
func (p *pickNode) domain(m *machine) *domain              { return &domain{n: len(p.candidates(m))} }

func (p *pickNode) candidates(m *machine) []int32 {
	l := p.l
	call := l.tw.vals.at(m.acc).parts
	arrival := l.shapeOf(call[0])
	bound, _ := l.tw.opArgs(p.of.spec, l.tw.vals.at(call[1]).parts)
	shapes, _ := l.tw.shapes(arrival)
	kind, err := l.table.kind(bound, shapes)
	if err != nil {
		return nil
	}
	in := l.wires(call[0])
	if kind.symmetric {
		slices.Sort(in)
	}
	return l.target.candidates(kind.id, in, l.matched, l.sharing(m.reg))
}

func (p *pickNode) take(m *machine, option int) (node, status) {
	n := p.candidates(m)[option]
	call := p.l.tw.vals.at(m.acc).parts
	r := p.l.tw.infer(p.of.spec, call[1], p.l.shapeOf(call[0]))
	return p.l.meet(m, n, r.out)
}

// run goes on to the next choice that is open: where a drawn let is used again, its answers are given.
func (l *locator) run(n node, st status) (node, status) {
	m := &l.m
	for {
		n, st = m.run(n, st)
		if st != stAsk {
			return n, st
		}
		if _, pick := n.(*pickNode); pick || !l.replaying(m.reg) {
			return n, st
		}
		if leap, ok := n.(*leapNode); ok {
			m.jump = false // nothing in it is open
			n, st = leap.call.call(m)
			m.jump = true
			continue
		}
		a, ok := l.next(m)
		if !ok {
			m.why = failure{span: n.pos().span, text: "this let was drawn without an answer here"}
			return n, stFail
		}
		l.reread++
		n, st = l.answer(n.(asker), a)
	}
}

// answer gives a choice its answer.
func (l *locator) answer(ask asker, a val) (node, status) {
	m := &l.m
	t := l.tw.vals.at(a)
	option, real := int(t.i), t.f
	m.reg = l.note(m.reg, a)
	if d := ask.domain(m); d.continuous {
		if !(real >= d.lo && real <= d.hi) {
			return m.fail(ask.pos(), "this range doesn't hold "+formatReal(real))
		}
		m.acc = l.tw.vals.real(real)
		return nil, stDone
	} else if option >= d.n {
		return m.fail(ask.pos(), "this choice has no such option here")
	}
	return ask.take(m, option)
}
