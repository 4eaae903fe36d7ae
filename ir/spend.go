package ir

import (
	"math"
	"slices"
)

// Requirements on sums of costs are kept by knowing what is still to come. For a config, ahead lists the sums that
// completing it can come to, in the dimensions that requirements bound: exactly, by dynamic programming over the configs
// that follow. Where one upper bound is all that is asked for, the least sum is enough (Knuth 1977). Calls of recursive
// rules are leapt over, by the sums with which they can be left (spendTables).
//
// Sums beyond an upper bound are dropped, and those beyond a lower one alone are all alike. Where the lists are longer
// than the limits, a search that remembers takes their place as far as they don't reach; what it can't settle
// is not offered, and Check says so.

// Limits of what is listed and searched.
const (
	maxAhead    = 20_000    // sums of one config
	maxBits     = 1 << 22   // the greatest sum that has a bit of its own
	maxAheadAll = 8_000_000 // of all configs: sums, or words of 64 bits
	spendSpots  = 60_000    // situations within recursive rules
	searchSpent = 200_000   // options of one search, where sums are too many
)

// ahead are sums, one after the other in flat, each a number for every bounded dimension, in order; or where one
// dimension is bounded and its sums are small (dense.go) a bit for each in bits. Of a config with too many, over is true.
type ahead struct {
	flat []int64
	bits []uint64
	over bool
}

type fitKey struct {
	c     *config
	total costs
}

// fits tells whether, having spent so much, a transition can lead to a point that keeps all bounds.
func (sp *Space) fits(t *transition, spent *costs) bool {
	if len(sp.bounds) == 0 {
		return true
	}
	total := *spent
	total.add(&t.cost)
	sp.patience = sp.afford(searchSpent)
	return sp.fit(t, total)
}

func (sp *Space) fit(t *transition, total costs) bool {
	for i := range sp.bounds {
		if total[sp.bounds[i].dim] > sp.bounds[i].hi {
			return false
		}
	}
	c := t.next
	if c == nil {
		return sp.within(&total)
	}
	if sp.patience < 0 {
		sp.unsettled++
		return false
	}
	if sp.solve(c) != yes {
		return false
	}
	whole := total
	whole.add(&c.witness)
	if sp.within(&whole) {
		return true
	}
	if !sp.recursive {
		least, most := sp.extremes(c)
		if least == nil {
			return false
		}
		for i := range sp.bounds {
			b := &sp.bounds[i]
			if total[b.dim]+least[b.dim] > b.hi || total[b.dim]+most[b.dim] < b.lo {
				return false
			}
		}
		if sp.single() {
			return true
		}
	}
	if a := sp.ahead(c); !a.over {
		return a.fits(sp, &total)
	}
	key := fitKey{c, total}
	if known, ok := sp.fitted[key]; ok {
		return known
	}
	if sp.patience -= max(1, c.dom.n); sp.patience < 0 {
		sp.unsettled++
		return false
	}
	before, ok := sp.unsettled, false
	ordered, _ := c.ask.(interface{ order() []int })
	for i := 0; i < c.dom.n && !ok; i++ {
		option := i
		if ordered != nil {
			option = ordered.order()[i]
		}
		if u := sp.follow(c, option); !u.failed {
			then := total
			then.add(&u.cost)
			ok = sp.fit(u, then)
		}
	}
	if ok || sp.unsettled == before {
		sp.fitted[key] = ok
	}
	return ok
}

// follows visits what can follow a config, until visit returns false. Calls of recursive rules are leapt over: it is
// false where they can't be.
func (sp *Space) follows(c *config, visit func(t *transition) bool) bool {
	leap, ok := c.ask.(*leapNode)
	if !ok {
		m, next := &sp.m, &c.next
		if sp.recursive {
			m, next = &sp.leaper, &c.leaps
		}
		if *next == nil {
			*next = make([]*transition, c.dom.n)
		}
		for i := range c.dom.n {
			if t := sp.option(m, c, i, &(*next)[i]); !t.failed && !visit(t) {
				break
			}
		}
		return true
	}
	m := &sp.leaper
	m.load(c.state)
	m.k = c.k
	exits, ok := sp.spendExits(leap.key(m))
	for _, x := range exits {
		m.load(c.state)
		m.k, m.cost, m.size, m.why = c.k, x.spent, 0, failure{}
		t := sp.arrive(m, nil, leap.leave(m, x.state))
		if !t.failed && !visit(t) {
			break
		}
	}
	return ok
}

