package canon

import (
	"cmp"
	"encoding/binary"
	"math/big"
	"slices"
)

// term is an operand of a sum or product, with how many times it stands there. The number may have
// thousands of digits: a chain of n additions of a wire to itself is 2^n of it. It is never written to.
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
	terms := m.terms[:0]
	for _, u := range v.of {
		x, n := in[u.input], m.once
		if u.times != 1 {
			n = big.NewInt(int64(u.times))
		}
		if x == nothingAtAll {
			continue // of a sum: a product with it has been found to be zero
		}
		w := &m.n.vertices[x.vertex]
		if w.kind != of || !m.affords(w.terms) {
			terms = append(terms, term{x, n})
			continue
		}
		for _, t := range w.terms {
			if n != m.once {
				t.times = new(big.Int).Mul(t.times, n)
			}
			terms = append(terms, t)
		}
	}
	m.terms = terms
	terms = collect(terms)
	if len(terms) == 0 {
		return nothingAtAll
	}
	if len(terms) == 1 && terms[0].times == m.once {
		return terms[0].operand
	}
	w := vertex{kind: of, terms: slices.Clone(terms), links: make([]link, len(terms))}
	for i, t := range terms {
		b := binary.AppendVarint(m.key[:0], int64(t.port))
		if t.times != m.once { // what is 1 is that one
			b = append(b, t.times.Bytes()...)
		}
		w.links[i], m.key = link{t.vertex, m.label(b)}, b
	}
	return operand{m.shared(w), 0}
}

// affords tells whether the budget is enough to write terms out once more; if not, the sum that they are
// stays a term.
func (m *simplifier) affords(terms []term) bool {
	for _, t := range terms {
		m.s.spend(2 + len(t.times.Bits())/2) // about 40 bytes each
	}
	if m.s.left < 0 {
		m.n.exact = false
	}
	return m.s.left >= 0
}

// collect sorts terms and adds up those of one operand.
func collect(terms []term) []term {
	slices.SortFunc(terms, func(a, b term) int {
		return cmp.Or(cmp.Compare(a.vertex, b.vertex), cmp.Compare(a.port, b.port))
	})
	kept := terms[:0]
	for _, t := range terms {
		if k := len(kept) - 1; k >= 0 && kept[k].operand == t.operand {
			kept[k].times = new(big.Int).Add(kept[k].times, t.times)
		} else {
			kept = append(kept, t)
		}
	}
	return kept
}
