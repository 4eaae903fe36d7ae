package ir

import "slices"

// What a walk offers completes. To see that, it looks ahead from where an option leads: first for what passes on, to the
// end of the rule, whatever has arrived, then on to the next call around it after which that can't go on. Most calls
// pass on what they are left with, so that is all. Where one doesn't, as where two branches are joined, the options that
// come next are tried one by one. And where a rule has just been left and is called again with what it was entered with,
// as a second branch is, it may do once more what it did.
//
// A search follows one way out of each choice. Where nothing is on offer so, and no way has been seen before, a wide one tries
// more and takes the cheapest. What is found is a way to the end of the point. Closer to, a search may not find it
// again; then the walk goes that way (plan.go).

// widths are how many options of a choice are tried in a wide search, and results of a rule that passes on nothing, by how many
// calls away that is: what comes later is looked at less closely.
var widths = [...]int{6, 2, 1}

// maxInto is how many calls are gone into one after the other, in a wide search; in others none is.
const maxInto = 2

// maxVain is how many options within a rule may turn out to lead nowhere, not even out of it, in one look or trial; maxWide how
// many may be looked at in a wide one, in which a further result of a rule counts as so many: it may take a list of its own for
// each call that follows.
const (
	maxVain  = 300
	maxWide  = 3_000
	asResult = 100
)

// tries is how many options of a choice are tried that lead out of their rule, so many calls away.
func (l look) tries(off int) int {
	if l.wide {
		return widths[off]
	}
	return 1
}

// results is how many of a rule that passes on nothing are tried, so many calls away.
func (l look) results(off int) int {
	if l.wide || off == 0 {
		return widths[off]
	}
	return 1
}

// further is one call further away, which is all the same to a narrow search.
func (l look) further(off int) int {
	if l.wide {
		return min(len(widths)-1, off+1)
	}
	return 1
}

// patience is how many options one look or trial may look at that lead nowhere, or at all.
func (l look) patience() int {
	if l.wide {
		return maxWide
	}
	return maxVain
}

// trial is what was found of leaving a visit's rule.
type trial struct {
	trialKey
	ok    bool
	cost  costs // up to where the next trial starts
	since int32 // of sinces: what had been spent when the visit started that is done once more; -1: none is
	then  int32 // the next trial; -1: there is none up to the end
}

// trialKey is a visit, how far away what comes then is looked at and how widely, and what is left.
type trialKey struct {
	visit int32
	off   int8
	wide  bool
	left  int32
	with  [maxWith]val
}

// outcome is a way to the end: what it costs up to a trial's start, and that trial; -1: to the very end. Where none was
// found, it tells whether the rule at hand could be left.
type outcome struct {
	cost costs
	then int32
	left bool
}

// look is one search.
type look struct {
	*Walk
	wide bool     // more is tried
	list *[]int32 // the options of the way, where they are asked for: it has been found then
	from int      // how many choices had been taken
}

// total is what a way costs to the end of the point; less what repeats of what has been spent would cost, where that is to
// hang on nothing spent so far.
func (w *Walk) total(a outcome, spent bool) costs {
	sum := a.cost
	for i := a.then; i >= 0; i = w.trials[i].then {
		t := &w.trials[i]
		if t.since >= 0 {
			again := sum
			for d := 0; spent && d < len(again); d++ {
				again[d] += w.spent[d] - w.sinces[t.since][d]
			}
			sum.add(&again)
		}
		sum.add(&t.cost)
	}
	return sum
}

// best is the cheapest way of those that a wide search has found; others take the first.
type best struct {
	outcome
	rank int64
	list []int32 // its options, where they are asked for
}

// best is the better of a way, found from a mark on, and of the best so far, if there is one.
func (l look) best(b *best, a outcome, mark int) *best {
	sum := l.total(a, false)
	if rank := l.sp.rank(&sum, 0); b == nil || rank < b.rank {
		b = &best{outcome: a, rank: rank}
		if l.list != nil {
			b.list = slices.Clone((*l.list)[mark:])
		}
	}
	return b
}

// found is the best way, or that there is none.
func (l look) found(b *best, left bool) (outcome, bool) {
	if b == nil {
		return outcome{left: left}, false
	}
	if l.list != nil {
		*l.list = append(*l.list, b.list...)
	}
	return b.outcome, true
}

