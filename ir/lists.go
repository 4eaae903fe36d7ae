package ir

import "container/heap"

// In a vast space nobody can list all that a rule can be left in. A list of level n holds what derivations reach that
// nest n calls of recursive rules, cheap ones first and so many at most. It is made as it is read, and the same
// whoever reads it, whenever: what is offered hangs on nothing but the space and the point so far.
//
// extraLevels is how many more calls may be nested in the lists that searches read than a rule needs by its written
// form. A list holds so many results; a list of level n is made in n * listSteps situations.
const (
	extraLevels = 2
	listResults = 16
	listSteps   = 20
)

type listKey struct {
	key   reachKey // of a whole rule,
	from  *config  // or from a config on, of the rest of its rule
	level int32
}

// list is what a rule can be left in, as far as it has been read.
type list struct {
	reach
	listKey
	trails  []*trail
	ends    []ending // of the results that walks have read
	pending pending
	seen    map[*config]bool
	steps   int
	cut     bool // there may be more
	started bool
}

// trail is a derivation, last step first: the option taken at a choice, or the derivation of a rule that was leapt over.
type trail struct {
	before *trail
	option int32 // or leapt
	inner  *trail
}

const leapt = -1

// partial is a situation to go on from; at a call, with result i of its list. Without a config it is the end, in a state.
type partial struct {
	c     *config
	state int32
	cost  costs
	size  int32
	by    *trail
	i     int
	rank  int64
	order int
}

// pending is a heap of situations, cheapest first, then oldest.
type pending struct {
	all   []partial
	count int
}

func (p *pending) Len() int { return len(p.all) }
func (p *pending) Less(i, j int) bool {
	a, b := &p.all[i], &p.all[j]
	return a.rank < b.rank || a.rank == b.rank && a.order < b.order
}
func (p *pending) Swap(i, j int) { p.all[i], p.all[j] = p.all[j], p.all[i] }
func (p *pending) Push(x any)    { p.all = append(p.all, x.(partial)) }
func (p *pending) Pop() any {
	last := p.all[len(p.all)-1]
	p.all = p.all[:len(p.all)-1]
	return last
}

func (sp *Space) list(key listKey) *list {
	l := sp.lists[key]
	if l == nil {
		l = &list{listKey: key, cut: key.level == 0}
		sp.lists[key] = l
	}
	return l
}

// listOf is that of the rule that is called at a leap, of a level.
func (sp *Space) listOf(c *config, level int32) *list {
	return sp.list(listKey{key: sp.callOf(c).key(sp, sp.ruleDepth(c)), level: level})
}

// at makes sure that result i is there; false where there is none.
func (l *list) at(sp *Space, i int) bool {
	for i >= len(l.states) {
		if !l.extend(sp) {
			return false
		}
	}
	return true
}

// extend goes one step on; false at the end.
func (l *list) extend(sp *Space) bool {
	switch {
	case l.level == 0:
		return false
	case len(l.states) >= listResults || l.steps > listSteps*int(l.level):
		l.cut = true
		return false
	case !l.started:
		l.started, l.seen = true, map[*config]bool{}
		if l.from != nil {
			l.put(partial{c: l.from})
			return true
		}
		l.arrive(sp, sp.start(l.key), costs{}, 0, nil)
		return true
	case l.pending.Len() == 0:
		return false
	}
	p := heap.Pop(&l.pending).(partial)
	if p.c == nil {
		l.found(sp, p.state, p.size, p.cost, p.by)
		return true
	}
	l.steps++
	if p.i == 0 {
		if l.seen[p.c] {
			return true
		}
		l.seen[p.c] = true
	}
	if _, leap := p.c.ask.(*leapNode); !leap {
		for i := range p.c.dom.n {
			l.arrive(sp, sp.step(p.c, p.c.nth(i)), p.cost, p.size, &trail{before: p.by, option: int32(p.c.nth(i))})
		}
		return true
	}
	call := sp.callOf(p.c)
	if acc, _, _ := sp.states.at(call.state); l.from != nil && !sp.isOpaque(acc) { // only what passes on is looked for
		return true
	}
	inner := sp.listOf(p.c, l.level-1)
	if !inner.at(sp, p.i) {
		l.cut = l.cut || inner.cut
		return true
	}
	cost := inner.costs[p.i].times(p.c.k.mult)
	cost.add(&p.cost)
	l.arrive(sp, sp.leave(&sp.leaper, call.site, inner.states[p.i]), cost, p.size+inner.sizes[p.i], &trail{before: p.by, option: leapt, inner: inner.trails[p.i]})
	p.rank = sp.rank(&cost, p.size+inner.sizes[p.i]) // the next result, at least as dear, waits its turn
	p.i++
	l.put(p)
	return true
}

// arrive takes up where a transition leads.
func (l *list) arrive(sp *Space, t *transition, cost costs, size int32, by *trail) {
	if t.failed {
		l.cut = l.cut || t.why.soft
		return
	}
	cost.add(&t.cost)
	size += t.size
	l.put(partial{c: t.next, state: t.left, cost: cost, size: size, by: by, rank: sp.rank(&cost, size)})
}

func (l *list) put(p partial) {
	l.pending.count++
	p.order = l.pending.count
	heap.Push(&l.pending, p)
}

func (l *list) found(sp *Space, state, size int32, cost costs, by *trail) {
	if sp.mixes(state) {
		l.cut = true
	} else if l.add(state, size, cost) {
		l.trails = append(l.trails, by)
		sp.rows++
	}
}

// rank is by what derivations are compared: shares of what the requirements leave, then ops.
func (sp *Space) rank(c *costs, size int32) int64 {
	rank := int64(0)
	for i := range sp.bounds {
		if b := &sp.bounds[i]; c[b.dim] > b.hi {
			rank += 1 << 50
		} else if b.hi > 0 {
			rank += int64(float64(c[b.dim]) / float64(b.hi) * (1 << 30))
		}
	}
	return rank<<10 + int64(min(size, 1023))
}
