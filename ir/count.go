package ir

import (
	"errors"
	"fmt"
	"math"
	"math/big"
)

// Counting is a sum over the automaton of configs (solve.go): a config has as many completions as its
// options' next configs together. Where requirements bound costs, a config is counted apart for each sum
// spent before it. Recursive spaces are counted by the tables of their rules (tally.go).

// ErrInfinite and ErrUncounted are why a space has no count.
var (
	ErrInfinite  = errors.New("infinite")
	ErrUncounted = errors.New("not counted")
)

// maxCounted is how many options a count may look at, and what it remembers: wordsKept words of a number are as one.
const (
	maxCounted = 3_000_000
	wordsKept  = 16
)

// vastTimes is how much longer a situation of a vast space takes, where each needs a search.
const vastTimes = 50

// afford is how many situations or options may be visited of the number that is stated for spaces whose situations are listed.
func (sp *Space) afford(situations int) int {
	if sp.vast {
		return situations / vastTimes
	}
	return situations
}

// Count is the number of points, continuous values left out. It fails with ErrInfinite, or with ErrUncounted
// where the bounds of the search were met.
func (sp *Space) Count() (*big.Int, error) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	return sp.count()
}

func (sp *Space) count() (*big.Int, error) {
	if sp.recursive {
		y, err := sp.tally()
		if err != nil {
			return nil, err
		}
		return y.total(), nil
	}
	p, err := sp.sizes(false, -1)
	if err != nil || len(p) == 0 {
		return new(big.Int), err
	}
	return p[0], nil
}

// CountBySize is the number of points of each size up to most: size is the number of ops as written, a let drawn
// once and repeated counting once. rest tells whether there may be larger points.
func (sp *Space) CountBySize(most int) (sizes []*big.Int, rest bool, err error) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if sp.recursive {
		return sp.recursiveSizes(most)
	}
	p, err := sp.sizes(true, most)
	if len(p) > most+1 {
		p, rest = p[:most+1], true
	}
	return p, rest, err
}

// sizes are the points by size, or all as of size 0.
func (sp *Space) sizes(bySize bool, most int) (poly, error) {
	for {
		t := sp.begin()
		if !sp.completes(t) {
			if sp.grown {
				sp.forget()
				continue
			}
			return nil, nil
		}
		n := &counter{sp: sp, nested: -1, left: maxCounted, most: most + 1}
		if n.known = sp.counted; bySize {
			n.bySize, n.known = true, map[fitKey]poly{}
		}
		total := n.count(t, costs{})
		if sp.grown {
			sp.forget()
			continue
		}
		if n.err != nil || !bySize {
			return total, n.err
		}
		var all poly
		all.add(total, int(t.size), n.most) // ops before the first choice
		return all, nil
	}
}

// poly is a count for each size: the coefficients of a generating function.
type poly []*big.Int

// add adds p, shifted by a size, to q. Of terms from most on it only keeps that there are some: the last is 1.
func (q *poly) add(p poly, by, most int) {
	for i, x := range p {
		if x.Sign() == 0 {
			continue
		}
		at := min(i+by, most)
		for len(*q) <= at {
			*q = append(*q, new(big.Int))
		}
		if at == most && most > 0 {
			(*q)[at] = one
		} else {
			(*q)[at].Add((*q)[at], x)
		}
	}
}

type counter struct {
	sp     *Space
	left   int
	err    error
	bySize bool
	most   int
	known  map[fitKey]poly
	nested int  // no rule call within more than so many others; below 0: within any
	least  bool // beyond what may be visited, one point is counted where one is known
}

// one is what the end of a point counts.
var one = big.NewInt(1)