// ahead looks for a way to the end from a place of a visit's rule.
func (w *Walk) ahead(p *place, in int32) (outcome, bool) {
	return look{w, w.wide, nil, 0}.ahead(p, in)
}

func (l look) ahead(p *place, in int32) (outcome, bool) {
	into := 0
	if l.wide {
		into = maxInto
	}
	l.vain = l.patience()
	return l.complete(p, in, 0, into)
}

// complete looks for a way to the end from a place of a visit's rule.
func (l look) complete(p *place, in int32, off, into int) (outcome, bool) {
	w := l.Walk
	w.sp.searched++
	if p.c == nil {
		return l.up(in, p, off)
	}
	sp, mult, mark, out := w.sp, w.rules[in].mult, l.mark(), false
	if p.n > 0 {
		rest := sp.rest(p.c)
		for i := 0; (i == 0 || l.wide && off < len(widths)-1) && rest.at(sp, i); i++ {
			left := w.end(rest, i, &p.with)
			l.trail(rest.trails[i])
			if a, ok := l.up(in, &left, off); ok {
				a.cost.addTimes(&rest.costs[i], mult)
				return a, true
			}
			out = true
			l.back(mark)
		}
	}
	if _, ok := p.c.ask.(*leapNode); ok {
		a, ok := l.past(p, in, off, into)
		a.left = a.left || out
		return a, ok
	}
	dom := w.domain(p)
	var r ran // one for all, since they are looked at one after the other
	var b *best
	for i, tries := 0, l.tries(off); i < dom.n && tries > 0 && w.vain > 0; i++ {
		o := nth(p.c.ask, i)
		if w.option(p, o, &r); r.failed {
			continue
		}
		l.add(int32(o))
		a, ok := l.complete(&r.to, in, off, into)
		if ok {
			if a.cost.addTimes(&r.cost, mult); !l.wide {
				return a, true
			}
			b = l.best(b, a, mark)
		}
		l.back(mark)
		left := ok || a.left
		if left {
			out = true
			tries--
		}
		if l.wide || !left {
			w.vain--
		}
	}
	return l.found(b, out)
}

// past looks for a way on from a call, which may pass on what arrives, or be gone into. Of a rule that passes on nothing, the
// cheapest results are tried.
func (l look) past(p *place, in int32, off, into int) (outcome, bool) {
	w := l.Walk
	sp, mult, mark, out := w.sp, w.rules[in].mult, l.mark(), false
	call := sp.callOf(p.c)
	site := sp.siteOf(call, p)
	results, most := sp.listOf(p.c, passLevels), 1
	passes := p.n > 0 && results.at(sp, 0)
	if !passes {
		given := w.given(call.state, &p.with)
		key := reachKey{call.proc, sp.states.intern(given.acc, given.reg, given.cells), sp.zone(w.rules[in].depth + call.deeper)}
		results, most = sp.list(listKey{key: key, level: key.proc.height + extraLevels}), l.results(off)
	}
	var r ran
	var b *best
	for i := 0; i < most && (i == 0 || w.vain > 0) && results.at(sp, i); i++ {
		l.trail(results.trails[i])
		left := w.end(results, i, &p.with)
		if w.outOf(&site, &left, &r); !r.failed {
			if i > 0 && l.wide {
				w.vain -= asResult
			}
			r.cost.addTimes(&results.costs[i], p.c.k.mult)
			a, ok := l.complete(&r.to, in, off, into)
			if ok {
				if a.cost.addTimes(&r.cost, mult); !l.wide {
					return a, true
				}
				b = l.best(b, a, mark)
			}
			out = out || a.left
		}
		l.back(mark)
	}
	if b != nil || into == 0 || off > 0 {
		return l.found(b, out)
	}
	id := w.visit(p, in)
	defer func() { w.rules = w.rules[:id] }()
	w.rules[id].start = l.from + mark
	if w.into(p, w.keyOf(p, id), &r); r.failed {
		return outcome{left: out}, false
	}
	a, ok := l.complete(&r.to, id, off, into-1)
	a.cost.addTimes(&r.cost, w.rules[id].mult)
	a.left = out
	return a, ok
}

