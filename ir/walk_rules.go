package ir

import (
	"fmt"
	"math"
	"slices"
)

// A walk of a vast space goes through its rules one by one, with a stack of its own for the calls that it is in. It runs the
// machine on what really arrives, and nothing of that is interned but values and frames: what a rule does to a shape is
// seldom asked twice. What is remembered holds for any shape (pass.go).

// byRules is what a walk has that goes rule by rule.
type byRules struct {
	m       machine   // runs the rules
	rules   []visit   // the calls of rules so far; those that the walk is in are linked by around
	top     int32     // the one that it is in
	here    situation // where it stands,
	choice  config    // which choice that is,
	ran     []ran     // and what its options come to
	trials  []trial   // what was found ahead (walk_ahead.go)
	tried   []int32   // by hash: a trial's number and one, or 0
	visits  int32     // how many were made, those of searches too
	wide    bool      // searches try more: nothing is on offer otherwise
	vain    int       // how many options the search at hand may yet find to lead nowhere
	last    lastTaken
	plan    []int32 // the options by which what was taken last completes, where they are needed
	held    []val   // cells that last as long as the walk
	scratch []val   // and as long as a choice
	room    int     // how much the tables may keep before they are dropped
}

// visit is a call of a rule that a walk has come through.
type visit struct {
	proc   *proc
	site   situation // where it was called from, without what arrived there; no asker at the root
	around int32     // the visit of that
	given  situation // what the rule was entered with
	hash   uint64
	depth  int32 // the nesting
	mult   int64 // how often what is in the rule is built
	start  int   // how many choices had been taken before
	spent  costs // and what had been spent

	call  *call // what is known of the call, whatever its shapes are
	tight int32 // the visit, this or the next around it, after which its rule can't pass on whatever is left; -1: none
	extra costs // of what passes on up to there
	id    int32 // of all that the walk looked at
}

// situation is where a machine stands within a rule.
type situation struct {
	ask      asker // nil where the rule has come to its end
	k        *frame
	acc, reg val
	cells    []val // at the end, the imported ones
}

// ran is what an option of the choice at hand comes to.
type ran struct {
	done, failed bool
	to           situation
	cost         costs
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
	w.atRoot()
	w.inside(&w.rules[0])
	w.proceed(w.goOn(w.sp.top.body, stNext))
}

// atRoot has the walk visit the root alone.
func (w *Walk) atRoot() {
	w.m.sp, w.m.jump = w.sp, true
	w.held, w.scratch, w.trials = w.held[:0], w.scratch[:0], w.trials[:0]
	w.spread(64)
	w.rules = append(w.rules[:0], visit{proc: w.sp.top, mult: 1, tight: -1, hash: w.sp.bottom.path.hash})
	w.top, w.visits = 0, 1
}

// load takes the machine to a situation.
func (w *Walk) load(s *situation) *machine {
	m := &w.m
	m.acc, m.reg, m.k, m.cost, m.size, m.high = s.acc, s.reg, s.k, costs{}, 0, 0
	m.resize(len(s.cells))
	copy(m.cells, s.cells)
	return m
}

// hold keeps cells as long as the walk.
func (w *Walk) hold(cells []val) []val {
	from := len(w.held)
	w.held = append(w.held, cells...)
	return w.held[from:len(w.held):len(w.held)]
}

// goOn runs the machine to the next situation, which lasts as long as the choice at hand.
func (w *Walk) goOn(n node, st status) ran {
	m := &w.m
	n, st = m.run(n, st)
	if st == stFail {
		return ran{done: true, failed: true}
	}
	cells, ask := m.cells, asker(nil)
	if st == stAsk {
		ask = n.(asker)
	} else {
		cells = cells[:m.k.proc.imports]
	}
	from := len(w.scratch)
	w.scratch = append(w.scratch, cells...)
	return ran{true, false, situation{ask, m.k, m.acc, m.reg, w.scratch[from:len(w.scratch):len(w.scratch)]}, m.cost}
}

// option runs an option from a situation.
func (w *Walk) option(s *situation, option int) ran {
	if w.sp.refused(s.ask, s.acc, option) {
		return ran{done: true, failed: true}
	}
	return w.goOn(s.ask.take(w.load(s), option))
}

// result is what an option of the choice at hand comes to.
func (w *Walk) result(option int) *ran {
	r := &w.ran[option]
	if !r.done {
		*r = w.option(&w.here, option)
	}
	return r
}