// single tells whether all that is asked for is one upper bound.
func (sp *Space) single() bool { return len(sp.bounds) == 1 && sp.bounds[0].lo == math.MinInt64 }

// ahead are the sums that completing a config can come to.
func (sp *Space) ahead(c *config) *ahead {
	if c.ahead != nil {
		return c.ahead
	}
	k := len(sp.bounds)
	a := &ahead{over: true}
	c.ahead = a // of a config within itself, which there is none of
	if sp.aheadAll > maxAheadAll {
		return a
	}
	if most := sp.dense(); most >= 0 {
		sp.aheadDense(c, a, most)
		return a
	}
	var flat []int64
	over := false
	known := sp.follows(c, func(t *transition) bool {
		rest := []int64{}
		n := 1
		if t.next != nil {
			next := sp.ahead(t.next)
			if over = next.over; over {
				return false
			}
			rest, n = next.flat, len(next.flat)/k
		}
	sums:
		for i := range n {
			for j := range sp.bounds {
				b := &sp.bounds[j]
				x := t.cost[b.dim]
				if t.next != nil {
					if x += rest[i*k+j]; x < 0 {
						x = math.MaxInt64
					}
				}
				if x > b.hi {
					flat = flat[:len(flat)-j]
					continue sums
				}
				if b.hi == math.MaxInt64 {
					x = min(x, b.lo) // enough is enough
				}
				flat = append(flat, x)
			}
			if sp.single() && len(flat) > 1 {
				flat = append(flat[:0], slices.Min(flat))
			}
		}
		if len(flat) > 4*maxAhead*k {
			flat = unique(flat, k)
		}
		return len(flat) <= 4*maxAhead*k
	})
	flat = unique(flat, k)
	if sp.aheadAll += len(flat) + 1; known && !over && len(flat) <= maxAhead*k {
		a.flat, a.over = flat, false
	}
	return a
}

// unique puts sums of k numbers each in order, each once.
func unique(flat []int64, k int) []int64 {
	if k == 1 {
		slices.Sort(flat)
		return slices.Compact(flat)
	}
	rows := make([][]int64, 0, len(flat)/k)
	for i := 0; i < len(flat); i += k {
		rows = append(rows, flat[i:i+k])
	}
	slices.SortFunc(rows, slices.Compare)
	out := make([]int64, 0, len(flat))
	for i, r := range rows {
		if i == 0 || !slices.Equal(r, rows[i-1]) {
			out = append(out, r...)
		}
	}
	return out
}

// fits tells whether some sum brings a total within all bounds.
func (a *ahead) fits(sp *Space, total *costs) bool {
	k, first := len(sp.bounds), &sp.bounds[0]
	if a.bits != nil {
		return a.anyBit(first.lo-total[first.dim], first.hi-total[first.dim])
	}
	from := 0 // the first that brings the first total to its lower bound: they are in order
	for to := len(a.flat) / k; from < to; {
		if mid := (from + to) / 2; plusCost(total[first.dim], a.flat[mid*k]) < first.lo {
			from = mid + 1
		} else {
			to = mid
		}
	}
	for i := from * k; i < len(a.flat); i += k {
		if plusCost(total[first.dim], a.flat[i]) > first.hi {
			return false
		}
		all := true
		for j := range sp.bounds {
			b := &sp.bounds[j]
			x := plusCost(total[b.dim], a.flat[i+j])
			all = all && x >= b.lo && x <= b.hi
		}
		if all {
			return true
		}
	}
	return false
}

// spending is how recursive rules can be left, and for how much.
type spending struct {
	ts    *tables
	over  bool      // it is more than the limits
	least [][]int64 // where one upper bound is all there is: the least sum, by table and exit
	exits map[reachKey][]spotExit
}

