package ir

import "fmt"

// The sums of a space written out (prior_tables.go): of each table, for each exit, the total weight of the
// derivations that leave by it. They are the least solution of a system of polynomials, x = F(x), where
// F has no negative coefficient: found component by component of what calls what, the called first, by Newton's
// method from below, which converges even where the solution is a double root (Etessami & Yannakakis 2009,
// "Recursive Markov chains, stochastic grammars, and monotone systems of nonlinear equations").
//
// Products are rounded by float64(a * b) before they are added, so that no machine fuses the two: the same
// draws come from the same seeds everywhere.

// Bounds of the solution.
const (
	maxDense  = 600        // unknowns of one component, for Newton's method; more are iterated
	maxSweeps = 5_000      // iterations of one component
	maxValues = 20_000_000 // spots times exits
	precision = 1e-12
)

// sums are x of each table by exit, and for each spot by its exits.
type sums struct {
	ts    *tables
	exits [][]float64   // by table
	spots [][][]float64 // by table and spot; nil where only x is wanted
}

// solve computes the sums. share gives the weights of a choice's options.
func (ts *tables) solve() (*sums, error) {
	values := 0
	for _, t := range ts.list {
		values += len(t.spots) * len(t.exits)
	}
	if values > maxValues {
		return nil, fmt.Errorf("the sums over its situations are more than %d", maxValues)
	}
	s := &sums{ts: ts}
	for _, t := range ts.list {
		s.exits = append(s.exits, make([]float64, len(t.exits)))
		all, n := make([]float64, len(t.spots)*len(t.exits)), len(t.exits)
		v := make([][]float64, len(t.spots))
		for i := range v {
			v[i] = all[i*n : (i+1)*n]
		}
		s.spots = append(s.spots, v)
	}
	for _, component := range ts.components() {
		if err := s.component(component); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// component solves for tables that call each other.
func (s *sums) component(list []*table) error {
	cyclic := len(list) > 1 || list[0].callsItself()
	n := 0
	first := map[*table]int{} // unknown of its first exit
	for _, t := range list {
		first[t] = n
		n += len(t.exits)
	}
	if !cyclic {
		s.eval(list[0])
		copy(s.exits[list[0].id], s.from(list[0]))
		return nil
	}
	// What is above zero is found first: after that every unknown but those is part of the solution.
	for support := -1; ; {
		now := 0
		for _, t := range list {
			s.eval(t)
			for e, x := range s.from(t) {
				s.exits[t.id][e] = x
				if x > 0 {
					now++
				}
			}
		}
		if now == support {
			break
		}
		support = now
	}
	if n > maxDense {
		return s.sweep(list)
	}
	// Newton's method: (I - F'(x)) step = F(x) - x.
	matrix, right := make([]float64, n*n), make([]float64, n)
	for range 200 {
		clear(matrix)
		for _, t := range list {
			s.eval(t)
			for e, x := range s.from(t) {
				i := first[t] + e
				right[i] = max(0, x-s.exits[t.id][e])
				matrix[i*n+i] = 1
			}
			s.slopes(t, func(called *table, e, exit int, slope float64) {
				if j, ok := first[called]; ok && s.exits[t.id][e] > 0 && s.exits[called.id][exit] > 0 {
					matrix[(first[t]+e)*n+j+exit] -= slope
				}
			})
		}
		if !eliminate(matrix, right) {
			break // rounding has made the matrix singular: x is as near a double root as can be told
		}
		change := 0.0
		for _, t := range list {
			x := s.exits[t.id]
			for e := range x {
				step := max(0, right[first[t]+e])
				x[e] += step
				change = max(change, step)
			}
		}
		if change <= precision/8 {
			break
		}
	}
	for _, t := range list {
		s.eval(t)
	}
	return nil
}

// sweep iterates x = F(x), table by table, until what is left to come is below the precision.
func (s *sums) sweep(list []*table) error {
	last := 0.0
	for range maxSweeps {
		change := 0.0
		for _, t := range list {
			s.eval(t)
			for e, x := range s.from(t) {
				change = max(change, x-s.exits[t.id][e])
				s.exits[t.id][e] = x
			}
		}
		rate := change / last
		if last = change; rate < 1 && change*rate <= precision*(1-rate) || change == 0 {
			return nil
		}
	}
	return fmt.Errorf("its sums did not converge in %d rounds", maxSweeps)
}

// from are the sums from the start of a table, after eval.
func (s *sums) from(t *table) []float64 {
	switch e := t.start; {
	case e.spot != nil:
		return s.spots[t.id][e.spot.index]
	case e.exit >= 0:
		x := make([]float64, len(t.exits))
		x[e.exit] = 1
		return x
	}
	return make([]float64, len(t.exits))
}

// weight is what an edge of a spot is multiplied with.
func (s *sums) weight(p *spot, i int) float64 {
	if p.calls == nil {
		return p.share[i]
	}
	return s.exits[p.calls.id][i]
}

// eval computes the sums of a table's spots from those of what it calls.
func (s *sums) eval(t *table) {
	v := s.spots[t.id]
	for _, p := range t.order {
		sum := v[p.index]
		clear(sum)
		for i, e := range p.edges {
			w := s.weight(p, i)
			switch {
			case w == 0:
			case e.spot != nil:
				for j, x := range v[e.spot.index] {
					sum[j] += float64(w * x)
				}
			case e.exit >= 0:
				sum[e.exit] += w
			}
		}
	}
}

// slopes are the derivatives of a table's sums: of exit e by the sum of an exit of a table that it calls.
func (s *sums) slopes(t *table, visit func(called *table, e, exit int, slope float64)) {
	if t.start.spot == nil {
		return
	}
	v := s.spots[t.id]
	weight := make([]float64, len(t.spots)) // of the ways that lead to a spot
	weight[t.start.spot.index] = 1
	for k := len(t.order) - 1; k >= 0; k-- {
		p := t.order[k]
		arriving := weight[p.index]
		if arriving == 0 {
			continue
		}
		for i, e := range p.edges {
			if e.spot != nil {
				weight[e.spot.index] += float64(arriving * s.weight(p, i))
			}
			switch {
			case p.calls == nil:
			case e.spot != nil:
				for j, x := range v[e.spot.index] {
					if x > 0 {
						visit(p.calls, j, i, float64(arriving*x))
					}
				}
			case e.exit >= 0:
				visit(p.calls, int(e.exit), i, arriving)
			}
		}
	}
}

// eliminate solves a x = b by Gauss's method and leaves x in b. a is the identity less a matrix without negative
// entries, row by row; as long as its inverse is one too, no pivot needs to be looked for. False where it is not.
func eliminate(a, b []float64) bool {
	n := len(b)
	for k := range n {
		pivot := a[k*n+k]
		if !(pivot > 0) {
			return false
		}
		for i := k + 1; i < n; i++ {
			f := a[i*n+k] / pivot
			if f == 0 {
				continue
			}
			for j := k + 1; j < n; j++ {
				a[i*n+j] -= float64(f * a[k*n+j])
			}
			b[i] -= float64(f * b[k])
		}
	}
	for k := n - 1; k >= 0; k-- {
		for j := k + 1; j < n; j++ {
			b[k] -= float64(a[k*n+j] * b[j])
		}
		b[k] /= a[k*n+k]
	}
	return true
}

func (t *table) callsItself() bool {
	for _, s := range t.callers {
		if s.in == t {
			return true
		}
	}
	return false
}

// components are the tables that call each other, the called before their callers (Tarjan 1972).
func (ts *tables) components() [][]*table {
	called := make([][]*table, len(ts.list)) // by table, without doubles that follow each other
	for _, t := range ts.list {
		for _, s := range t.callers {
			if c := called[s.in.id]; len(c) == 0 || c[len(c)-1] != t {
				called[s.in.id] = append(c, t)
			}
		}
	}
	index, low := make([]int, len(ts.list)), make([]int, len(ts.list))
	open := make([]bool, len(ts.list))
	var stack []*table
	var out [][]*table
	next := 1
	var visit func(t *table)
	visit = func(t *table) {
		index[t.id], low[t.id], open[t.id] = next, next, true
		next++
		stack = append(stack, t)
		for _, c := range called[t.id] {
			if index[c.id] == 0 {
				visit(c)
				low[t.id] = min(low[t.id], low[c.id])
			} else if open[c.id] {
				low[t.id] = min(low[t.id], index[c.id])
			}
		}
		if low[t.id] == index[t.id] {
			var list []*table
			for {
				c := stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				open[c.id] = false
				list = append(list, c)
				if c == t {
					break
				}
			}
			out = append(out, list)
		}
	}
	for _, t := range ts.list {
		if index[t.id] == 0 {
			visit(t)
		}
	}
	return out
}
