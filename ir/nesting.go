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
	last := new(big.Int)
	for d := 0; d <= most; d++ {
		within, all, err := sp.countWithin(d)
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
func (sp *Space) countWithin(nested int) (count *big.Int, all bool, err error) {
	if sp.recursive {
		y, err := sp.tallyWith(func(ts *tables) error {
			ts.nested = nested
			return nil
		})
		if err != nil {
			return nil, false, err
		}
		return y.total(), !y.ts.deeper, nil
	}
	total, err := sp.count()
	for err == nil {
		n := &counter{sp: sp, nested: nested, left: maxCounted, known: map[fitKey]poly{}}
		p := n.count(sp.begin(), costs{})
		if sp.grown {
			sp.forget()
			continue
		}
		count = new(big.Int)
		if len(p) > 0 {
			count.Set(p[0])
		}
		return count, count.Cmp(total) == 0, n.err
	}
	return nil, false, err
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
	if sp.recursive {
		if y, err := sp.newTally().tally(1, true); err == nil && !sp.grown {
			least.Set(y.total())
		}
	} else if t := sp.begin(); sp.completes(t) {
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
