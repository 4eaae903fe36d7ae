package ir

import (
	"errors"
	"math"

	"github.com/spacec-lang/spacec/lang"
)

// A space written out (prior_tables.go) is a branching process: entering a table leads to so many calls of each
// table in the mean, by the written weights, renormalised over what isn't refused there and then. The mean matrix
// tells whether that dies out: with probability one exactly where no part of it that calls itself has a
// spectral radius above 1 (Harris 1963, "The Theory of Branching Processes", theorem II.7.1; Booth & Thompson 1973,
// "Applying probability measures to abstract languages"), and with finite mean size where it is below.

// means are what one entry of each table leads to.
type means struct {
	ts    *tables
	calls [][]float64 // by table, to table
	size  []float64   // ops
	bits  []float64   // entropy of the choices
}

// errDead is of a table set in which nothing completes.
var errDead = errors.New("without its types, no derivation ends")

// alive tells, by table and spot, whether anything that is not refused follows.
func (ts *tables) alive() ([][]bool, error) {
	live := make([][]bool, len(ts.list))
	for _, t := range ts.list {
		live[t.id] = make([]bool, len(t.spots))
		for _, p := range t.order {
			for i, e := range p.edges {
				if p.calls != nil && i >= len(p.calls.exits) {
					break
				}
				if e.spot != nil && live[t.id][e.spot.index] || e.spot == nil && e.exit >= 0 {
					live[t.id][p.index] = true
				}
			}
		}
	}
	root := ts.list[0]
	if s := root.start.spot; s != nil && !live[0][s.index] {
		return nil, errDead
	}
	return live, nil
}

// means computes them. weights gives the weights of a choice, to try others than those written; nil for these.
func (ts *tables) means(weights func(c *config) []weight) (*means, *sums, error) {
	live, err := ts.alive()
	if err != nil {
		return nil, nil, err
	}
	exits := 0
	for _, t := range ts.list {
		exits = max(exits, len(t.exits))
		for _, p := range t.spots {
			if p.calls == nil {
				p.renormalise(live[t.id], weights)
			}
		}
	}
	var s *sums
	if exits > 1 || weights == nil {
		if s, err = ts.solve(); err != nil {
			return nil, nil, err
		}
	}
	n := len(ts.list)
	m := &means{ts: ts, size: make([]float64, n), bits: make([]float64, n), calls: make([][]float64, n)}
	for _, t := range ts.list {
		m.calls[t.id] = make([]float64, n)
		visits := make([]float64, len(t.spots))
		m.size[t.id] = float64(t.start.size)
		if t.start.spot == nil {
			continue
		}
		visits[t.start.spot.index] = 1
		for k := len(t.order) - 1; k >= 0; k-- {
			p := t.order[k]
			v := visits[p.index]
			if v == 0 {
				continue
			}
			share := p.share
			if p.calls != nil {
				m.calls[t.id][p.calls.id] += v
				share = exitShares(p, s, live[t.id])
			}
			for i, e := range p.edges {
				if i >= len(share) || share[i] == 0 {
					continue
				}
				if p.calls == nil {
					m.bits[t.id] -= v * share[i] * math.Log2(share[i])
				}
				m.size[t.id] += v * share[i] * float64(e.size)
				if e.spot != nil {
					visits[e.spot.index] += v * share[i]
				}
			}
		}
	}
	return m, s, nil
}

// renormalise spreads a choice's weights over the options that are not refused.
func (p *spot) renormalise(live []bool, weights func(c *config) []weight) {
	var options []int32
	for i, e := range p.edges {
		if e.spot != nil && live[e.spot.index] || e.spot == nil && e.exit >= 0 {
			options = append(options, int32(i))
		}
	}
	clear(p.share)
	if len(options) == 0 {
		return
	}
	d := *p.c.dom
	if weights != nil {
		if w := weights(p.c); w != nil {
			d.weights = w
		}
	}
	shares := make([]float64, len(options))
	d.shares(options, shares)
	for k, o := range options {
		p.share[o] = shares[k]
	}
}

// exitShares tells how a call is left: by the share of each exit among the derivations that end.
func exitShares(p *spot, s *sums, live []bool) []float64 {
	n := len(p.calls.exits)
	share := make([]float64, n)
	total := 0.0
	for i := range share {
		if e := p.edges[i]; e.spot != nil && live[e.spot.index] || e.spot == nil && e.exit >= 0 {
			share[i] = 1
			if s != nil && n > 1 {
				share[i] = s.exits[p.calls.id][i]
			}
			total += share[i]
		}
	}
	for i := range share {
		share[i] /= max(total, math.SmallestNonzeroFloat64)
	}
	return share
}

// growth is a part of the grammar that calls itself.
type growth struct {
	rate float64
	rule string
	at   lang.Span
	list []*table
}

