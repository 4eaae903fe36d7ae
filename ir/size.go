package ir

import (
	"fmt"
	"math"
	"math/big"
)

// Points of each size are counted by tables (tally.go) in which the size, the ops as written, is one more of the costs that are
// followed, and what is greater is left out: so infinite spaces are counted, too, size by size (the generating functions of a
// context-free grammar, Chomsky and Schuetzenberger 1963, cut off at a size).

// bySize are the tables of what is no greater than a size.
func (sp *Space) bySize(most int) (*tally, error) {
	return sp.tallyWith(func(ts *tables) error {
		ts.sizes = len(sp.dims)
		if ts.sizes == maxCosts {
			return ErrUncounted
		}
		ts.limits = append(ts.limits, limit{ts.sizes, math.MinInt64, int64(most)})
		return nil
	})
}

// recursiveSizes is CountBySize of a recursive space.
func (sp *Space) recursiveSizes(most int) (sizes []*big.Int, rest bool, err error) {
	y, err := sp.bySize(most)
	if err != nil {
		return nil, false, err
	}
	sum := new(big.Int)
	for i, x := range y.root.in.exits {
		n := y.exits[0][i]
		if n == nil {
			continue
		}
		for len(sizes) <= int(x.spent[y.ts.sizes]) {
			sizes = append(sizes, new(big.Int))
		}
		at := sizes[x.spent[y.ts.sizes]]
		at.Add(at, n)
		sum.Add(sum, n)
	}
	all, err := sp.count()
	return sizes, err != nil || sum.Cmp(all) < 0, nil
}

// DrawSize takes a point of one size, every one as likely as any other, of infinite spaces too: the recursive
// method (Nijenhuis and Wilf 1978). The draw depends on (seed, trial, size) alone.
func (sp *Space) DrawSize(seed, trial uint64, size int) (*Point, error) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	y := sp.sized
	if y == nil || y.size != size || y.epoch != sp.epoch {
		var err error
		if y, err = sp.bySize(size); err != nil {
			return nil, fmt.Errorf("%v can't be drawn from by size: %w", sp, err)
		}
		y.size = size
		y.root.ends = func(x *spotExit) bool { return x.spent[y.ts.sizes] == int64(size) }
		sp.sized = y
	}
	total := y.total()
	if total.Sign() == 0 {
		return nil, fmt.Errorf("%v has no point of size %d", sp, size)
	}
	rest := uniformBelow(total, seed, trial)
	w := &Walk{sp: sp, epoch: sp.epoch}
	w.move(sp.begin())
	y.walk(func(counts []*big.Int) int { return w.nth(counts, rest, seed, trial) })
	w.state = walkEnded
	return w.Point()
}
