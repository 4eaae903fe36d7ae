package ir

import (
	"math"
	"math/big"
)

// forest values what a parse has found: how many derivations there are, and a probable one, by the weights as
// written. It only looks at what leads to the graph; where a derivation holds itself there are infinitely many.
type forest struct {
	items    map[itemKey]*forestItem
	order    []*forestItem
	infinite bool
}

type itemKey struct {
	call *parseCall
	exit parseExit
}

// forestItem is a call that is left in one way.
type forestItem struct {
	key   itemKey
	spots map[*parseSpot]*derivations // those on the way to the exit
	all   derivations
	open  bool // it is being valued
}

// derivations are those from some place on: their number, and the logarithm of the greatest product of weights.
type derivations struct {
	count *big.Int
	best  float64
}

var noDerivations = derivations{new(big.Int), math.Inf(-1)}

// grow makes the forest of a parse; nil where nothing was found.
func (p *parse) grow() *forest {
	if !p.found() {
		return nil
	}
	f := &forest{items: map[itemKey]*forestItem{}}
	f.item(p.root, parseExit{})
	for round := 0; f.infinite && round < 100; round++ {
		same := true
		for _, it := range f.order {
			before := it.all.best
			f.value(it)
			same = same && it.all.best <= before
		}
		if same {
			break
		}
	}
	return f
}

func (f *forest) item(call *parseCall, exit parseExit) *forestItem {
	key := itemKey{call, exit}
	if it := f.items[key]; it != nil {
		f.infinite = f.infinite || it.open
		return it
	}
	it := &forestItem{key: key, spots: map[*parseSpot]*derivations{}, all: noDerivations, open: true}
	f.items[key] = it
	todo := call.last[exit]
	for len(todo) > 0 {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if it.spots[s] == nil {
			it.spots[s] = &derivations{}
			todo = append(todo[:len(todo):len(todo)], s.into...)
		}
	}
	f.value(it)
	it.open = false
	f.order = append(f.order, it)
	return it
}

// value sums up an item. What it holds is valued first, unless it is being valued already.
func (f *forest) value(it *forestItem) {
	for _, d := range it.spots {
		d.count = nil
	}
	it.all = f.edge(it, &it.key.call.start)
}

// edge is what lies behind an edge, on the way to the item's exit.
func (f *forest) edge(it *forestItem, e *parseEdge) derivations {
	if e.to != nil {
		return f.from(it, e.to)
	}
	if e.exit == it.key.exit {
		return derivations{one, 0}
	}
	return noDerivations
}

func (f *forest) from(it *forestItem, s *parseSpot) derivations {
	d := it.spots[s]
	if d == nil {
		return noDerivations
	}
	if d.count != nil {
		return *d
	}
	sum := derivations{new(big.Int), math.Inf(-1)}
	for i := range s.edges {
		e := &s.edges[i]
		then := f.edge(it, e)
		if then.count.Sign() == 0 && math.IsInf(then.best, -1) {
			continue
		}
		if e.callee != nil {
			inner := f.item(e.callee, e.via).all
			sum.count.Add(sum.count, new(big.Int).Mul(inner.count, then.count))
			sum.best = math.Max(sum.best, inner.best+then.best)
			continue
		}
		sum.count.Add(sum.count, then.count)
		sum.best = math.Max(sum.best, s.weight(e)+then.best)
	}
	*d = sum
	return sum
}

// weight is the logarithm of an answer's share of the weights as written.
func (s *parseSpot) weight(e *parseEdge) float64 {
	if e.option < 0 {
		return 0
	}
	if s.shares == nil {
		d := s.dom
		all := make([]int32, d.n)
		for i := range all {
			all[i] = int32(i)
		}
		s.shares = make([]float64, d.n)
		d.shares(all, s.shares)
	}
	return math.Log(s.shares[e.option])
}