// growths are the recursive parts, with their rates: how many calls of the part's rule one call of it leads to in the mean
// without another in between, where there is a rule without which the part would not be recursive; and else the
// spectral radius of the part's mean matrix, between all its rules.
func (m *means) growths() []growth {
	var out []growth
	for _, list := range m.ts.components() {
		if len(list) == 1 && m.calls[list[0].id][list[0].id] == 0 {
			continue
		}
		out = append(out, m.growth(list))
	}
	return out
}

func (m *means) growth(list []*table) growth {
	tried := map[*proc]bool{}
	first := list[0] // the table that was met first
	for _, t := range list {
		if t.id < first.id {
			first = t
		}
	}
	for _, t := range append([]*table{first}, list...) {
		if tried[t.key.proc] {
			continue
		}
		tried[t.key.proc] = true
		if reduced, ok := m.without(list, t.key.proc); ok {
			return growth{radius(reduced), t.key.proc.name, t.key.proc.span, list}
		}
	}
	matrix := make([][]float64, len(list))
	for i, t := range list {
		for _, u := range list {
			matrix[i] = append(matrix[i], m.calls[t.id][u.id])
		}
	}
	return growth{radius(matrix), first.key.proc.name, first.key.proc.span, list}
}

// without is the mean matrix between the tables of one rule, all others of the list being passed through; false where
// those call each other in a circle.
func (m *means) without(list []*table, rule *proc) ([][]float64, bool) {
	const open, done = 1, 2
	state := map[*table]int{}
	var order []*table
	var visit func(t *table) bool
	visit = func(t *table) bool {
		state[t] = open
		for _, u := range list {
			if u.key.proc == rule || m.calls[t.id][u.id] == 0 || state[u] == done {
				continue
			}
			if state[u] == open || !visit(u) {
				return false
			}
		}
		state[t] = done
		order = append(order, t)
		return true
	}
	var own []*table
	for _, t := range list {
		if t.key.proc == rule {
			own = append(own, t)
		} else if state[t] == 0 && !visit(t) {
			return nil, false
		}
	}
	matrix := make([][]float64, len(own))
	for i, t := range own {
		flow := make([]float64, len(m.ts.list))
		copy(flow, m.calls[t.id])
		for k := len(order) - 1; k >= 0; k-- { // callers before what they call
			u := order[k]
			for _, w := range list {
				flow[w.id] += flow[u.id] * m.calls[u.id][w.id]
			}
		}
		for _, u := range own {
			matrix[i] = append(matrix[i], flow[u.id])
		}
	}
	return matrix, true
}

// radius is the spectral radius of a matrix without negative entries in which everything leads to everything: by
// power iteration on it plus the identity, which has no other eigenvalue as large.
func radius(a [][]float64) float64 {
	if len(a) == 1 {
		return a[0][0]
	}
	x := make([]float64, len(a))
	for i := range x {
		x[i] = 1
	}
	last := 0.0
	for range 10_000 {
		y := make([]float64, len(a))
		most := 0.0
		for i, row := range a {
			y[i] = x[i]
			for j, v := range row {
				y[i] += v * x[j]
			}
			most = max(most, y[i])
		}
		for i := range y {
			y[i] /= most
		}
		x = y
		if math.Abs(most-last) <= 1e-13*most {
			return most - 1
		}
		last = most
	}
	return last - 1
}

// totals are the ops and the bits that entering the root leads to, all that follows included; +Inf where a recursive
// part on the way has a rate of 1 or more.
func (m *means) totals() (size, bits float64) {
	sizes, bitses := make([]float64, len(m.ts.list)), make([]float64, len(m.ts.list))
	for _, list := range m.ts.components() {
		n := len(list)
		runs := (n > 1 || m.calls[list[0].id][list[0].id] > 0) && m.growth(list).rate >= 1-1e-12
		within := map[int32]int{}
		for i, t := range list {
			within[t.id] = i
		}
		s, b := make([]float64, n), make([]float64, n)
		matrix := make([]float64, n*n)
		for i, t := range list {
			s[i], b[i] = m.size[t.id], m.bits[t.id]
			matrix[i*n+i] = 1
			for id, calls := range m.calls[t.id] {
				if j, ok := within[int32(id)]; ok {
					matrix[i*n+j] -= calls
				} else if calls > 0 {
					s[i] += calls * sizes[id]
					b[i] += calls * bitses[id]
				}
			}
			if math.IsInf(s[i], 1) {
				runs = true
			}
		}
		again := append([]float64(nil), matrix...)
		if !runs {
			runs = !eliminate(matrix, s) || !eliminate(again, b)
		}
		for i, t := range list {
			sizes[t.id], bitses[t.id] = s[i], b[i]
			if runs {
				sizes[t.id], bitses[t.id] = math.Inf(1), math.Inf(1)
			}
		}
	}
	return sizes[0], bitses[0]
}
