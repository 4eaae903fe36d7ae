package ir

import "slices"

// A walk of a vast space, and its searches, stand in places: a config in which something opaque stands for each tensor, and
// the tensors. Configs of that kind are few, however many shapes there are, so that what a step does is learned once
// (hop.go), and what was learned holds for any shape.

// maxWith is for how many tensors of a place something opaque may stand. More stay what they are.
const maxWith = 8

// place is where a walk or a search stands within a rule.
type place struct {
	c    *config // nil at the end of the rule,
	left int32   // which is left in this state
	n    int8    // of with
	with [maxWith]val
}

func (p *place) equals(q *place) bool {
	return p.c == q.c && p.left == q.left && p.with == q.with
}

// opaque is something of a number and, where that is known, of a rank.
func (sp *Space) opaque(i, rank int) val {
	if rank < 0 || rank > maxKnown {
		rank = unranked
	}
	at := i*(maxKnown+2) + rank + 1
	for len(sp.opaques) <= at {
		sp.opaques = append(sp.opaques, absent)
	}
	if sp.opaques[at] == absent {
		sp.opaques[at] = sp.vals.intern(value{kind: kindOpaque, i: int64(i), rank: int8(rank)})
	}
	return sp.opaques[at]
}

// unranked is the rank of something opaque of which it isn't known, and of what is no tensor. Higher ones than maxKnown aren't.
const (
	unranked = -1
	maxKnown = 4
)

// rankOf is that of a wire.
func rankOf(v *value) int {
	if v.kind == kindOpaque {
		return int(v.rank)
	}
	if _, _, nominal := v.shape.Nominal(); nominal {
		return unranked
	}
	return len(v.shape)
}

// isWire tells whether a value is a tensor, or opaque.
func (v *value) isWire() bool { return v.kind == kindTensor || v.kind == kindOpaque }

// ofWires tells whether a value is a tuple of such.
func (sp *Space) ofWires(v *value) bool {
	return v.kind == kindTuple && len(v.parts) > 0 && sp.vals.at(v.parts[0]).isWire()
}

// keepsWires tells whether wires are in a state.
func (sp *Space) keepsWires(state int32) bool {
	acc, _, cells := sp.states.at(state)
	is := func(v val) bool { t := sp.vals.at(v); return t.isWire() || sp.ofWires(t) }
	return is(acc) || slices.ContainsFunc(cells, is)
}

// isOpaque tells whether something opaque arrives, or a tuple of such.
func (sp *Space) isOpaque(acc val) bool {
	v := sp.vals.at(acc)
	if v.kind != kindTuple {
		return v.kind == kindOpaque
	}
	for _, p := range v.parts {
		if sp.vals.at(p).kind != kindOpaque {
			return false
		}
	}
	return true
}

// lift puts something opaque, numbered anew, in place of wires, the same for the same. More than so many stay what they are.
type lift struct {
	sp   *Space
	n    int
	from [maxWith]val // n of them
	stay bool         // tensors stay what they are
	over bool         // something opaque stayed
}

func (l *lift) wire(v val) val {
	sp := l.sp
	t := sp.vals.at(v)
	switch {
	case t.kind == kindTensor && l.stay:
		return v
	case t.kind == kindOpaque && len(t.keys) > 0:
		v = sp.bare(v)
	}
	k := slices.Index(l.from[:l.n], v)
	if k < 0 {
		if l.n == len(l.from) {
			l.over = l.over || t.kind == kindOpaque
			return v
		}
		k, l.from[l.n] = l.n, v
		l.n++
	}
	if len(t.keys) > 0 {
		return sp.vals.intern(value{kind: kindOpaque, i: int64(k), rank: int8(rankOf(t)), keys: t.keys, parts: t.parts})
	}
	return sp.opaque(k, rankOf(t))
}

func (l *lift) value(v val) val {
	switch t := l.sp.vals.at(v); {
	case t.isWire():
		return l.wire(v)
	case l.sp.ofWires(t):
		var few [8]val
		parts := few[:0]
		for _, p := range t.parts {
			parts = append(parts, l.wire(p))
		}
		return l.sp.vals.tuple(parts)
	case len(t.parts) > 0:
		l.over = l.over || l.sp.hasOpaque(v)
	}
	return v
}

// hasOpaque tells whether something opaque is anywhere in a value.
func (sp *Space) hasOpaque(v val) bool {
	t := sp.vals.at(v)
	return t.kind == kindOpaque || slices.ContainsFunc(t.parts, sp.hasOpaque)
}

// mixes tells whether something opaque is in a state where nothing is put in its place: within what is no wire, such as a let's
// table, or behind more wires than something opaque may stand for.
func (sp *Space) mixes(state int32) bool {
	l := lift{sp: sp}
	sp.mapped(state, l.value)
	return l.over
}

