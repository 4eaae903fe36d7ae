package ir

// A rule that can pass on whatever arrives, and what comes after a call that can pass on whatever the call leaves, are
// found by running them over something opaque, of which no guard or field can know anything, and which of ops only "skip"
// takes: if it comes out as it went in, any tensor would. A tuple might not, nor a tensor with named results.

// passLevels is how many calls may be nested within the way that passes something on.
const passLevels = 6

// plain tells whether a tensor is left in a state that has no named results, or one in each lane.
func (sp *Space) plain(state int32) bool {
	acc, _, _ := sp.states.at(state)
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

// passed is whether something passes, and what that costs.
type passed struct {
	ok   bool
	cost costs
}

type passKey struct {
	key   reachKey
	level int
}

func (sp *Space) opaque(i int) val { return sp.vals.intern(value{kind: kindOpaque, i: int64(i)}) }

// carries tells whether a rule can pass on whatever arrives, with the imports and arguments of a key.
func (sp *Space) carries(key reachKey, level int) passed {
	if level == 0 {
		return passed{}
	}
	_, reg, cells := sp.states.at(key.state)
	key.state = sp.states.intern(sp.opaque(0), reg, cells)
	at := passKey{key, level}
	known, ok := sp.passing[at]
	if !ok {
		want := sp.states.intern(sp.opaque(0), reg, cells[:key.proc.imports])
		known.cost, known.ok = sp.ends(sp.start(key), want, level)
		sp.passing[at] = known
	}
	return known
}

// passes tells whether what comes after a call in its rule can pass on whatever the call leaves.
func (sp *Space) passes(c *config) bool {
	call := sp.callOf(c)
	if call.passes == unknown {
		call.passes = no
		imports := c.ask.(*leapNode).call.imports
		same := sp.ruleOf(c).imports == len(imports)
		cells := make([]val, len(imports))
		for i, cell := range imports {
			same = same && cell == i
			cells[i] = sp.opaque(i + 1)
		}
		if same {
			left := sp.states.intern(sp.opaque(0), absent, cells)
			if cost, ok := sp.ends(sp.leave(&sp.leaper, call.site, left), left, passLevels); ok {
				call.passes, call.passCost = yes, cost
			}
		}
	}
	return call.passes == yes
}

// ends tells whether a transition can come to the end of its rule in a state, and at what cost.
func (sp *Space) ends(t *transition, want int32, level int) (costs, bool) {
	if t.failed {
		return costs{}, false
	}
	c := t.next
	if c == nil {
		return t.cost, t.left == want
	}
	if _, leap := c.ask.(*leapNode); leap {
		call := sp.callOf(c)
		acc, reg, cells := sp.states.at(call.state)
		if acc != sp.opaque(0) {
			return costs{}, false
		}
		inner := sp.carries(reachKey{call.proc, call.state, sp.ruleDepth(c) + call.deeper}, level-1)
		if !inner.ok {
			return costs{}, false
		}
		cost, ok := sp.ends(sp.leave(&sp.leaper, call.site, sp.states.intern(acc, reg, cells[:call.proc.imports])), want, level)
		inner.cost = inner.cost.times(c.k.mult)
		cost.add(&inner.cost)
		cost.add(&t.cost)
		return cost, ok
	}
	for i := range c.dom.n {
		if cost, ok := sp.ends(sp.step(c, c.nth(i)), want, level); ok {
			cost.add(&t.cost)
			return cost, true
		}
	}
	return costs{}, false
}

// way appends the options by which a transition over something opaque comes to the end of its rule, as ends found.
func (sp *Space) way(list []int32, t *transition, want int32, level int) []int32 {
	c := t.next
	if c == nil {
		return list
	}
	if _, leap := c.ask.(*leapNode); leap {
		call := sp.callOf(c)
		acc, reg, cells := sp.states.at(call.state)
		list = sp.carriedWay(list, reachKey{call.proc, call.state, sp.ruleDepth(c) + call.deeper}, level-1)
		return sp.way(list, sp.leave(&sp.leaper, call.site, sp.states.intern(acc, reg, cells[:call.proc.imports])), want, level)
	}
	for i := range c.dom.n {
		next := sp.step(c, c.nth(i))
		if _, ok := sp.ends(next, want, level); ok {
			return sp.way(append(list, int32(c.nth(i))), next, want, level)
		}
	}
	return list
}

// carriedWay is that of a rule which passes on what arrives.
func (sp *Space) carriedWay(list []int32, key reachKey, level int) []int32 {
	_, reg, cells := sp.states.at(key.state)
	key.state = sp.states.intern(sp.opaque(0), reg, cells)
	return sp.way(list, sp.start(key), sp.states.intern(sp.opaque(0), reg, cells[:key.proc.imports]), level)
}

// passedWay is that of the rest of a rule after a call.
func (sp *Space) passedWay(list []int32, site *config) []int32 {
	leap := site.ask.(*leapNode)
	cells := make([]val, len(leap.call.imports))
	for i := range cells {
		cells[i] = sp.opaque(i + 1)
	}
	left := sp.states.intern(sp.opaque(0), absent, cells)
	return sp.way(list, sp.leave(&sp.leaper, site, left), left, passLevels)
}
