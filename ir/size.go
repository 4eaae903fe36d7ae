package ir

import (
	"math/big"
	"slices"
)

// Recursive grammars are counted size by size. What a rule leaves, and in how many ways for each size, is a
// table for each state in which it is entered; tables are computed together, round by round, until no round
// changes them: a derivation of size n only needs smaller ones, so after n rounds all counts up to n stand.
// (The generating functions of a context-free grammar, Chomsky and Schuetzenberger 1963, cut off at a size.)

// maxTables is how many entered states a count by size may meet, sizeSteps how many situations.
const (
	maxTables = 3_000
	sizeSteps = 1_000_000
)

type sizer struct {
	sp     *Space
	most   int
	tables map[reachKey]map[int32]poly // by the state in which the rule is left
	order  []reachKey
	steps  int
	err    error
}

func (sp *Space) recursiveSizes(most int) ([]*big.Int, bool, error) {
	_, total, err := sp.sizer(most)
	if err != nil {
		return nil, false, err
	}
	return total[:min(len(total), most+1)], len(total) > most+1, nil
}

// sizer computes the tables up to a size, and with them the number of points of each size.
func (sp *Space) sizer(most int) (*sizer, poly, error) {
	for left := sizeSteps; left > 0; {
		z := &sizer{sp: sp, most: most + 1, tables: map[reachKey]map[int32]poly{}, steps: left}
		total, err := z.total()
		if !sp.grown || err != nil {
			return z, total, err
		}
		sp.forget()
		left = z.steps
	}
	return nil, nil, ErrUncounted
}

// total is the points of each size.
func (z *sizer) total() (total poly, err error) {
	sp, most := z.sp, z.most-1
	if len(sp.bounds) > 0 {
		return nil, ErrUncounted
	}
	for round, same := 0, false; !same; round++ {
		same = true
		for i := 0; i < len(z.order); i++ {
			key := z.order[i]
			m := &machine{sp: sp, jump: true}
			sp.enter(m, key)
			table := z.run(m, key.proc.body, stNext, map[*config]map[int32]poly{}, key.proc.imports)
			same = same && equalTables(table, z.tables[key])
			z.tables[key] = table
		}
		m := &machine{sp: sp, jump: true, k: sp.bottom}
		m.enterCells(sp.cells)
		before := len(z.order)
		all := z.run(m, sp.root, stNext, map[*config]map[int32]poly{}, 0)
		same = same && before == len(z.order) && round > 0
		total = nil
		for _, p := range all {
			total.add(p, 0, z.most)
		}
		switch {
		case z.err != nil:
			return nil, z.err
		case sp.grown:
			return nil, nil
		case round > 4*most+16+len(z.order):
			return nil, ErrInfinite // derivations that add no op
		}
	}
	return total, nil
}

// sortedStates are a table's states in order, so that draws don't depend on the order of a map.
func sortedStates(table map[int32]poly) []int32 {
	var states []int32
	for s := range table {
		states = append(states, s)
	}
	slices.Sort(states)
	return states
}

func equalTables(a, b map[int32]poly) bool {
	if len(a) != len(b) {
		return false
	}
	for state, p := range a {
		q := b[state]
		if len(p) != len(q) {
			return false
		}
		for i := range p {
			if i < len(p)-1 && p[i].Cmp(q[i]) != 0 {
				return false
			}
		}
	}
	return true
}

// run goes on to the next choice and sums over what follows.
func (z *sizer) run(m *machine, n node, st status, memo map[*config]map[int32]poly, imports int) map[int32]poly {
	m.size, m.cost = 0, costs{}
	z.steps--
	if v := z.sp.vals.at(m.acc); v.kind == kindLanes { // which take longer
		z.steps -= len(v.parts) / 4
	}
	n, st = m.run(n, st)
	size := int(m.size)
	switch st {
	case stAsk:
		return shifted(z.from(m, z.sp.settle(m, n.(asker)), memo, imports), size, z.most)
	case stDone:
		id := z.sp.states.intern(m.acc, m.reg, m.cells[:imports])
		return shifted(map[int32]poly{id: {one}}, size, z.most)
	}
	if m.why.soft {
		z.err = ErrUncounted
	}
	return nil
}

func shifted(table map[int32]poly, by, most int) map[int32]poly {
	out := map[int32]poly{}
	for state, p := range table {
		var q poly
		q.add(p, by, most)
		out[state] = q
	}
	return out
}

func (z *sizer) from(m *machine, c *config, memo map[*config]map[int32]poly, imports int) map[int32]poly {
	if known, ok := memo[c]; ok {
		return known
	}
	sum := map[int32]poly{}
	memo[c] = sum
	if z.steps < 0 || len(z.order) > maxTables {
		z.err = ErrUncounted
	}
	if z.err != nil {
		return sum
	}
	add := func(table map[int32]poly, ways poly) {
		for state, p := range table {
			q := sum[state]
			for by, k := range ways {
				if k.Sign() == 0 {
					continue
				}
				times := make(poly, len(p))
				for i := range p {
					times[i] = new(big.Int).Mul(p[i], k)
				}
				q.add(times, by, z.most)
			}
			if len(q) > 0 {
				sum[state] = q
			}
		}
	}
	load := func() {
		m.load(c.state)
		m.k = c.k
	}
	leap, ok := c.ask.(*leapNode)
	if !ok {
		for i := range c.dom.n {
			load()
			n, st := c.ask.take(m, i)
			add(z.run(m, n, st, memo, imports), poly{one})
		}
		return sum
	}
	load()
	key := leap.key(m)
	for state, ways := range z.called(key) {
		load()
		add(z.run(m, nil, leap.leave(m, state), memo, imports), ways)
	}
	return sum
}

// called is the table of a rule that is called.
func (z *sizer) called(key reachKey) map[int32]poly {
	table, known := z.tables[key]
	if !known {
		z.tables[key] = map[int32]poly{}
		z.order = append(z.order, key)
	}
	return table
}
