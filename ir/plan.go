package ir

// What a menu offers has been seen to complete, from afar. Closer to, a search may not find that completion again within
// its bounds. Then the walk goes the way that was seen.

// planner makes the list of options by which a transition comes to the end of the point, as goal.go found.
type planner struct {
	sp   *Space
	list []int32
	out  []*context // whose wide goals leave a call out, innermost first
}

// after goes on from a transition.
func (pl *planner) after(t *transition, g *goal, mult int64, off int) {
	if t.next == nil {
		pl.accept(g, t.left, off)
		return
	}
	sp, c := pl.sp, t.next
	p := sp.place(c, g, mult, off)
	as := func(to *place, cost costs) bool {
		cost.add(&to.cost)
		return to.verdict == yes && cost == p.cost
	}
	if _, leap := c.ask.(*leapNode); !leap {
		for i := range c.dom.n {
			next := sp.step(c, c.nth(i))
			if as(sp.after(next, g, mult, off), next.cost.times(mult)) {
				pl.list = append(pl.list, int32(c.nth(i)))
				pl.after(next, g, mult, off)
				return
			}
		}
		return
	}
	call := sp.callOf(c)
	results := sp.list(call.key(sp, sp.ruleDepth(c)), call.proc.height+extraLevels)
	goal := sp.goal(call.site, g, mult)
	for i := 0; results.at(sp, i); i++ {
		if as(sp.accept(goal, results.states[i], off), results.costs[i].times(c.k.mult).times(mult)) {
			pl.trail(results.trails[i])
			pl.accept(goal, results.states[i], off)
			return
		}
	}
}

// accept goes on from where a rule is left.
func (pl *planner) accept(g *goal, state int32, off int) {
	sp := pl.sp
	for len(pl.out) > 0 && pl.out[0].wide == g {
		pl.list = sp.passedWay(pl.list, pl.out[0].near.site)
		pl.out = pl.out[1:]
	}
	switch {
	case g == nil:
	case g.site == nil:
		pl.accept(g.outer, state, off)
	case sp.plain(state) && sp.passes(g.site) && sp.accept(g.outer, state, off).verdict == yes:
		pl.list = sp.passedWay(pl.list, g.site)
		pl.accept(g.outer, state, off)
	default:
		pl.after(sp.leave(&sp.leaper, g.site, state), g.outer, g.mult, min(far, off+1))
	}
}

// trail appends the options of a derivation.
func (pl *planner) trail(by *trail) {
	switch {
	case by == nil:
	case by.option == carried:
		pl.list = pl.sp.carriedWay(pl.list, *by.key, passLevels)
	default:
		pl.trail(by.before)
		if by.option == leapt {
			pl.trail(by.inner)
		} else {
			pl.list = append(pl.list, by.option)
		}
	}
}

// lastTaken is an option that a walk has taken, and in which rule.
type lastTaken struct {
	t    *transition
	rule int32
}

// planned is the menu where a search finds nothing: the way that was seen when the last option was offered.
func (w *Walk) planned() *menu {
	if len(w.plan) == 0 && w.last.t != nil {
		w.plan = w.newPlan()
	}
	w.buf.options, w.buf.prior = w.buf.options[:0], append(w.buf.prior[:0], 1)
	if len(w.plan) > 0 && int(w.plan[0]) < w.at.dom.n && !w.sp.step(w.at, int(w.plan[0])).failed {
		w.buf.options = append(w.buf.options, w.plan[0])
	}
	return &w.buf
}

func (w *Walk) newPlan() []int32 {
	sp, at := w.sp, &w.rules[w.last.rule]
	pl := planner{sp: sp}
	g := at.wide
	if sp.after(w.last.t, g, at.mult, 0).verdict != yes {
		g = at.near
	}
	for leftOut := g != at.near; at.leap != nil; {
		if leftOut {
			pl.out = append(pl.out, &at.context)
		}
		around := &w.rules[at.around]
		leftOut = around.narrow && at.near.outer == around.wide
		at = around
	}
	pl.after(w.last.t, g, w.rules[w.last.rule].mult, 0)
	return pl.list
}
