package ir

import "github.com/spacec-lang/spacec/ir/op"

// A vast space is solved rule by rule. A situation within a rule is a config that knows nothing of what is around the
// rule; what is around is a goal, which tells of a state in which the rule is left whether all that follows can
// complete. What was learned of a config and a goal holds wherever both are met again, at whatever depth: the grammar
// specialised to its types, made as far as it is met (Bar-Hillel, Perles & Shamir 1961).
//
// Most goals are alike. A call after which its rule can pass on what the call leaves (pass.go) accepts all that the goal
// around the rule accepts; so the search asks that first, and only where it gives no answer the goal of the call itself.

// call is what a config of a leap knows of it.
type call struct {
	proc     *proc
	state    int32 // in which the rule is entered
	deeper   int32 // rule calls between here and there, that one counted
	site     *config
	passes   verdict               // whether what follows in its rule passes on what it leaves (pass.go),
	passCost costs                 // at what cost
	passWay  *trail                // and how
	starts   map[int32]*transition // of the rule, by zone
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
		c.call = &call{proc: key.proc, state: key.state, site: c}
		if sp.nests {
			c.call.deeper = key.depth - sp.ruleDepth(c)
		}
		for _, tmp := range leap.call.tmp {
			m.cells[tmp] = absent
		}
		m.acc, m.reg = absent, absent
		if site := sp.settle(m, leap); site != c {
			c.call.site = site
			c.call.passes = unknown
		}
	}
	return c.call
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

// refused tells at once that the first op of an alternative doesn't take what arrives. Of joins, and of what else needs a
// certain number of axes, that is most.
func (sp *Space) refused(ask asker, acc val, option int) bool {
	ch, ok := ask.(*choiceNode)
	if !ok {
		return false
	}
	n := ch.leading(option)
	if n == nil {
		return false
	}
	t := sp.vals.at(acc)
	in, err := t.tensors, error(nil)
	if in == nil {
		if t.kind != kindTensor && t.kind != kindTuple {
			return false
		}
		if in, err = sp.tensors(acc); err != nil {
			return false
		}
	}
	if n.bound.Spec == nil {
		if n.bound, err = sp.opArgs(n.spec, sp.vals.at(n.fixed).parts); err != nil {
			return false
		}
	}
	return op.Refuses(n.bound, in)
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

// zoneMargin is how much deeper than a situation a search may look.
const zoneMargin = 40

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
		case t <= depth+zoneMargin:
			return depth
		}
	}
	return first
}

// goal is what has to accept the state in which a rule is left: the rest of the rule that called it, then the goal
// around that. The goal of the root is nil, and accepts. A goal without a site accepts of what the one around it does
// that which passes (pass.go).
type goal struct {
	goalKey
	accepts [3]map[int32]*place
}

type goalKey struct {
	site  *config
	outer *goal
	mult  int64 // how often the site's rule is built
}

func (sp *Space) goal(site *config, outer *goal, mult int64) *goal {
	key := goalKey{site, outer, mult}
	g := sp.goals[key]
	if g == nil {
		g = &goal{goalKey: key}
		sp.goals[key] = g
	}
	return g
}

type placeKey struct {
	c    *config
	g    *goal
	mult int64
	off  int
}

// place is what is known of a config under a goal.
type place struct {
	verdict verdict
	asked   bool  // the goal had a say in it
	cost    costs // of the cheapest completion known, to the very end
	rank    int64
}

// What comes later is looked at less closely: widths are how many results of a list are tried for a call in the rule at
// hand, in the one around it and so on.
// From far off only one way is followed.
var widths = [3]int{6, 2, 1}

