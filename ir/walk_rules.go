package ir

import (
	"fmt"
	"math"
	"slices"

	"github.com/spacec-lang/spacec/ir/op"
)

// A walk of a vast space goes through its rules one by one, with a stack of its own for the calls that it is in. What is
// remembered holds for any shape: what a rule does to a shape is seldom asked twice (place.go, hop.go, pass.go).

// byRules is what a walk has that goes rule by rule.
type byRules struct {
	m       machine     // runs the rules where hops don't tell
	wires   wires       // of the hop at hand
	tensors []op.Tensor // of the op at hand
	arrived []op.Tensor // and of the choice that was asked about last
	arrival struct {
		c     *config // which is this one,
		with  [maxWith]val
		wires bool // if tensors arrive there
	}
	rules   []visit // the calls of rules so far; those that the walk is in are linked by around
	top     int32   // the one that it is in
	here    place   // where it stands,
	choice  config  // which choice that is,
	ran     []ran   // and what its options come to
	trials  []trial // what was found ahead (walk_ahead.go),
	sinces  []costs // and, of what is done once more, what had been spent before
	tried   []int32 // by hash: a trial's number and one, or 0
	visits  int32   // how many were made, those of searches too
	wide    bool    // searches try more: nothing is on offer otherwise
	vain    int     // how many options the search at hand may yet find to lead nowhere
	last    lastTaken
	plan    []int32 // the options by which what was taken last completes, where they are needed
	held    []val   // cells that last as long as the walk
	scratch []val   // and as long as a choice
	room    int     // how much the tables may keep before they are dropped
	chart   *chart  // knows what completes, if there is one
}

// visit is a call of a rule that a walk has come through.
type visit struct {
	proc   *proc
	site   place // where it was called from, without what arrived there; nowhere at the root
	around int32 // the visit of that
	given  given // what the rule was entered with
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

// given is what a rule is entered with.
type given struct {
	acc, reg val
	cells    []val
}

// ran is what an option of the choice at hand comes to.
type ran struct {
	done, failed bool
	to           place
	cost         costs
}

func (r *ran) fail() { r.done, r.failed = true, true }

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
	w.chart = w.sp.chart()
	var r ran
	w.into(&place{}, w.sp.rootKey(), &r)
	w.proceed(&r)
}

// atRoot has the walk visit the root alone.
func (w *Walk) atRoot() {
	w.m.sp, w.m.jump = w.sp, true
	w.held, w.scratch, w.trials, w.sinces = w.held[:0], w.scratch[:0], w.trials[:0], w.sinces[:0]
	w.spread(64)
	w.rules = append(w.rules[:0], visit{proc: w.sp.top, mult: 1, tight: -1, hash: w.sp.bottom.path.hash})
	w.top, w.visits = 0, 1
}

// result is what an option of the choice at hand comes to.
func (w *Walk) result(option int) *ran {
	r := &w.ran[option]
	if !r.done {
		w.option(&w.here, option, r)
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
func (w *Walk) proceed(r *ran) {
	var next ran
	for ; ; r = &next {
		p := r.to
		v := &w.rules[w.top]
		w.spent.addTimes(&r.cost, v.mult)
		switch {
		case r.failed:
			if w.at = nil; !w.sp.grown { // which no search leaves open
				w.state, w.err = walkEnded, fmt.Errorf("%s: what was on offer can't be taken", w.here.c.k.path)
			}
			return
		case p.c == nil && w.top == 0:
			w.at = nil
			return
		case p.c == nil:
			w.top = v.around
			w.outOf(&v.site, &p, &next)
		default:
			if _, leap := p.c.ask.(*leapNode); !leap {
				w.stand(&p)
				return
			}
			w.top = w.visit(&p, w.top)
			w.into(&p, w.keyOf(&p, w.top), &next)
		}
	}
}

// stand is at a choice.
func (w *Walk) stand(p *place) {
	w.here, w.scratch, w.wide = *p, w.scratch[:0], false
	w.choice = config{ask: p.c.ask, k: p.c.k, dom: w.domain(p)}
	w.at = &w.choice
	w.ran = slices.Grow(w.ran[:0], w.choice.dom.n)[:w.choice.dom.n]
	clear(w.ran)
}

// visit is a new visit of the rule that is called at a place of another.
func (w *Walk) visit(p *place, around int32) int32 {
	sp, out, call := w.sp, &w.rules[around], w.sp.callOf(p.c)
	v := visit{
		proc: call.proc, id: w.visits, around: around, start: len(w.path), spent: w.spent, depth: out.depth + call.deeper, tight: -1,
		mult: min(maxMult, out.mult*max(1, p.c.k.mult)),
		hash: w.hash(p.c.k.path, around), given: w.given(call.state, &p.with), site: sp.siteOf(call, p),
	}
	v.call = sp.callOf(v.site.c)
	from := len(w.held)
	w.held = append(w.held, v.given.cells...)
	v.given.cells = w.held[from:len(w.held):len(w.held)]
	if s := &p.c.ask.(*leapNode).call.step; s.name != "" {
		v.hash = extend(v.hash, s.name, s.number)
	}
	id := int32(len(w.rules))
	if v.tight = id; v.given.reg == absent && sp.passes(v.site.c) {
		v.tight, v.extra = out.tight, v.call.passCost.times(out.mult)
		if out.tight != around || around == 0 {
			v.extra.add(&out.extra)
		}
	}
	sp.searched++
	w.visits++
	w.rules = append(w.rules, v)
	return id
}

// keyOf is how the rule of a visit is entered that is called at a place.
func (w *Walk) keyOf(p *place, visit int32) reachKey {
	call := w.sp.callOf(p.c)
	return reachKey{call.proc, call.state, w.sp.zone(w.rules[visit].depth)}
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
	full := w.fullPath(v.site.c.k.path, v.around, paths)
	if s := &v.site.c.ask.(*leapNode).call.step; s.name != "" {
		full = full.extend(s.name, s.number)
	}
	if paths != nil {
		paths[rule] = full
	}
	return full
}
