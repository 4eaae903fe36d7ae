package ir

import (
	"slices"

	"github.com/spacec-lang/spacec/ir/op"
)

// A rule that can pass on whatever arrives, and what comes after a call that can pass on whatever the call leaves, are
// found by running them over something opaque, of which no guard or field can know anything, and which only those ops take
// that make of tensors which are alike, whatever they are, ones like them: skip, clone, add. If it comes out as it went in,
// any tensor would. A tuple might not, nor a tensor with named results.
//
// What is found so are lists as those of lists.go, of situations in which something opaque is.

// passLevels is how many calls may be nested within the way that passes something on.
const passLevels = 6

// plain tells whether a tensor is left that has no named results, or one in each lane.
func (sp *Space) plain(acc val) bool {
	v := sp.vals.at(acc)
	is := func(v *value) bool { return v.kind == kindTensor && len(v.keys) == 0 }
	if v.kind != kindLanes {
		return is(v)
	}
	for _, p := range v.parts {
		if !is(sp.vals.at(p)) {
			return false
		}
	}
	return true
}

func (sp *Space) opaque(i int) val {
	for len(sp.opaques) <= i {
		sp.opaques = append(sp.opaques, sp.vals.intern(value{kind: kindOpaque, i: int64(len(sp.opaques))}))
	}
	return sp.opaques[i]
}

// passOn is what an op that passes on makes of something opaque, or of several that are alike; absent where that isn't what
// arrives.
func (sp *Space) passOn(a op.Args, arrival val) (val, error) {
	v := sp.vals.at(arrival)
	whole, in := arrival, []op.Tensor{op.Shape{{Size: 1}}} // any shape stands for all
	if n := alike(v); n > 0 {
		whole, in = v.parts[0], slices.Repeat(in, int(n))
	}
	if sp.vals.at(whole).kind != kindOpaque {
		return absent, nil
	}
	made, err := op.Run(&op.Tracer{}, a, in)
	if err != nil {
		return absent, err
	}
	if v := sp.vals.at(whole); len(v.keys) > 0 { // results of what made it
		whole = sp.opaque(int(v.i))
	}
	return sp.vals.tuple(slices.Repeat([]val{whole}, len(made))), nil
}

// siteOpaques is where the numbers of what is opaque at calls start, apart from what is left there.
const siteOpaques = 64

// keepsTensors tells whether tensors are in a state.
func (sp *Space) keepsTensors(state int32) bool {
	acc, _, cells := sp.states.at(state)
	is := func(v val) bool { t := sp.vals.at(v); return t.kind == kindTensor || sp.ofTensors(t) }
	return is(acc) || slices.ContainsFunc(cells, is)
}

// ofTensors tells whether a value is a tuple of tensors.
func (sp *Space) ofTensors(v *value) bool {
	return v.kind == kindTuple && len(v.parts) > 0 && sp.vals.at(v.parts[0]).kind == kindTensor
}

// lift puts something opaque in place of tensors, tensors that are alike with the same. More than so many stay what they are.
type lift struct {
	sp      *Space
	first   int // the number of the first
	n       int
	tensors [8]val // n of them
}

func (l *lift) tensor(v val) val {
	k := slices.Index(l.tensors[:l.n], v)
	if k < 0 {
		if l.n == len(l.tensors) {
			return v
		}
		k, l.tensors[l.n] = l.n, v
		l.n++
	}
	if t := l.sp.vals.at(v); len(t.keys) > 0 {
		return l.sp.vals.intern(value{kind: kindOpaque, i: int64(l.first + k), keys: t.keys, parts: t.parts})
	}
	return l.sp.opaque(l.first + k)
}

func (l *lift) value(v val) val {
	switch t := l.sp.vals.at(v); {
	case t.kind == kindTensor:
		return l.tensor(v)
	case l.sp.ofTensors(t):
		var few [8]val
		parts := few[:0]
		for _, p := range t.parts {
			parts = append(parts, l.tensor(p))
		}
		return l.sp.vals.tuple(parts)
	}
	return v
}

// frame takes the machine to a frame as it is without tensors.
func (l *lift) frame(m *machine, f *frame) {
	if !f.keeps {
		m.k = f
		return
	}
	l.frame(m, f.parent)
	saved := f.saved
	if saved != 0 {
		acc, reg, cells := l.sp.states.at(saved)
		acc, m.args = l.value(acc), append(m.args[:0], cells...)
		for i, v := range m.args {
			m.args[i] = l.value(v)
		}
		saved = l.sp.states.intern(acc, reg, m.args)
	}
	key := frameKey{m.k, f.node.pos().id, f.idx, f.aux, saved}
	up := l.sp.frames[key]
	if up == nil {
		bare := *f
		up = &bare
		up.parent, up.saved, up.keeps = m.k, saved, false
		l.sp.frames[key] = up
	}
	m.k = up
}

// lifted is a situation as a config with something opaque in place of each tensor.
func (sp *Space) lifted(s *situation, first int) (*config, lift) {
	l := lift{sp: sp, first: first}
	m := &sp.leaper
	m.acc, m.reg = l.value(s.acc), s.reg
	m.resize(len(s.cells))
	for i, v := range s.cells {
		if v != absent {
			v = l.value(v)
		}
		m.cells[i] = v
	}
	l.frame(m, s.k)
	return sp.settle(m, s.ask), l
}

// concrete is a value with tensors in place of what is opaque.
func (l *lift) concrete(v val) val {
	sp := l.sp
	switch t := sp.vals.at(v); {
	case l.n == 0:
	case t.kind == kindOpaque:
		of := l.tensors[t.i]
		if w := sp.vals.at(of); len(t.keys) == 0 && len(w.keys) > 0 {
			return sp.vals.intern(value{kind: kindTensor, shape: w.shape, i: w.i})
		}
		return of
	case t.kind == kindTuple && sp.isOpaque(v):
		var few [8]val
		parts := few[:0]
		for _, p := range t.parts {
			parts = append(parts, l.concrete(p))
		}
		return sp.vals.tuple(parts)
	}
	return v
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

// passes tells whether what comes after a call in its rule can pass on whatever the call leaves.
func (sp *Space) passes(c *config) bool {
	call := sp.callOf(c)
	if call.passes == unknown {
		call.passes = no
		sp.passOver(call)
	}
	return call.passes == yes
}

// passOver looks for the way in which what comes after a call passes on.
func (sp *Space) passOver(call *call) {
	imports := call.site.ask.(*leapNode).call.imports
	if sp.ruleOf(call.site).imports != len(imports) {
		return
	}
	cells := make([]val, len(imports))
	for i, cell := range imports {
		if cell != i {
			return
		}
		cells[i] = sp.opaque(i + 1)
	}
	left := sp.states.intern(sp.opaque(0), absent, cells)
	t := sp.leave(&sp.leaper, call.site, left)
	switch {
	case t.failed:
		return
	case t.next == nil && t.left == left:
		call.passes, call.passCost = yes, t.cost
		return
	case t.next == nil:
		return
	}
	rest := sp.rest(t.next)
	for i := 0; rest.at(sp, i); i++ {
		if rest.states[i] == left {
			call.passes, call.passCost, call.passWay = yes, rest.costs[i], rest.trails[i]
			call.passCost.add(&t.cost)
			return
		}
	}
}

// rest lists how a rule can be left from a config on, in which something opaque has arrived.
func (sp *Space) rest(c *config) *list {
	if c.rest == nil {
		c.rest = sp.list(listKey{from: c, level: passLevels})
	}
	return c.rest
}