// accept tells, from so many goals off, whether a rule may be left in a state.
func (sp *Space) accept(g *goal, state int32, off int) *place {
	switch {
	case g == nil:
		return &sp.end
	case g.site == nil && sp.plain(state):
		return sp.accept(g.outer, state, off)
	case g.site == nil:
		return &sp.barred
	}
	p := g.accepts[off][state]
	if p == nil {
		p = &place{verdict: no, asked: true}
		if g.accepts[off] == nil {
			g.accepts[off] = map[int32]*place{}
		}
		g.accepts[off][state] = p
		if sp.plain(state) && sp.passes(g.site) {
			if q := sp.accept(g.outer, state, off); q.verdict == yes {
				sp.better(p, q, sp.callOf(g.site).passCost.times(g.mult))
				return p
			}
		}
		t := sp.leave(&sp.leaper, g.site, state)
		sp.better(p, sp.after(t, g.outer, g.mult, min(2, off+1)), t.cost.times(g.mult))
		p.asked = true
	}
	return p
}

// after is the place that a transition leads to.
func (sp *Space) after(t *transition, g *goal, mult int64, off int) *place {
	switch {
	case t.failed && t.why.soft:
		return &sp.givenUp
	case t.failed:
		return &sp.failed
	case t.next == nil:
		return sp.accept(g, t.left, off)
	}
	return sp.place(t.next, g, mult, off)
}

// better takes up a way from a place to another, if it is one and cheaper than what is known.
func (sp *Space) better(p, to *place, cost costs) {
	p.asked = p.asked || to.asked
	if to.verdict != yes {
		if to.verdict == open && p.verdict == no {
			p.verdict = open
		}
		return
	}
	cost.add(&to.cost)
	rank := sp.rank(&cost, 0)
	if p.verdict != yes || rank < p.rank {
		p.verdict, p.cost, p.rank = yes, cost, rank
	}
}

// place is the place of a config under a goal, its rule being built mult times, from so many goals off.
func (sp *Space) place(c *config, g *goal, mult int64, off int) *place {
	key := placeKey{c, g, mult, off}
	p := sp.places[key]
	if p != nil {
		return p
	}
	p = &place{verdict: no}
	sp.places[key] = p
	if _, leap := c.ask.(*leapNode); !leap {
		for i := 0; i < c.dom.n && p.verdict != yes; i++ { // small ones first: the first will do
			t := sp.step(c, c.nth(i))
			sp.better(p, sp.after(t, g, mult, off), t.cost.times(mult))
			if off == 2 && !t.failed {
				if p.verdict == no && i < c.dom.n-1 {
					p.verdict = open
				}
				break
			}
		}
		return p
	}
	call := sp.callOf(c)
	list := sp.listOf(c, call.proc.height+extraLevels)
	goal := sp.goal(call.site, g, mult)
	i := 0
	for ; p.verdict != yes && i < widths[off] && list.at(sp, i); i++ {
		sp.better(p, sp.accept(goal, list.states[i], off), list.costs[i].times(c.k.mult).times(mult))
	}
	if p.verdict == no && (list.cut || i == widths[off]) {
		p.verdict = open
	}
	return p
}

// context is where a call of a rule stands: the two goals that its rule has, how often it is built, its nesting.
type context struct {
	wide, near           *goal // wide is without calls that pass on what they are left with; near, with the last of them, asks more
	narrow               bool  // wide is not near
	wideExtra, nearExtra costs // of what was left out
	mult                 int64
	depth                int32
}

// called is the context of the rule that is called at a leap in a context.
func (sp *Space) called(leap *config, at context) context {
	call := sp.callOf(leap)
	outer := at.wide
	if at.narrow && sp.place(leap, at.wide, at.mult, 0).verdict != yes {
		outer = at.near
	}
	in := context{mult: 1, depth: at.depth + call.deeper}
	outerMult := int64(1)
	if len(sp.bounds) > 0 {
		outerMult = at.mult
		in.mult = min(maxMult, at.mult*max(1, leap.k.mult))
	}
	in.near = sp.goal(call.site, outer, outerMult)
	if in.nearExtra = at.wideExtra; outer != at.wide {
		in.nearExtra = at.nearExtra
	}
	in.wide, in.wideExtra = in.near, in.nearExtra
	if sp.passes(call.site) {
		if in.narrow = true; outer == nil || outer.site != nil {
			outer = sp.goal(nil, outer, 0)
		}
		in.wide = outer
		cost := sp.callOf(call.site).passCost.times(outerMult)
		in.wideExtra.add(&cost)
	}
	return in
}