// spendExits are the ways in which a recursive rule, entered so, can be left, with what is spent within; false where they
// are too many.
func (sp *Space) spendExits(key reachKey) ([]spotExit, bool) {
	s := sp.spending
	if s == nil {
		var limits []limit
		if !sp.single() {
			limits = sp.limits()
		}
		s = &spending{ts: sp.newTables(limits), exits: map[reachKey][]spotExit{}}
		sp.spending = s
	}
	if exits, known := s.exits[key]; known || s.over {
		return exits, !s.over
	}
	done := len(s.ts.list)
	t := s.ts.table(key)
	if err := s.ts.run(spendSpots, 10*spendSpots); err != nil || s.ts.err != nil {
		s.over = true
		return nil, false
	}
	exits := t.exits
	if sp.single() {
		s.shortest(s.ts.list[done:], sp.bounds[0].dim)
		exits = nil
		for i, x := range t.exits {
			x.spent[sp.bounds[0].dim] = s.least[t.id][i]
			exits = append(exits, x)
		}
	}
	s.exits[key] = exits
	return exits, true
}

// shortest finds the least sum of each exit of some tables, whose calls of other tables are known: the least solution of
// equations in minima and sums, from above, round by round.
func (s *spending) shortest(tables []*table, dim int) {
	for _, t := range tables {
		t.sort()
		s.least = append(s.least, slices.Repeat([]int64{math.MaxInt64}, len(t.exits)))
	}
	for changed := true; changed; {
		changed = false
		for _, t := range tables {
			for i, x := range s.from(t, dim) {
				if x < s.least[t.id][i] {
					s.least[t.id][i], changed = x, true
				}
			}
		}
	}
}

// from are the least sums from a table's start to its exits.
func (s *spending) from(t *table, dim int) []int64 {
	n := len(t.exits)
	ahead := make([]int64, len(t.spots)*n)
	for i := range ahead {
		ahead[i] = math.MaxInt64
	}
	lower := func(to []int64, e edge, cost int64) {
		switch {
		case cost == math.MaxInt64:
		case e.spot != nil:
			for i, x := range ahead[int(e.spot.index)*n:][:n] {
				to[i] = min(to[i], plusCost(x, cost))
			}
		case e.exit >= 0:
			to[e.exit] = min(to[e.exit], cost)
		}
	}
	for _, p := range t.order {
		to := ahead[int(p.index)*n:][:n]
		for i, e := range p.edges {
			key, called := moveKey{p.c, int32(i)}, int64(0)
			if p.calls != nil {
				key.o, called = p.calls.exits[i].state, s.least[p.calls.id][i]
			}
			lower(to, e, plusCost(called, t.moves[key].cost[dim]))
		}
	}
	from := slices.Repeat([]int64{math.MaxInt64}, n)
	lower(from, t.start, t.first[dim])
	return from
}

// plusCost adds costs; what is beyond 64 bits stays the most there is.
func plusCost(a, b int64) int64 {
	if c := a + b; c >= 0 {
		return c
	}
	return math.MaxInt64
}

// extremes are the least and the most that completing a config can cost, exact, by dynamic programming
// over everything that can follow. Only for spaces without recursion; nil where nothing completes.
func (sp *Space) extremes(c *config) (least, most *costs) {
	if c.least != nil || sp.solve(c) != yes {
		return c.least, c.most
	}
	for i := 0; i < c.dom.n && !sp.enough(); i++ {
		t := sp.follow(c, i)
		if t.failed {
			continue
		}
		lo, hi := t.cost, t.cost
		if t.next != nil {
			l, h := sp.extremes(t.next)
			if l == nil {
				continue
			}
			lo.add(l)
			hi.add(h)
		}
		if c.least == nil {
			c.least, c.most = &lo, &hi
			continue
		}
		for d := range lo {
			c.least[d], c.most[d] = min(c.least[d], lo[d]), max(c.most[d], hi[d])
		}
	}
	return c.least, c.most
}