// count is how many points a transition leads to, having spent so much before it. The result is shared: it
// must not be changed.
func (n *counter) count(t *transition, spent costs) poly {
	sp := n.sp
	bounded := len(sp.bounds) > 0
	if bounded {
		spent.add(&t.cost)
		for i := range sp.bounds {
			if spent[sp.bounds[i].dim] > sp.bounds[i].hi {
				return nil
			}
		}
	}
	if n.nested >= 0 && int(t.high) > n.nested {
		return nil
	}
	c := t.next
	if c == nil {
		if bounded && !sp.within(&spent) {
			return nil
		}
		return poly{one}
	}
	key, ok := sp.situation(c, &spent)
	if !ok {
		return nil
	}
	if known, ok := n.known[key]; ok {
		return known
	}
	if n.left -= c.dom.n; n.left < 0 || c.k.height > maxHeight/2 {
		if n.least {
			if sp.patience = leastFuel; sp.fit(&transition{next: c}, spent) {
				return poly{one}
			}
			return nil
		}
		n.err = ErrUncounted
	}
	if n.err != nil {
		return nil
	}
	total := poly{}
	mn := sp.offers(c)
	if mn.withheld > 0 {
		n.err = ErrUncounted // what was left out might be points
		return nil
	}
	for _, o := range mn.options {
		if n.err != nil {
			return nil
		}
		u := sp.follow(c, int(o))
		by := 0
		if n.bySize {
			by = int(u.size)
		}
		total.add(n.count(u, spent), by, n.most)
	}
	if n.err == nil {
		n.known[key] = total
		for _, x := range total {
			n.left -= len(x.Bits()) / wordsKept
		}
	}
	return total
}

// situation is a config together with what was spent before it, as far as that still matters; false where no bound
// can be kept any more.
func (sp *Space) situation(c *config, spent *costs) (fitKey, bool) {
	key := fitKey{c: c}
	for i := range sp.bounds {
		b := &sp.bounds[i]
		at := spent[b.dim]
		if key.total[b.dim] = at; sp.recursive {
			continue
		}
		least, most := sp.extremes(c)
		if least == nil || at+least[b.dim] > b.hi || at+most[b.dim] < b.lo {
			return key, false
		}
		if at+most[b.dim] <= b.hi && at+least[b.dim] >= b.lo {
			key.total[b.dim] = math.MinInt64 // whatever follows, this bound holds
		}
	}
	return key, true
}

// counts are how many points each option of a config leads to.
func (n *counter) counts(c *config, spent costs) []*big.Int {
	counts := make([]*big.Int, c.dom.n)
	for i := range counts {
		counts[i] = new(big.Int)
	}
	for _, o := range n.sp.offers(c).options {
		if p := n.count(n.sp.follow(c, int(o)), spent); len(p) > 0 {
			counts[o] = p[0]
		}
	}
	return counts
}

// byCounts takes a walk from the root to its end: pick takes an option, of which it is told how many points each leads to.
func (sp *Space) byCounts(w *Walk, pick func(counts []*big.Int) (option int)) error {
	w.epoch = sp.epoch
	w.move(sp.begin())
	if sp.recursive {
		y, err := sp.tally()
		if err == nil {
			y.walk(pick)
		}
		return err
	}
	n := &counter{sp: sp, nested: -1, left: maxCounted, known: sp.counted}
	for w.at != nil {
		pick(n.counts(w.at, w.spent))
	}
	return nil
}

// At is the point of an index, 0 <= index < Count. The order is that of the decisions, first decision first,
// options as written. Continuous values are no part of the index: they are drawn by (seed, index).
func (sp *Space) At(index *big.Int, seed uint64) (*Point, error) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	total, err := sp.count()
	if err != nil {
		return nil, fmt.Errorf("the points of %v have no index: %w", sp, err)
	}
	if index.Sign() < 0 || index.Cmp(total) >= 0 {
		return nil, fmt.Errorf("index %s is outside 0..%s", index, new(big.Int).Sub(total, one))
	}
	trial := new(big.Int).Mod(index, new(big.Int).SetUint64(1<<63)).Uint64()
	rest := new(big.Int).Set(index)
	w := &Walk{sp: sp}
	if err := sp.byCounts(w, func(counts []*big.Int) int { return w.nth(counts, rest, seed, trial) }); err != nil {
		return nil, err
	}
	w.state = walkEnded
	return w.Point()
}

