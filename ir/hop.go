package ir

import (
	"slices"

	"github.com/spacec-lang/spacec/ir/op"
)

// hop is what a step within a rule does, whatever the tensors at hand are: which ops it applies to which of them, and where it
// leads. It is found by running the machine once over what is opaque; to take the step is to apply the ops. Where the
// machine has to know more, because a guard asks for a size, say, it runs over the tensors each time.
type hop struct {
	unsure bool // the machine has to run
	never  bool // it can't be taken
	ops    []applied
	cost   costs   // of what costs the same whatever arrives
	to     place   // where it leads; with what
	from   []int16 // these wires, by number,
	fixed  []val   // of which those from fixedWires on are always the same
	other  *hop    // the same step where its ops make wires of other ranks, or others of them are alike
}

// applied is an op that a hop applies: to which wires, and which it makes, those that are alike with the same number. Or it is
// the check of what the net leaves.
type applied struct {
	net     *netNode
	call    *opCall
	mult    int64
	in, out []int16
	ranks   []int // of what it makes
}

// The numbers of wires in a hop: first those of the place where it starts, then those that a call leaves, then those that its
// ops make, then what is always the same.
const (
	leftWires  = maxWith
	madeWires  = 2 * maxWith
	fixedWires = 4 * maxWith
)

// wires are the tensors that the numbers stand for.
type wires [fixedWires]val

// recorder is what a machine has that finds out what a hop does. It has the tensors, too, since how many an op makes is
// seen when it is applied.
type recorder struct {
	hop    *hop
	wires  *wires
	made   int  // how many of them
	failed bool // an op doesn't take the tensors at hand
	never  bool // a guard is false, whatever they are
}

// number is that of a wire.
func (r *recorder) number(sp *Space, v val) int16 {
	if t := sp.vals.at(v); t.kind == kindOpaque {
		return int16(t.i)
	}
	r.hop.fixed = append(r.hop.fixed, v)
	return int16(fixedWires + len(r.hop.fixed) - 1)
}

// apply applies an op to what is opaque.
func (r *recorder) apply(m *machine, n *opNode, args val) (node, status) {
	sp := m.sp
	if m.reg != absent || m.laned(args) || m.laned(m.acc) {
		return nil, stFail
	}
	if n.spec.Passes {
		if same := sp.infer(n.spec, args, m.acc); same.err == nil {
			m.spend(&same.cost)
			m.acc = same.out
			return nil, stDone
		}
	}
	made := sp.infer(n.spec, args, sp.concrete(m.acc, r.wires))
	if made.err != nil {
		r.failed = true
		return nil, stFail
	}
	in, out := sp.flatWires(m.acc), sp.flatWires(made.out)
	if len(in) > maxWith || len(out) == 0 || r.made+len(out) > fixedWires-madeWires {
		return nil, stFail
	}
	a := applied{call: sp.callOp(n.spec, args), mult: m.k.mult}
	for _, v := range in {
		a.in = append(a.in, r.number(sp, v))
	}
	parts := make([]val, len(out))
	for i, v := range out {
		if t := sp.vals.at(v); t.kind != kindTensor || len(t.keys) > 0 { // named results are known only when it is applied
			return nil, stFail
		}
		k := int16(madeWires + r.made)
		if j := slices.Index(out, v); j < i {
			k = a.out[j]
		} else {
			r.wires[k] = v
			r.made++
		}
		a.out = append(a.out, k)
		a.ranks = append(a.ranks, rankOf(sp.vals.at(v)))
		parts[i] = sp.opaque(int(k), a.ranks[i])
	}
	r.hop.ops = append(r.hop.ops, a)
	m.acc = sp.vals.tuple(parts)
	return nil, stDone
}

// check has what the net leaves be checked.
func (r *recorder) check(m *machine, n *netNode) (node, status) {
	a := applied{net: n}
	for _, v := range m.sp.flatWires(m.acc) {
		if len(a.in) == maxWith {
			return nil, stFail
		}
		a.in = append(a.in, r.number(m.sp, v))
	}
	r.hop.ops = append(r.hop.ops, a)
	return nil, stDone
}

// flatWires are those of what arrives.
func (sp *Space) flatWires(v val) []val {
	if t := sp.vals.at(v); t.kind == kindTuple {
		return t.parts
	}
	return []val{v}
}

