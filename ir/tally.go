package ir

import (
	"math/big"
	"slices"
)

// The points of a recursive space are counted by its tables (prior_tables.go): what a rule leaves, entered in a state, for so
// much of what requirements bound, and in how many ways. The ways of a table are sums of products of those of the tables that
// it calls, found component by component of what calls what, the called first. Within a component they are found round by round:
// of what costs something each round is right for one more call within calls.

// Limits of what is counted so: situations and steps of the tables, and steps of all rounds. Walks have smaller tables.
const (
	tallySpots = 200_000
	tallyEdges = 1_000_000
	tallySteps = 20_000_000

	chartShare = 10
	maxCharted = 100_000 // situations of which walks remember whether they complete
)

// tally is how many derivations the tables of a space have.
type tally struct {
	ts    *tables
	exits [][]*big.Int // by table and exit; nil: none
	root  *stage
	epoch int
	size  int // of the points that are asked for, in draws by size

	charted int // situations of which walks know whether they complete
}

// tally is that of the whole space.
func (sp *Space) tally() (*tally, error) {
	if y := sp.tallyAll; y != nil && y.epoch == sp.epoch {
		return y, nil
	}
	ends := sp.nests || sp.usedUp() != nil
	if !ends && sp.infinite() { // which walks, and may make the tables anew
		return nil, ErrInfinite
	}
	y, err := sp.tallyWith(all)
	switch {
	case err == nil:
		sp.tallyAll = y
	case err == ErrUncounted && ends && sp.infinite():
		err = ErrInfinite
	}
	return y, err
}

// all asks for nothing more.
func all(*tables) error { return nil }

// tallyWith is that of tables of which more is asked.
func (sp *Space) tallyWith(ask func(ts *tables) error) (*tally, error) {
	for edges := 0; edges < 4*tallyEdges; {
		sp.begin()
		ts := sp.newTally()
		if err := ask(ts); err != nil {
			return nil, err
		}
		y, err := ts.tally(1, false)
		if !sp.grown {
			return y, err
		}
		edges += ts.edges
		sp.forget()
	}
	return nil, ErrUncounted
}

// newTally are tables of the whole space, nothing of which is known yet.
func (sp *Space) newTally() *tables {
	ts := sp.newTables(sp.limits())
	ts.tight = true
	return ts
}

// tally counts by the tables, made to a share of the limits. It fails with ErrUncounted where they are too many, unless a part of
// them will do.
func (ts *tables) tally(share int, part bool) (*tally, error) {
	sp := ts.sp
	y := &tally{ts: ts, epoch: sp.epoch}
	root := ts.table(reachKey{})
	err := ts.run(tallySpots/share, tallyEdges/share)
	if err == nil {
		err = ts.err
	}
	if err != nil && !part || sp.grown {
		return nil, ErrUncounted
	}
	for _, t := range ts.list {
		t.sort()
		y.exits = append(y.exits, make([]*big.Int, len(t.exits)))
	}
	left := tallySteps / share
	for _, component := range ts.components() {
		exits := 0
		for _, t := range component {
			exits += len(t.exits)
		}
		for round, again := 0, true; again; round++ {
			again = false
			for _, t := range component {
				left -= len(t.spots)
				again = y.forward(t, &left, round > exits && !part) || again
			}
			again = again && (len(component) > 1 || component[0].callsItself())
			if again && left < 0 && !part {
				return nil, ErrUncounted
			}
			again = again && left >= 0
		}
	}
	if slices.Contains(y.exits[root.id], endless) {
		return nil, ErrInfinite
	}
	y.root = &stage{tally: y, in: root}
	return y, nil
}

// endless is how many ways there are of what can be repeated without end.
var endless = big.NewInt(-1)

// forward finds in how many ways a table can be left, from those of the tables that it calls, and tells whether these are more
// than before. Late, which is after as many rounds as there are exits of the tables that call each other, they are endless then:
// a derivation that nests deeper leaves some table twice in one way.
func (y *tally) forward(t *table, left *int, late bool) (more bool) {
	ways, exits := make([]*big.Int, len(t.spots)), make([]*big.Int, len(t.exits))
	arrive := func(e edge, n *big.Int) {
		to := exits
		at := e.exit
		switch {
		case e.spot != nil:
			to, at = ways, e.spot.index
		case e.exit < 0:
			return
		}
		switch {
		case n == endless || to[at] == endless:
			to[at] = endless
			return
		case to[at] == nil:
			to[at] = new(big.Int)
		}
		to[at].Add(to[at], n)
	}
	arrive(t.start, one)
	for i := len(t.order) - 1; i >= 0; i-- {
		p := t.order[i]
		n := ways[p.index]
		if n == nil {
			continue
		}
		*left -= len(p.edges)
		for j, e := range p.edges {
			if e.spot == nil && e.exit < 0 {
				continue
			}
			if p.calls == nil {
				arrive(e, n)
				continue
			}
			switch k := y.exits[p.calls.id][j]; {
			case k == endless || k != nil && n == endless:
				arrive(e, endless)
			case k != nil:
				*left -= len(n.Bits()) * len(k.Bits())
				arrive(e, new(big.Int).Mul(n, k))
			}
		}
	}
	for i, n := range exits {
		old := y.exits[t.id][i]
		if n != nil && n != old && (old == nil || n.Cmp(old) != 0) {
			if more = true; late {
				exits[i] = endless
			}
		}
	}
	y.exits[t.id] = exits
	return more
}

