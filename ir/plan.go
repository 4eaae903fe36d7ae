package ir

// What a menu offers has been seen to complete, from afar. Closer to, a search may not find that completion again within
// its bounds. Then the walk goes the way that was seen.

// plan appends the options by which a transition comes to the end of the point, as after found.
func (sp *Space) plan(list []int32, t *transition, g *goal, mult int64, off int) []int32 {
	if t.next == nil {
		return sp.planAccept(list, g, t.left, off)
	}
	c := t.next
	p := sp.place(c, g, mult, off)
	as := func(to *place, cost costs) bool {
		q := place{verdict: no}
		sp.better(&q, to, cost)
		return q.verdict == yes && q.rank == p.rank
	}
	if _, leap := c.ask.(*leapNode); !leap {
		for i := range c.dom.n {
			next := sp.step(c, c.nth(i))
			if as(sp.after(next, g, mult, off), next.cost.times(mult)) {
				return sp.plan(append(list, int32(c.nth(i))), next, g, mult, off)
			}
		}
		return list
	}
	call := sp.callOf(c)
	results := sp.list(call.key(sp, sp.ruleDepth(c)), call.proc.height+extraLevels)
	goal := sp.goal(call.site, g, mult)
	for i := 0; results.at(sp, i); i++ {
		if as(sp.accept(goal, results.states[i], off), results.costs[i].times(c.k.mult).times(mult)) {
			return sp.planAccept(sp.planTrail(list, results.trails[i]), goal, results.states[i], off)
		}
	}
	return list
}

func (sp *Space) planAccept(list []int32, g *goal, state int32, off int) []int32 {
	if g == nil {
		return list
	}
	if sp.passes(g.site) && sp.accept(g.outer, state, off).verdict == yes {
		return sp.planAccept(sp.passedWay(list, g.site), g.outer, state, off)
	}
	return sp.plan(list, sp.leave(&sp.leaper, g.site, state), g.outer, g.mult, min(far, off+1))
}

// planTrail appends the options of a derivation.
func (sp *Space) planTrail(list []int32, by *trail) []int32 {
	if by == nil {
		return list
	}
	if by.option == carried {
		return sp.carriedWay(list, *by.key, passLevels)
	}
	list = sp.planTrail(list, by.before)
	if by.option == leapt {
		return sp.planTrail(list, by.inner)
	}
	return append(list, by.option)
}