// record finds out what a step does that a machine is about to take. It is nil where an op doesn't take the tensors at
// hand.
func (sp *Space) record(w *wires, step func(m *machine) (node, status)) *hop {
	m := &sp.recorder
	r := &recorder{hop: &hop{}, wires: w}
	m.rec, m.cost = r, costs{}
	n, st := m.run(step(m))
	h := r.hop
	switch {
	case r.failed:
		return nil
	case st == stFail:
		h.unsure, h.never = !r.never, r.never
		return h
	}
	ask, _ := n.(asker)
	to, l := sp.settled(m, ask)
	if l.over {
		h.unsure = true
		return h
	}
	h.to, h.cost = place{c: to.c, left: to.left, n: to.n}, m.cost
	for _, v := range l.from[:l.n] {
		h.from = append(h.from, r.number(sp, v))
	}
	return h
}

// wire is that of a number, without named results.
func (w *Walk) wire(h *hop, number int16) val {
	if number >= fixedWires {
		return h.fixed[number-fixedWires]
	}
	v := w.wires[number]
	if len(w.sp.results) > 0 {
		return w.sp.bare(v)
	}
	return v
}

// hop takes a step by the walk's wires, which is found out where it isn't known of such. It is false where the machine has to
// run after all. Which hop that is hangs on the wires alone, and not on those of which one was found first, since searches see
// which tensors are known to be alike.
func (w *Walk) hop(first **hop, r *ran, step func(m *machine) (node, status)) bool {
	for at, fresh := first, false; !fresh; at = &(*at).other {
		if fresh = *at == nil; fresh {
			if *at = w.sp.record(&w.wires, step); *at == nil {
				r.fail()
				return true
			}
			w.sp.looked++
		}
		if w.apply(*at, r) {
			return r.failed || !(*at).unsure
		}
	}
	return false
}

// apply applies what a hop does to the walk's wires. It is false where that is another hop's.
func (w *Walk) apply(h *hop, r *ran) bool {
	sp := w.sp
	r.done, r.failed, r.cost = true, false, h.cost
	for i := range h.ops {
		a := &h.ops[i]
		var few [maxWith]val
		w.tensors = w.tensors[:0]
		for k, number := range a.in {
			few[k] = w.wire(h, number)
			t, err := sp.tensors(few[k])
			if err != nil {
				return false
			}
			w.tensors = append(w.tensors, t...)
		}
		if a.net != nil {
			w.m.acc = sp.vals.tuple(few[:len(a.in)])
			if _, st := a.net.check(&w.m); st == stFail {
				r.failed = true
				return true
			}
			continue
		}
		if op.Refuses(a.call.args, w.tensors) {
			r.failed = true
			return true
		}
		made := &sp.result
		if len(a.in) == 1 {
			made = sp.inferCall(a.call, few[0])
		} else { // what two branches come to is seldom the same again
			depth := int64(0)
			for _, v := range few[:len(a.in)] {
				depth = max(depth, sp.depth(v))
			}
			*made = sp.make(a.call, w.tensors, depth)
		}
		if made.err != nil {
			r.failed = true
			return true
		}
		if !w.makes(a, made.out) {
			return false
		}
		r.cost.addTimes(&made.cost, a.mult)
	}
	if h.never {
		r.failed = true
		return true
	}
	r.to = h.to
	for i, number := range h.from {
		if number >= fixedWires {
			r.to.with[i] = h.fixed[number-fixedWires]
		} else {
			r.to.with[i] = w.wires[number]
		}
	}
	return true
}

// makes takes down what an op has made. It is false where that isn't the like of what it made when it was recorded.
func (w *Walk) makes(a *applied, out val) bool {
	t := w.sp.vals.at(out)
	is := func(i int, v val) bool {
		w.wires[a.out[i]] = v
		t := w.sp.vals.at(v)
		return t.kind == kindTensor && len(t.keys) == 0 && rankOf(t) == a.ranks[i]
	}
	if len(a.out) == 1 {
		return is(0, out)
	}
	if t.kind != kindTuple || len(t.parts) != len(a.out) {
		return false
	}
	for i, v := range t.parts {
		if !is(i, v) || slices.Index(t.parts, v) != slices.Index(a.out, a.out[i]) {
			return false
		}
	}
	return true
}