// fails tells whether an option doesn't fit what arrives.
func (w *Walk) fails(option int32) bool {
	if len(w.rules) > 0 {
		return w.result(int(option)).failed
	}
	return w.sp.follow(w.at, int(option)).failed
}

// proceed goes on from what was run, into rules and out of them, to the next choice or the end.
func (w *Walk) proceed(r ran) {
	for {
		s := &r.to
		v := &w.rules[w.top]
		w.spent.addTimes(&r.cost, v.mult)
		n, st := node(nil), stDone
		switch leap, isLeap := s.ask.(*leapNode); {
		case r.failed:
			if w.at = nil; !w.sp.grown { // which no search leaves open
				w.state, w.err = walkEnded, fmt.Errorf("%s: what was on offer can't be taken", w.here.k.path)
			}
			return
		case isLeap:
			w.top = w.visit(s, w.top, leap)
			v = &w.rules[w.top]
			w.inside(v)
			n, st = v.proc.body, stNext
		case s.ask != nil:
			w.stand(s)
			return
		case w.top == 0:
			w.at = nil
			return
		default:
			w.outside(&v.site, s)
			w.top = v.around
		}
		r = w.goOn(n, st)
	}
}

// stand is at a choice.
func (w *Walk) stand(s *situation) {
	w.here = *s
	w.here.cells = w.hold(s.cells)
	w.scratch, w.wide = w.scratch[:0], false
	w.choice = config{ask: s.ask, k: s.k, dom: s.ask.domain(w.load(s))}
	w.at = &w.choice
	w.ran = slices.Grow(w.ran[:0], w.choice.dom.n)[:w.choice.dom.n]
	clear(w.ran)
}

// visit is a new visit of the rule that is called at a situation of another.
func (w *Walk) visit(s *situation, around int32, leap *leapNode) int32 {
	sp, m, out := w.sp, w.load(s), &w.rules[around]
	var few [8]val
	v := visit{
		proc: leap.call.proc, id: w.visits, around: around, start: len(w.path), spent: w.spent, depth: w.deeper(s, around), tight: -1,
		mult:  min(maxMult, out.mult*max(1, s.k.mult)),
		given: situation{acc: s.acc, reg: s.reg, cells: w.hold(leap.call.given(m, few[:0]))},
		hash:  w.hash(s.k.path, around),
	}
	if s := &leap.call.step; s.name != "" {
		v.hash = extend(v.hash, s.name, s.number)
	}
	for _, tmp := range leap.call.tmp {
		m.cells[tmp] = absent
	}
	v.site = situation{ask: s.ask, k: s.k, acc: absent, reg: absent, cells: w.hold(m.cells)}
	local, _ := sp.lifted(&v.site, siteOpaques)
	v.call = sp.callOf(local)
	id := int32(len(w.rules))
	if v.tight = id; v.given.reg == absent && sp.passes(local) {
		v.tight, v.extra = out.tight, v.call.passCost.times(out.mult)
		if out.tight != around || around == 0 {
			v.extra.add(&out.extra)
		}
	}
	w.visits++
	w.rules = append(w.rules, v)
	return id
}

// deeper is the nesting within a call at a situation.
func (w *Walk) deeper(s *situation, in int32) int32 {
	if !w.sp.nests {
		return 0
	}
	m := machine{k: s.k}
	return w.rules[in].depth + m.nesting() + 1 - foot(s.k).aux
}

// inside takes the machine to the start of a visit's rule.
func (w *Walk) inside(v *visit) {
	sp, m := w.sp, &w.m
	m.acc, m.reg, m.k, m.cost = v.given.acc, v.given.reg, sp.entry(v.proc, sp.zone(v.depth)), costs{}
	m.resize(v.proc.cells)
	clear(m.cells)
	copy(m.cells, v.given.cells)
}

// outside takes the machine to where a call, at a situation, is left in another.
func (w *Walk) outside(call, left *situation) {
	m, leap := w.load(call), call.ask.(*leapNode)
	for _, tmp := range leap.call.tmp {
		m.cells[tmp] = absent
	}
	m.acc, m.reg = left.acc, left.reg
	for i, c := range leap.call.imports {
		m.cells[c] = left.cells[i]
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
	v := &w.rules[rule]
	full := w.fullPath(v.site.k.path, v.around, paths)
	if s := &v.site.ask.(*leapNode).call.step; s.name != "" {
		full = full.extend(s.name, s.number)
	}
	if paths != nil {
		paths[rule] = full
	}
	return full
}