// standing is the verdict on a config of the whole space.
func (sp *Space) standing(c *config) verdict {
	local, at := sp.local(c)
	p, extra := sp.place(local, at.wide, at.mult, 0), &at.wideExtra
	if at.narrow && p.verdict != yes {
		p, extra = sp.place(local, at.near, at.mult, 0), &at.nearExtra
	}
	c.verdict, c.witness = p.verdict, p.cost
	c.witness.add(extra)
	if p.verdict == no && p.asked {
		c.verdict = open // what was left out of the goals might accept
	}
	return c.verdict
}

// outlook tells whether an option of a config of a rule can complete in a context, and what it would cost to the end of
// the point.
func (sp *Space) outlook(c *config, option int, at *context) (verdict, costs) {
	t := sp.step(c, option)
	own := t.cost.times(at.mult)
	p := place{verdict: no}
	sp.better(&p, sp.after(t, at.wide, at.mult, 0), own)
	if p.verdict == yes {
		p.cost.add(&at.wideExtra)
		return yes, p.cost
	}
	if at.narrow && (p.asked || p.verdict == open) {
		if sp.better(&p, sp.after(t, at.near, at.mult, 0), own); p.verdict == yes {
			p.cost.add(&at.nearExtra)
			return yes, p.cost
		}
	}
	if p.asked { // what was left out of the goals might accept
		return open, costs{}
	}
	return p.verdict, costs{}
}

// vastMenu is the menu of a config of the whole space.
func (sp *Space) vastMenu(c *config) *menu {
	local, at := sp.local(c)
	mn := &menu{}
	for i := range c.dom.n {
		switch v, _ := sp.outlook(local, i, &at); v {
		case yes:
			mn.options = append(mn.options, int32(i))
		case open:
			mn.withheld++
		}
	}
	mn.prior = make([]float64, len(mn.options))
	c.dom.shares(mn.options, mn.prior)
	c.menu = mn
	return mn
}

// local is a config of the whole space as one of its rule alone, and where the rule stands.
func (sp *Space) local(c *config) (*config, context) {
	k, at := sp.localFrame(c.k)
	m := &sp.leaper
	m.load(c.state)
	m.k = k
	return sp.settle(m, c.ask), at
}

// localFrame takes frames off the rule's call and puts them onto its bottom.
func (sp *Space) localFrame(f *frame) (*frame, context) {
	m := &sp.leaper
	call, isCall := f.node.(*callNode)
	switch {
	case f.node == nil:
		sp.enter(m, sp.rootKey())
		return m.k, context{mult: 1}
	case isCall && call.proc.recursive && f.idx == callBody:
		at, known := sp.around[f]
		if !known {
			k, outer := sp.localFrame(f.parent)
			m.load(f.aux)
			m.k = k
			at = sp.called(sp.settle(m, call.leap), outer)
			sp.around[f] = at
		}
		sp.enter(m, reachKey{call.proc, sp.states.intern(absent, absent, nil), sp.zone(at.depth)})
		return m.k, at
	}
	k, at := sp.localFrame(f.parent)
	m.k = k
	switch n := f.node.(type) {
	case *labelNode:
		m.pushFrom(n, n.scope, &n.step)
	case *scopeNode:
		m.pushFrom(n, nil, &n.step)
	default:
		s := &step{}
		if f.path != f.parent.path {
			s = &step{f.path.name, f.path.number}
		}
		m.pushNamed(f.node, f.idx, f.aux, f.saved, s)
	}
	return m.k, at
}