// option is what an option comes to at a place.
func (w *Walk) option(p *place, option int, r *ran) {
	sp, c := w.sp, p.c
	if w.refuses(p, option) {
		r.fail()
		return
	}
	if option < c.dom.n {
		if c.hops == nil {
			c.hops = make([]*hop, c.dom.n)
		}
		copy(w.wires[:], p.with[:])
		if w.hop(&c.hops[option], r, func(m *machine) (node, status) {
			m.load(c.state)
			m.k = c.k
			return c.ask.take(m, option)
		}) {
			return
		}
	}
	sp.load(&w.m, p)
	n, st := c.ask.take(&w.m, option)
	w.goOn(n, st, r)
}

// refuses tells at once that the first op of an alternative doesn't take what arrives. Of joins, and of what else needs a
// certain number of axes, that is most.
func (w *Walk) refuses(p *place, option int) bool {
	ch, ok := p.c.ask.(*choiceNode)
	if !ok {
		return false
	}
	bound := w.sp.leads(ch, option)
	if bound == nil {
		return false
	}
	if a := &w.arrival; a.c != p.c || a.with != p.with {
		a.c, a.with = p.c, p.with
		w.arrived, a.wires = w.sp.arrived(p, w.arrived[:0])
	}
	return w.arrival.wires && op.Refuses(*bound, w.arrived)
}

// arrived adds the tensors that arrive at a place to a list. It is false where something else arrives.
func (sp *Space) arrived(p *place, list []op.Tensor) ([]op.Tensor, bool) {
	acc, _, _ := sp.states.at(p.c.state)
	for _, v := range sp.flatWires(acc) {
		t := sp.vals.at(v)
		if t.kind == kindOpaque {
			v = p.with[t.i]
		} else if t.kind != kindTensor {
			return list, false
		}
		in, _ := sp.tensors(v)
		list = append(list, in...)
	}
	return list, true
}

// into is where a call leads that a walk has come to, of a rule entered in a state.
func (w *Walk) into(p *place, key reachKey, r *ran) {
	sp := w.sp
	copy(w.wires[:], p.with[:])
	known := sp.into[key]
	h := known
	ok := w.hop(&h, r, func(m *machine) (node, status) {
		sp.enter(m, key)
		return key.proc.body, stNext
	})
	if h != known {
		sp.into[key] = h
	}
	if ok {
		return
	}
	sp.enter(&w.m, key)
	w.m.fill(&w.wires)
	w.goOn(key.proc.body, stNext, r)
}

// outOf is where a call leads that is left so.
func (w *Walk) outOf(site, left *place, r *ran) {
	sp, c := w.sp, site.c
	leap := c.ask.(*leapNode)
	copy(w.wires[:], site.with[:])
	copy(w.wires[leftWires:], left.with[:])
	known := c.outs[left.left]
	h := known
	ok := w.hop(&h, r, func(m *machine) (node, status) {
		m.load(c.state)
		m.k = c.k
		return nil, leap.leave(m, sp.shifted(left.left))
	})
	if h != known {
		if c.outs == nil {
			c.outs = map[int32]*hop{}
		}
		c.outs[left.left] = h
	}
	if ok {
		return
	}
	sp.load(&w.m, site)
	st := leap.leave(&w.m, sp.shifted(left.left))
	w.m.fill(&w.wires)
	w.goOn(nil, st, r)
}

// shifted is a state with the numbers of what a call leaves.
func (sp *Space) shifted(state int32) int32 {
	var with wires
	return sp.mapped(state, func(v val) val {
		for _, p := range sp.flatWires(v) {
			if t := sp.vals.at(p); t.kind == kindOpaque {
				with[t.i] = sp.vals.intern(value{kind: kindOpaque, i: t.i + leftWires, rank: t.rank, keys: t.keys, parts: t.parts})
			}
		}
		return sp.concrete(v, &with)
	})
}

// goOn runs the walk's machine to the next place.
func (w *Walk) goOn(n node, st status, r *ran) {
	m := &w.m
	n, st = m.run(n, st)
	if st == stFail {
		r.fail()
		return
	}
	ask, _ := n.(asker)
	r.done, r.failed, r.cost = true, false, m.cost
	r.to, _ = w.sp.settled(m, ask)
}
