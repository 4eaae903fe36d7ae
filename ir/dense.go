package ir

import (
	"math"
	"math/bits"
)

// Where one dimension is bounded and its sums are small, the sums that a config can come to are bits: sum x is bit x. What an
// option adds is a shift, and what the options come to together is a union.

// dense is the greatest sum that matters, where sums are bits; below 0 where they are not. Where only a lower bound is
// asked for, all sums from it on are that bit.
func (sp *Space) dense() int64 {
	if len(sp.bounds) != 1 || sp.single() {
		return -1
	}
	most := sp.bounds[0].hi
	if most == math.MaxInt64 {
		most = sp.bounds[0].lo
	}
	if most > maxBits {
		return -1
	}
	return max(most, 0)
}

// aheadDense fills in the sums of a config.
func (sp *Space) aheadDense(c *config, a *ahead, most int64) {
	b := &sp.bounds[0]
	words := int(most/64 + 1)
	sp.aheadAll += words
	sums := make([]uint64, words)
	over := false
	known := sp.follows(c, func(t *transition) bool {
		x := t.cost[b.dim]
		if x > most {
			if b.hi < math.MaxInt64 {
				return true
			}
			x = most
		}
		if t.next == nil {
			sums[x/64] |= 1 << (x % 64)
			return true
		}
		next := sp.ahead(t.next)
		if over = next.over; over {
			return false
		}
		shift(sums, next.bits, x, most, b.hi == math.MaxInt64)
		return true
	})
	if known && !over {
		a.bits, a.over = sums, false
	}
}

// shift adds the sums of from, x more each, to those of to. Sums beyond most go, or are most.
func shift(to, from []uint64, x, most int64, keep bool) {
	w, k := int(x/64), uint(x%64)
	for i := len(to) - 1; i >= w; i-- {
		to[i] |= from[i-w] << k
		if k > 0 && i > w {
			to[i] |= from[i-w-1] >> (64 - k)
		}
	}
	last := len(to) - 1
	to[last] &= math.MaxUint64 >> (63 - uint(most%64))
	if keep && (&ahead{bits: from}).anyBit(most-x, most) {
		to[last] |= 1 << (most % 64)
	}
}

// anyBit tells whether there is a sum from lo to hi.
func (a *ahead) anyBit(lo, hi int64) bool {
	lo, hi = max(lo, 0), min(hi, int64(len(a.bits))*64-1)
	if lo > hi {
		return false
	}
	for i := lo / 64; i <= hi/64; i++ {
		w := a.bits[i]
		if i == lo/64 {
			w = w >> uint(lo%64) << uint(lo%64)
		}
		if w != 0 {
			return int64(bits.TrailingZeros64(w))+i*64 <= hi
		}
	}
	return false
}