// up looks for a way from where a visit's rule is left.
func (l look) up(in int32, left *place, off int) (outcome, bool) {
	w := l.Walk
	v := &w.rules[in]
	if in == 0 {
		return outcome{then: -1, left: true}, true
	}
	if v.tight == in || !w.sp.plain(left) {
		return l.leave(in, left, off)
	}
	if l.list != nil {
		for i := in; i != v.tight && i > 0; i = w.rules[i].around {
			l.trail(w.rules[i].call.passWay)
		}
	}
	if v.tight < 0 {
		return outcome{v.extra, -1, true}, true
	}
	a, ok := l.leave(v.tight, left, off)
	a.cost.add(&v.extra)
	return a, ok
}

// leave looks for a way from where a visit's rule was called and is left so.
func (l look) leave(in int32, left *place, off int) (outcome, bool) {
	w := l.Walk
	w.sp.searched++
	v := &w.rules[in]
	next := l.further(off)
	key := trialKey{v.id, int8(next), l.wide, left.left, left.with}
	if i := w.tried[w.slot(key)] - 1; i >= 0 && (!w.trials[i].ok || l.list == nil) {
		return outcome{then: i, left: true}, w.trials[i].ok
	}
	t := trial{trialKey: key, since: -1}
	around, mult := v.around, w.rules[v.around].mult
	var r ran
	if w.outOf(&v.site, left, &r); !r.failed {
		if r.to.c == nil {
			a, ok := l.up(around, &r.to, off)
			a.cost.addTimes(&r.cost, mult)
			return a, ok
		}
		vain := w.vain
		w.vain = l.patience()
		cost, mark := r.cost, l.mark()
		a, ok := l.complete(&r.to, around, next, 0)
		if !ok && w.repeats(&w.rules[in], &r.to) {
			l.repeat(w.rules[in].start)
			twin := w.sp.siteOf(w.sp.callOf(r.to.c), &r.to)
			if w.outOf(&twin, left, &r); !r.failed {
				cost.add(&r.cost)
				w.vain = l.patience()
				a, ok = l.complete(&r.to, around, next, 0)
				t.since = int32(len(w.sinces))
				w.sinces = append(w.sinces, w.rules[in].spent)
			}
		}
		if !ok {
			l.back(mark)
		}
		w.vain = vain
		t.ok, t.cost, t.then = ok, a.cost, a.then
		if t.cost.addTimes(&cost, mult); ok && t.then >= 0 && w.trials[t.then].since < 0 { // what comes then hangs on nothing else
			next := &w.trials[t.then]
			t.cost.add(&next.cost)
			t.then = next.then
		}
	}
	w.trials = append(w.trials, t)
	id := int32(len(w.trials))
	if w.tried[w.slot(key)] = id; 2*len(w.trials) > len(w.tried) {
		w.spread(4 * len(w.tried))
	}
	return outcome{then: id - 1, left: true}, t.ok
}

// slot is where a trial stands in the table of them, or would.
func (w *Walk) slot(key trialKey) uint64 {
	mask := uint64(len(w.tried) - 1)
	h := uint64(key.visit)<<32 ^ uint64(uint32(key.left))<<8 ^ uint64(key.off)
	for i := 0; i < maxWith && key.with[i] != absent; i++ {
		h = h*0x9e3779b97f4a7c15 ^ uint64(key.with[i])
	}
	for i := mix(h) & mask; ; i = (i + 1) & mask {
		if id := w.tried[i]; id == 0 || w.trials[id-1].trialKey == key {
			return i
		}
	}
}

// spread makes the table of trials anew, with so many slots, a power of two.
func (w *Walk) spread(slots int) {
	if slots <= cap(w.tried) {
		w.tried = w.tried[:slots]
		clear(w.tried)
	} else {
		w.tried = make([]int32, slots)
	}
	for i := range w.trials {
		w.tried[w.slot(w.trials[i].trialKey)] = int32(i) + 1
	}
}

// repeats tells whether at a place a call of a visit is made once more: of its rule, with all that it was entered with.
func (w *Walk) repeats(v *visit, p *place) bool {
	if _, leap := p.c.ask.(*leapNode); !leap {
		return false
	}
	call := w.sp.callOf(p.c)
	if call.proc != v.proc || p.c.k.mult != v.site.c.k.mult || w.rules[v.around].depth+call.deeper != v.depth {
		return false
	}
	given := w.given(call.state, &p.with)
	return given.acc == v.given.acc && given.reg == v.given.reg && slices.Equal(given.cells, v.given.cells)
}
