package ir

import "github.com/spacec-lang/spacec/ir/op"

// A vast space is solved rule by rule. A situation within a rule is a config that knows nothing of what is around the
// rule, and what was learned of it holds wherever the rule is called, at whatever depth: the grammar specialised to its
// types, made as far as it is met (Bar-Hillel, Perles & Shamir 1961).

// call is what a config of a leap knows of it.
type call struct {
	proc     *proc
	state    int32 // in which the rule is entered
	deeper   int32 // rule calls between here and there, that one counted
	site     *config
	around   *config // the same with what is opaque numbered anew, from none on,
	from     []int8  // which are these
	passes   verdict // whether what follows in its rule passes on what it leaves (pass.go),
	passCost costs   // at what cost
	passWay  *trail  // and how
}

func (c *call) key(sp *Space, depth int32) reachKey {
	return reachKey{c.proc, c.state, sp.zone(depth + c.deeper)}
}

// callOf is the call at a leap. Its site is the leap without what arrives there, which is over once it is left.
func (sp *Space) callOf(c *config) *call {
	if c.call == nil {
		leap := c.ask.(*leapNode)
		m := &sp.leaper
		m.load(c.state)
		m.k = c.k
		key := leap.key(m)
		c.call = &call{proc: key.proc, state: key.state}
		if sp.nests {
			c.call.deeper = key.depth - sp.ruleDepth(c)
		}
		for _, tmp := range leap.call.tmp {
			m.cells[tmp] = absent
		}
		m.acc = absent
		c.call.site = sp.settle(m, leap)
	}
	return c.call
}

// siteOf is where a call at a place was made, without what arrives there.
func (sp *Space) siteOf(call *call, p *place) place {
	if call.around == nil {
		l := lift{sp: sp, stay: true}
		m := &sp.leaper
		m.load(sp.mapped(call.site.state, l.value))
		sp.reframe(m, call.site.k, l.value)
		call.around = sp.settle(m, call.site.ask)
		for _, v := range l.from[:l.n] {
			call.from = append(call.from, int8(sp.vals.at(v).i))
		}
	}
	site := place{c: call.around, n: int8(len(call.from))}
	for i, number := range call.from {
		site.with[i] = p.with[number]
	}
	return site
}

// ruleOf is the rule that a config of its own is in, ruleDepth the nesting there.
func (sp *Space) ruleOf(c *config) *proc { return foot(c.k).proc }

func (sp *Space) ruleDepth(c *config) int32 { return foot(c.k).aux }

func foot(f *frame) *frame {
	for f.node != nil {
		f = f.parent
	}
	return f
}

// step is the transition of an option within a rule.
func (sp *Space) step(c *config, option int) *transition {
	if c.leaps == nil {
		c.leaps = make([]*transition, c.dom.n)
	}
	if acc, _, _ := sp.states.at(c.state); c.leaps[option] == nil && sp.refused(c.ask, acc, option) {
		c.leaps[option] = &sp.refusal
	}
	return sp.option(&sp.leaper, c, option, &c.leaps[option])
}

// leads is the op that an alternative starts with, with its arguments, if it does and they are constants; else nil.
func (sp *Space) leads(ch *choiceNode, option int) *op.Args {
	n := ch.leading(option)
	if n == nil {
		return nil
	}
	if n.bound.Spec == nil {
		var err error
		if n.bound, err = sp.opArgs(n.spec, sp.vals.at(n.fixed).parts); err != nil {
			return nil
		}
	}
	return &n.bound
}

// refused tells at once that the first op of an alternative doesn't take what arrives.
func (sp *Space) refused(ask asker, acc val, option int) bool {
	ch, ok := ask.(*choiceNode)
	if !ok {
		return false
	}
	bound := sp.leads(ch, option)
	if kind := sp.vals.at(acc).kind; bound == nil || kind != kindTensor && kind != kindTuple {
		return false
	}
	in, err := sp.tensors(acc)
	return err == nil && op.Refuses(*bound, in)
}

// start is the transition into a rule.
func (sp *Space) start(key reachKey) *transition {
	t := sp.starts[key]
	if t == nil {
		m := &sp.leaper
		sp.enter(m, key)
		t = sp.arrive(m, key.proc.body, stNext)
		sp.starts[key] = t
	}
	return t
}

// leastMargin is how much deeper than a situation a search looks at least, Space.margin how much deeper it may look: by as many
// levels as lists have, in each as deep as calls nest in the body of a rule.
const leastMargin = 40

// zone is a nesting that stands for all from which no guard that asks for the nesting turns within the margin.
func (sp *Space) zone(depth int32) int32 {
	if !sp.nests || sp.nestings != len(sp.turns) {
		return depth
	}
	first := int32(0)
	for _, t := range sp.turns {
		switch { // "nesting < t" turns at t, "nesting <= t" at t + 1
		case t+1 <= depth:
			first = max(first, t+1)
		case t <= depth+sp.margin:
			return depth
		}
	}
	return first
}
