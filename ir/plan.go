package ir

// Closer to, a search may not find the way again that was seen from afar. Then the walk goes that way: the search for it is made
// once more, and lists its options.

// lastTaken is where a walk took an option, and which.
type lastTaken struct {
	from   place
	rule   int32
	option int32
	path   int  // how many were taken before
	wide   bool // it took a wide search to find it
}

// planned is the menu where a search finds nothing: the way that was seen when the last option was offered.
func (w *Walk) planned() *menu {
	if len(w.plan) == 0 && w.last.from.c != nil {
		w.plan = w.newPlan()
	}
	w.buf.options, w.buf.prior = w.buf.options[:0], append(w.buf.prior[:0], 1)
	if len(w.plan) > 0 && int(w.plan[0]) < w.at.dom.n && !w.fails(w.plan[0]) {
		w.buf.options = append(w.buf.options, w.plan[0])
	}
	return &w.buf
}

func (w *Walk) newPlan() (list []int32) {
	last := &w.last
	list = append(list, last.option)
	var r ran
	if w.option(&last.from, int(last.option), &r); !r.failed {
		look{w, last.wide, &list, last.path}.ahead(&r.to, last.rule)
	}
	return list[1:]
}

func (l look) mark() int {
	if l.list == nil {
		return 0
	}
	return len(*l.list)
}

func (l look) back(mark int) {
	if l.list != nil {
		*l.list = (*l.list)[:mark]
	}
}

func (l look) add(option int32) {
	if l.list != nil {
		*l.list = append(*l.list, option)
	}
}

// trail adds the options of a derivation.
func (l look) trail(by *trail) {
	if l.list == nil || by == nil {
		return
	}
	l.trail(by.before)
	if by.option == leapt {
		l.trail(by.inner)
	} else {
		l.add(by.option)
	}
}

// repeat adds the options that were taken since so many had been.
func (l look) repeat(start int) {
	if l.list == nil {
		return
	}
	n := len(*l.list)
	for i := start; i < l.from; i++ {
		l.add(l.path[i].option)
	}
	*l.list = append(*l.list, (*l.list)[max(0, start-l.from):n]...)
}
