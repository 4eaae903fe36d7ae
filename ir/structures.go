package ir

import (
	"errors"

	"github.com/spacec-lang/spacec/ir/canon"
)

// ErrMany is of a space with more networks than were to be looked at.
var ErrMany = errors.New("too many networks to tell apart")

// Structures is the number of different graphs that the space's points build: isomorphic ones are one, and what
// configs choose makes no difference. Every network is built, so there may be limit of them at most. exact is
// false where some graphs were too hard for the budget: then some that count as two may be one. With ErrMany, count is
// how many there are among the first limit. With ErrInfinite there is no end of points.
func (sp *Space) Structures(limit int) (count int, exact bool, err error) {
	sp.mu.Lock()
	infinite := sp.infinite()
	sp.mu.Unlock()
	if infinite {
		return 0, false, ErrInfinite
	}
	h := canon.NewHasher(canon.Budget)
	seen := map[[32]byte]bool{}
	exact = true
	w := sp.Walk()
	var stack, sizes []int
	for n := 0; ; n++ {
		if n == limit {
			return len(seen), exact, ErrMany
		}
		w.Reset()
		sizes = sizes[:0]
		for d, ok := w.Next(); ok; d, ok = w.Next() {
			switch k := len(sizes); {
			case d.Continuous():
				lo, _, _ := d.Range()
				w.ChooseReal(lo)
			case d.InConfig():
				w.Choose(0)
			default:
				if k == len(stack) {
					stack = append(stack, 0)
				}
				sizes = append(sizes, d.Len())
				w.Choose(stack[k])
			}
		}
		p, err := w.Point()
		if err != nil {
			return 0, false, err
		}
		b, err := p.Build()
		if err != nil {
			return 0, false, err
		}
		f, err := h.Hash(b.Graph)
		if err != nil {
			return 0, false, err
		}
		seen[f.Hash] = true
		exact = exact && f.Exact
		for len(stack) > 0 && stack[len(stack)-1] == sizes[len(stack)-1]-1 {
			stack = stack[:len(stack)-1]
		}
		if len(stack) == 0 {
			return len(seen), exact, nil
		}
		stack[len(stack)-1]++
	}
}
