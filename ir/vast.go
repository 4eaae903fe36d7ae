package ir

// What a vast space offers at a config of the whole, of which no walk knows, is what a walk would that has come there.

// walkAt is a walk that has come to a config of the whole space.
func (sp *Space) walkAt(c *config) *Walk {
	w := sp.Walk()
	w.epoch, w.state = sp.epoch, walkMoving
	w.atRoot()
	k, top := w.local(c.k)
	w.top = top
	p := w.placed(k, c.state, c.ask)
	w.stand(&p)
	return w
}

// local is a frame of the whole space as one of its rule alone, and the visit of that.
func (w *Walk) local(f *frame) (*frame, int32) {
	sp, m := w.sp, &w.sp.leaper
	call, isCall := f.node.(*callNode)
	switch {
	case f.node == nil:
		return sp.entry(sp.top, 0), 0
	case isCall && call.proc.recursive && f.idx == callBody:
		k, around := w.local(f.parent)
		p := w.placed(k, f.aux, call.leap)
		in := w.visit(&p, around)
		return sp.entry(call.proc, sp.zone(w.rules[in].depth)), in
	}
	k, in := w.local(f.parent)
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
	return m.k, in
}

// placed is the place of a state in a frame.
func (w *Walk) placed(k *frame, state int32, ask asker) place {
	w.m.load(state)
	w.m.k = k
	p, _ := w.sp.settled(&w.m, ask)
	return p
}

// standing is the verdict on a config of the whole space.
func (sp *Space) standing(c *config) verdict {
	w := sp.walkAt(c)
	c.verdict = open
	w.widely(func() bool {
		a, ok := w.ahead(&w.here, w.top)
		if ok {
			c.verdict, c.witness = yes, w.total(a, true)
		}
		return ok
	})
	return c.verdict
}

// leads tells whether an option of the choice at hand completes, whatever it costs.
func (w *Walk) leads(option int) verdict {
	r := w.result(option)
	if r.failed {
		return no
	}
	if _, ok := w.ahead(&r.to, w.top); ok {
		return yes
	}
	return open
}

// vastMenu is the menu of a config of the whole space.
func (sp *Space) vastMenu(c *config) *menu {
	w, mn := sp.walkAt(c), &menu{}
	w.widely(func() bool {
		mn.withheld = 0
		for i := range c.dom.n {
			switch w.leads(i) {
			case yes:
				mn.options = append(mn.options, int32(i))
			case open:
				mn.withheld++
			}
		}
		return len(mn.options) > 0
	})
	mn.prior = make([]float64, len(mn.options))
	c.dom.shares(mn.options, mn.prior)
	c.menu = mn
	return mn
}