// nth takes the option, at a config of the whole space, in which point number rest of those that follow is, and leaves the number
// among those of the option. The value of a continuous range is drawn by (seed, trial).
func (w *Walk) nth(counts []*big.Int, rest *big.Int, seed, trial uint64) (option int) {
	for rest.Cmp(counts[option]) >= 0 {
		rest.Sub(rest, counts[option])
		option++
	}
	c := w.at
	mn, real := w.sp.offers(c), 0.0
	if c.dom.continuous {
		d := Decision{c: c, menu: mn, space: w.sp}
		real = d.PickReal(Uniform(seed, trial, d.Key()))
	}
	w.take(int32(option), real, w.forced(len(mn.options)))
	return option
}

// forced tells whether the walk's choice here is none: one option, and that no continuous range.
func (w *Walk) forced(options int) bool {
	if len(w.sp.bounds) > 0 && !w.sp.alone() && !w.at.dom.continuous {
		options = len(w.offer().options)
	}
	return w.sp.forced(w.at, options)
}

// forced tells of a config of the whole space, of which so many options are on offer, whether walks meet no decision there.
func (sp *Space) forced(c *config, options int) bool {
	if sp.alone() {
		_, lone := sp.walkAt(c).lone()
		return lone
	}
	return options == 1 && !c.dom.continuous
}

// Index is the point's number in its space: At(Index) has the same discrete decisions.
func (p *Point) Index() (*big.Int, error) {
	sp := p.space
	sp.mu.Lock()
	defer sp.mu.Unlock()
	if _, err := sp.count(); err != nil {
		return nil, fmt.Errorf("the points of %v have no index: %w", sp, err)
	}
	index := new(big.Int)
	w, next := &Walk{sp: sp}, 0
	err := sp.byCounts(w, func(counts []*big.Int) int {
		a := &p.taken[next]
		next++
		for _, k := range counts[:a.option] {
			index.Add(index, k)
		}
		if !sp.recursive {
			w.take(a.option, a.real, a.forced)
		}
		return int(a.option)
	})
	return index, err
}

// DrawUniform takes a point of a finite space, every one as likely as any other.
func (sp *Space) DrawUniform(seed, trial uint64) (*Point, error) {
	total, err := sp.Count()
	if err != nil {
		return nil, fmt.Errorf("%v can't be drawn from uniformly: %w", sp, err)
	}
	if total.Sign() == 0 {
		return nil, sp.emptiness()
	}
	return sp.At(uniformBelow(total, seed, trial), seed)
}

// uniformBelow is a number in 0..n-1 by (seed, trial), by rejection: digits are drawn until they are below n.
func uniformBelow(n *big.Int, seed, trial uint64) *big.Int {
	bits := n.BitLen()
	words := (bits + 63) / 64
	for round := uint64(0); ; round++ {
		x := new(big.Int)
		for i := range words {
			h := mix(mix(mix(seed+0x632be59bd9b4e019)^trial) + round<<20 + uint64(i))
			x.Lsh(x, 64).Or(x, new(big.Int).SetUint64(h))
		}
		x.Rsh(x, uint(words*64-bits))
		if x.Cmp(n) < 0 {
			return x
		}
	}
}

// maxReason is how many options are looked at for a reason.
const maxReason = 30_000

// reason is the failure that comes furthest from a config that can't complete.
func (sp *Space) reason(c *config) failure {
	best, deepest := failure{}, -1
	seen := map[*config]bool{}
	left := maxReason
	var visit func(c *config, depth int)
	visit = func(c *config, depth int) {
		if c == nil || seen[c] || left <= 0 || depth > 2_000 {
			return
		}
		seen[c] = true
		left -= c.dom.n + 1
		if c.dom.n == 0 && depth > deepest {
			best, deepest = *c.why, depth
		}
		for i := range c.dom.n {
			t := sp.follow(c, i)
			if t.failed && depth > deepest && t.why.span.Source != nil {
				best, deepest = *t.why, depth
			}
			visit(t.next, depth+1)
		}
	}
	visit(c, 0)
	return best
}