// mapped is a state with other values.
func (sp *Space) mapped(state int32, of func(val) val) int32 {
	acc, reg, cells := sp.states.at(state)
	var few [16]val
	acc, cells = of(acc), append(few[:0], cells...)
	for i, v := range cells {
		cells[i] = of(v)
	}
	return sp.states.intern(acc, reg, cells)
}

// reframe takes the machine to a frame in which other values are saved.
func (sp *Space) reframe(m *machine, f *frame, of func(val) val) {
	if !f.keeps {
		m.k = f
		return
	}
	sp.reframe(m, f.parent, of)
	saved := f.saved
	if saved != 0 {
		saved = sp.mapped(saved, of)
	}
	key := frameKey{m.k, f.node.pos().id, f.idx, f.aux, saved}
	g := sp.frames[key]
	if g == nil {
		same := *f
		g = &same
		g.parent, g.saved = m.k, saved
		sp.frames[key] = g
	}
	m.k = g
}

// settled is the place where a machine stands: at a choice, or at the end of its rule.
func (sp *Space) settled(m *machine, ask asker) (place, lift) {
	l := lift{sp: sp}
	up := &sp.leaper
	acc, reg, cells, k := m.acc, m.reg, m.cells, m.k
	if ask == nil {
		cells = cells[:k.proc.imports]
	}
	up.acc, up.reg = l.value(acc), reg
	up.resize(len(cells))
	for i, v := range cells {
		if v != absent {
			v = l.value(v)
		}
		up.cells[i] = v
	}
	p := place{}
	if ask == nil {
		p.left = sp.states.intern(up.acc, reg, up.cells[:len(cells)])
	} else {
		sp.reframe(up, k, l.value)
		p.c = sp.settle(up, ask)
	}
	p.n, p.with = int8(l.n), l.from
	return p, l
}

// concrete is a value with tensors in place of what is opaque.
func (sp *Space) concrete(v val, with *wires) val {
	switch t := sp.vals.at(v); {
	case t.kind == kindOpaque:
		of := with[t.i]
		if len(t.keys) == 0 {
			of = sp.bare(of)
		}
		return of
	case sp.ofWires(t) && sp.hasOpaque(v):
		var few [8]val
		parts := few[:0]
		for _, p := range t.parts {
			parts = append(parts, sp.concrete(p, with))
		}
		return sp.vals.tuple(parts)
	}
	return v
}

// load takes a machine to a place, with its tensors.
func (sp *Space) load(m *machine, p *place) {
	var with wires
	copy(with[:], p.with[:])
	m.load(p.c.state)
	m.fill(&with)
	m.cost = costs{}
	sp.reframe(m, p.c.k, func(v val) val { return sp.concrete(v, &with) })
}

// fill puts tensors in place of what is opaque.
func (m *machine) fill(with *wires) {
	m.acc = m.sp.concrete(m.acc, with)
	for i, v := range m.cells {
		m.cells[i] = m.sp.concrete(v, with)
	}
}

// domain is what is on offer at a place.
func (w *Walk) domain(p *place) *domain {
	if p.c.dom.n > 0 || p.n == 0 {
		return p.c.dom
	}
	w.sp.load(&w.m, p)
	return p.c.ask.domain(&w.m)
}

// ending is the end of a rule that is left in a state, whatever the tensors are.
type ending struct {
	place
	from [maxWith]val // the n wires of what leads there
}

// endingOf is the end in a state.
func (sp *Space) endingOf(state int32) ending {
	l := lift{sp: sp}
	left := sp.mapped(state, l.value)
	return ending{place{left: left, n: int8(l.n)}, l.from}
}

// end is the place where a rule ends that is left in result i of a list, in which these are for what is opaque.
func (w *Walk) end(l *list, i int, with *[maxWith]val) place {
	for len(l.ends) <= i {
		l.ends = append(l.ends, w.sp.endingOf(l.states[len(l.ends)]))
	}
	e := &l.ends[i]
	p := e.place
	for k, v := range e.from[:p.n] {
		if t := w.sp.vals.at(v); t.kind == kindOpaque {
			v = with[t.i]
		}
		p.with[k] = v
	}
	return p
}

// given is what a rule is entered with in a state, in which these are for what is opaque.
func (w *Walk) given(state int32, with *[maxWith]val) given {
	copy(w.wires[:], with[:])
	acc, reg, cells := w.sp.states.at(state)
	from := len(w.scratch)
	for _, v := range cells {
		w.scratch = append(w.scratch, w.sp.concrete(v, &w.wires))
	}
	return given{w.sp.concrete(acc, &w.wires), reg, w.scratch[from:len(w.scratch):len(w.scratch)]}
}