// total is the number of points, of those that are asked for.
func (y *tally) total() *big.Int { return y.root.value(y.root.in.start) }

// stage is a table that is gone through, called from a spot of the one around it. It knows how many points there are from each
// situation on, to the very end.
type stage struct {
	tally  *tally
	in     *table
	around *stage // nil for the root
	from   *spot
	ends   func(x *spotExit) bool // of the root: which points are asked for; nil: all
	values map[*spot]*big.Int
	done   map[*spot]bool // which complete
	calls  map[*spot]*stage
}

// value is how many points there are from an edge on.
func (s *stage) value(e edge) *big.Int {
	switch {
	case e.spot == nil && e.exit < 0:
		return new(big.Int)
	case e.spot == nil && s.around == nil:
		if s.ends != nil && !s.ends(&s.in.exits[e.exit]) {
			return new(big.Int)
		}
		return one
	case e.spot == nil:
		return s.around.value(s.from.edges[e.exit])
	}
	known, ok := s.values[e.spot]
	if ok {
		return known
	}
	sum := new(big.Int)
	for i, next := range e.spot.edges {
		if e.spot.calls == nil {
			sum.Add(sum, s.value(next))
		} else if k := s.tally.exits[e.spot.calls.id][i]; k != nil && s.value(next).Sign() > 0 {
			sum.Add(sum, new(big.Int).Mul(k, s.value(next)))
		}
	}
	if s.values == nil {
		s.values = map[*spot]*big.Int{}
	}
	s.values[e.spot] = sum
	return sum
}

// completes tells whether there is a point from an edge on.
func (s *stage) completes(e edge) bool {
	switch {
	case e.spot == nil && e.exit < 0:
		return false
	case e.spot == nil && s.around == nil:
		return true
	case e.spot == nil:
		return s.around.completes(s.from.edges[e.exit])
	}
	known, ok := s.done[e.spot]
	if ok {
		return known
	}
	for i, next := range e.spot.edges {
		if known = (e.spot.calls == nil || s.tally.exits[e.spot.calls.id][i] != nil) && s.completes(next); known {
			break
		}
	}
	if s.done == nil {
		s.done = map[*spot]bool{}
	}
	s.done[e.spot] = known
	s.tally.charted++
	return known
}

// chart is where a walk stands in the tables: at a choice, or at the end.
type chart struct {
	stage *stage
	at    edge
}

// charted are the tables by which it is known what completes; nil where they are too many, and where nothing ends them, as no
// requirement bounds what is built.
func (sp *Space) charted() *tally {
	if y := sp.charts; y != nil && y.epoch == sp.epoch {
		return y
	}
	if sp.uncharted || !sp.nests && sp.usedUp() == nil {
		return nil
	}
	y, err := sp.newTally().tally(chartShare, false)
	if err != nil {
		sp.uncharted = !sp.grown
		return nil
	}
	sp.charts = y
	return y
}

// chart is that of a walk at the root, if there is one.
func (sp *Space) chart() *chart {
	y := sp.charted()
	if y == nil {
		return nil
	}
	if y.charted > maxCharted {
		y.root, y.charted = &stage{tally: y, in: y.root.in}, 0
	}
	c := &chart{y.root, y.root.in.start}
	c.proceed()
	return c
}

// offers tells whether an option completes.
func (c *chart) offers(option int) bool { return c.stage.completes(c.at.spot.edges[option]) }

// take takes an option.
func (c *chart) take(option int) {
	c.at = c.at.spot.edges[option]
	c.proceed()
}

// proceed goes into calls and out of them, to the next choice.
func (c *chart) proceed() {
	for {
		switch p := c.at.spot; {
		case p == nil && (c.at.exit < 0 || c.stage.around == nil):
			return
		case p == nil:
			c.at, c.stage = c.stage.from.edges[c.at.exit], c.stage.around
		case p.calls == nil:
			return
		default:
			c.stage = c.stage.call(p)
			c.at = c.stage.in.start
		}
	}
}

// call is the stage of what is called at a spot.
func (s *stage) call(p *spot) *stage {
	inner := s.calls[p]
	if inner == nil {
		inner = &stage{tally: s.tally, in: p.calls, around: s, from: p}
		if s.calls == nil {
			s.calls = map[*spot]*stage{}
		}
		s.calls[p] = inner
	}
	return inner
}

// walk goes through the tables, choice by choice: pick names the option of each, of which it is told how many points each
// leads to.
func (y *tally) walk(pick func(counts []*big.Int) int) {
	g := chart{y.root, y.root.in.start}
	var counts []*big.Int
	for g.proceed(); g.at.spot != nil; {
		counts = counts[:0]
		for _, next := range g.at.spot.edges {
			counts = append(counts, g.stage.value(next))
		}
		g.take(pick(counts))
	}
}
