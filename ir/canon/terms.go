package canon

import (
	"encoding/binary"
	"math/big"
	"sort"
)

// term is an operand of a sum or product, with how many times it stands there. The number may have
// thousands of digits: a chain of n additions of a wire to itself is 2^n of it.
type term struct {
	operand
	times *big.Int
}

// join is the sum or product of an op's operands, flat: a sum of sums is one sum.
func (m *simplifier) join(v value, in []operand) operand {
	of := sumVertex
	if v.kind == product {
		of = productVertex
	}
	times := map[operand]*big.Int{}
	count := func(x operand, n *big.Int) {
		if t, ok := times[x]; ok {
			t.Add(t, n)
		} else {
			times[x] = new(big.Int).Set(n)
		}
	}
	for _, u := range v.of {
		x, n := in[u.input], big.NewInt(int64(u.times))
		if x == nothingAtAll {
			continue // of a sum: a product with it has been found to be zero
		}
		w := &m.n.vertices[x.vertex]
		if w.kind != of {
			count(x, n)
			continue
		}
		size := 0
		for _, t := range w.terms {
			size += 1 + len(t.times.Bits())
		}
		if m.s.spend(size); m.s.left < 0 {
			m.n.exact = false // the sum stays inside the sum
			count(x, n)
			continue
		}
		for _, t := range w.terms {
			count(t.operand, new(big.Int).Mul(t.times, n))
		}
	}
	w := vertex{kind: of, terms: make([]term, 0, len(times))}
	for x, n := range times {
		w.terms = append(w.terms, term{x, n})
	}
	sort.Slice(w.terms, func(i, j int) bool {
		a, b := w.terms[i], w.terms[j]
		return a.vertex < b.vertex || a.vertex == b.vertex && a.port < b.port
	})
	if len(w.terms) == 0 {
		return nothingAtAll
	}
	if one := w.terms[0]; len(w.terms) == 1 && one.times.IsInt64() && one.times.Int64() == 1 {
		return one.operand
	}
	w.links = make([]link, len(w.terms))
	for i, t := range w.terms {
		w.links[i] = link{t.vertex, string(append(binary.AppendVarint(nil, int64(t.port)), t.times.Bytes()...))}
	}
	return operand{m.shared(w), 0}
}
