package ir

import "math"

// A walk of a vast space goes through its rules one by one, with a stack of its own for the calls that it is in. In the
// steady state it follows pointers and looks menus up, and allocates nothing.

// visit is a call of a rule that a walk has come through.
type visit struct {
	context
	leap   *config // where it was called from, nil for the root
	around int32   // the visit of that
	hash   uint64  // of the rule's path
}

// alone tells whether walks go rule by rule. Lower bounds are for fits, which sees the whole.
func (sp *Space) alone() bool {
	for i := range sp.bounds {
		if sp.bounds[i].lo != math.MinInt64 {
			return false
		}
	}
	return sp.vast
}

// root enters the root.
func (w *Walk) root() {
	w.rules = append(w.rules, visit{context: context{mult: 1}, hash: w.sp.bottom.path.hash})
	w.top = 0
	w.descend(w.sp.start(w.sp.rootKey()))
}

// descend follows a transition, into rules and out of them, to the next choice or the end.
func (w *Walk) descend(t *transition) {
	sp := w.sp
	for {
		at := &w.rules[w.top]
		cost := t.cost.times(at.mult)
		w.spent.add(&cost)
		switch {
		case t.next == nil && at.leap == nil:
			w.at = nil
			return
		case t.next == nil:
			site := at.leap.call.site
			w.top = at.around
			t = sp.leave(&sp.leaper, site, t.left)
		default:
			leap, isLeap := t.next.ask.(*leapNode)
			if !isLeap {
				w.at = t.next
				return
			}
			call := sp.callOf(t.next)
			hash := w.hash(t.next.k.path, w.top)
			if s := &leap.call.step; s.name != "" {
				hash = extend(hash, s.name, s.number)
			}
			in := sp.called(t.next, at.context)
			w.rules = append(w.rules, visit{in, t.next, w.top, hash})
			w.top = int32(len(w.rules) - 1)
			zone := sp.zone(in.depth)
			start := call.starts[zone]
			if start == nil {
				if call.starts == nil {
					call.starts = map[int32]*transition{}
				}
				start = sp.start(reachKey{call.proc, call.state, zone})
				call.starts[zone] = start
			}
			t = start
		}
	}
}

// hash is that of a path within the rule of a visit.
func (w *Walk) hash(p *path, rule int32) uint64 {
	switch {
	case p.parent != nil:
		return extend(w.hash(p.parent, rule), p.name, p.number)
	case p == w.sp.bottom.path: // a let of the file
		return p.hash
	}
	return w.rules[rule].hash
}

// fullPath is a path within a rule from the root on. paths remembers those of visits, if it is there.
func (w *Walk) fullPath(p *path, rule int32, paths []*path) *path {
	switch {
	case p.parent != nil:
		return w.fullPath(p.parent, rule, paths).extend(p.name, p.number)
	case p == w.sp.bottom.path || rule == 0:
		return w.sp.bottom.path
	case paths != nil && paths[rule] != nil:
		return paths[rule]
	}
	l := &w.rules[rule]
	full := w.fullPath(l.leap.k.path, l.around, paths)
	if s := &l.leap.ask.(*leapNode).call.step; s.name != "" {
		full = full.extend(s.name, s.number)
	}
	if paths != nil {
		paths[rule] = full
	}
	return full
}
