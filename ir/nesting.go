package ir

import (
	"math/big"

	"github.com/spacec-lang/spacec/lang"
)

// Counts by nesting: a point's nesting is the most rule calls that are around anything in it. How many points have
// at most so much is a count as any other, with deeper calls left out; the differences are the counts of each. Of a
// recursive rule the count within d calls is that of its body, with calls in it counted within fewer than d: exact, and
// finite for each d.

// maxDigits bounds counts by nesting, which may square from one to the next: 10,000 digits.
const maxDigits = 33_220 // bits

// CountByNesting is the number of points of each nesting up to most, and whether there may be more beyond that, or beyond
// a count of 10,000 digits.
func (sp *Space) CountByNesting(most int) (counts []*big.Int, more bool, err error) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	var total *big.Int // where it can be had without going into recursive rules
	if !sp.recursive || len(sp.bounds) > 0 {
		if total, err = sp.count(); err != nil {
			return nil, false, ErrUncounted
		}
	}
	last := new(big.Int)
	for d := 0; d <= most; d++ {
		within, all, err := sp.countWithin(d, total)
		if err != nil {
			return nil, false, err
		}
		if within.Cmp(last) != 0 || !all {
			counts = append(counts, new(big.Int).Sub(within, last))
		}
		if last = within; all {
			return counts, false, nil
		}
		if last.BitLen() > maxDigits {
			break
		}
	}
	return counts, true, nil
}

// countWithin is the number of points of at most so much nesting, and whether these are all.
func (sp *Space) countWithin(nested int, total *big.Int) (count *big.Int, all bool, err error) {
	for {
		var p poly
		if total != nil {
			n := &counter{sp: sp, nested: nested, left: sp.afford(maxCounted), known: map[fitKey]poly{}}
			p, err = n.count(sp.begin(), costs{}), n.err
		} else {
			p, all, err = sp.tablesWithin(nested)
		}
		if sp.grown {
			sp.forget()
			continue
		}
		if err != nil {
			return nil, false, err
		}
		count = new(big.Int)
		if len(p) > 0 {
			count.Set(p[0])
		}
		return count, all || total != nil && count.Cmp(total) == 0, nil
	}
}

// withinKey is a rule entered in a state, with so many calls around anything in it.
type withinKey struct {
	reachKey
	nested int
}

func (sp *Space) tablesWithin(nested int) (total poly, all bool, err error) {
	z := &sizer{sp: sp, steps: sizeSteps, nested: nested}
	known := map[withinKey]map[int32]poly{}
	z.within = func(c *config, key reachKey) map[int32]poly {
		around := z.nested
		left := around - int(c.k.calls) - 1
		if left < 0 {
			z.cut = true
			return nil
		}
		k := withinKey{key, left}
		table, ok := known[k]
		if !ok {
			m := &machine{sp: sp, jump: true}
			sp.enter(m, key)
			z.nested = left
			table = z.run(m, key.proc.body, stNext, map[*config]map[int32]poly{}, key.proc.imports)
			z.nested = around
			known[k] = table
		}
		return table
	}
	m := &machine{sp: sp, jump: true, k: sp.bottom}
	m.enterCells(sp.cells)
	for _, p := range z.run(m, sp.root, stNext, map[*config]map[int32]poly{}, 0) {
		total.add(p, 0, 0)
	}
	return total, !z.cut, z.err
}

// Of the bounds of a count: how many options may be looked at, and how far a point is looked for in each beyond.
const (
	maxBounded = 500_000
	leastFuel  = 5_000
)

// CountBounds are proved bounds on the number of points of a space that can't be counted: at least so many have been
// found, and at most so many there would be without its requirements; most is nil where there is no such bound.
func (sp *Space) CountBounds() (least, most *big.Int) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	least = new(big.Int)
	if t := sp.begin(); sp.completes(t) {
		n := &counter{sp: sp, nested: -1, least: true, left: sp.afford(maxBounded), known: map[fitKey]poly{}}
		if p := n.count(t, costs{}); len(p) > 0 {
			least.Set(p[0])
		}
		if sp.grown { // what was found may not stand
			sp.forget()
			least.SetInt64(0)
		}
	}
	required := false
	for _, d := range sp.File.Decls {
		_, ok := d.(*lang.Require)
		required = required || ok
	}
	if !required {
		return least, nil
	}
	if relaxed := sp.relaxed(); relaxed != nil {
		if n, err := relaxed.Count(); err == nil {
			most = n
		}
	}
	return least, most
}
