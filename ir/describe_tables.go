package ir

import "math"

// What the prior of a recursive space comes to is a sum over the tables by which it is counted (tally.go). Which options a walk
// offers within a rule hangs on the ways of leaving it after which something completes: a table is gone through once for each
// set of those.

// maxPasses is how many steps all passes may take, maxSurveyedExits for how many ways of leaving tables extremes are found, and
// maxNamed among how many steps of all calls decisions are named.
const (
	maxPasses        = 3_000_000
	maxNamed         = 100_000
	maxSurveyedExits = 200_000
)

// tableSurvey sums over the tables of a space.
type tableSurvey struct {
	tally *tally
	known map[passKey]*pass
	left  int
}

// passKey is a table, and which of its exits complete.
type passKey struct {
	table int32
	ends  string
}

// pass is what going through a table comes to in the mean, and how it is left.
type pass struct {
	follows
	exits []float64 // by exit: how likely
}

// surveyTables is survey of a recursive space; nil where it has too many tables.
func (sp *Space) surveyTables() *surveyed {
	y, err := sp.tallyWith(all)
	if err != nil || y.total().Sign() == 0 {
		return nil
	}
	v := &tableSurvey{y, map[passKey]*pass{}, maxPasses}
	sum := v.pass(y.root)
	if sum == nil || !v.extremes(sum) {
		return nil
	}
	names, left := map[uint64]bool{}, maxNamed
	if v.name(y.root, sp.bottom.path.hash, names, &left); left < 0 {
		clear(names)
	}
	return &surveyed{sum.follows, len(names)}
}

// name takes down the decisions that walks meet from a stage on, by the hash of their paths; base is that of its rule.
func (v *tableSurvey) name(s *stage, base uint64, names map[uint64]bool, left *int) {
	bottom := v.tally.ts.sp.bottom.path
	var hash func(p *path) uint64
	hash = func(p *path) uint64 {
		switch {
		case p.parent != nil:
			return extend(hash(p.parent), p.name, p.number)
		case p == bottom:
			return p.hash
		}
		return base
	}
	met := map[*spot]bool{}
	var visit func(e edge)
	visit = func(e edge) {
		spot := e.spot
		if spot == nil || met[spot] || !s.completes(e) {
			return
		}
		if met[spot] = true; *left < 0 {
			return
		}
		*left -= len(spot.edges)
		options := 0
		for i, next := range spot.edges {
			if s.completes(next) && (spot.calls == nil || v.tally.exits[spot.calls.id][i] != nil) {
				options++
				visit(next)
			}
		}
		at := hash(spot.c.k.path)
		switch {
		case spot.calls != nil:
			if step := &spot.c.ask.(*leapNode).call.step; step.name != "" {
				at = extend(at, step.name, step.number)
			}
			v.name(s.call(spot), at, names, left)
		case options > 1 || spot.c.dom.continuous:
			names[at] = true
		}
	}
	visit(s.in.start)
}

// pass goes through the table of a stage; nil where it takes too long.
func (v *tableSurvey) pass(s *stage) *pass {
	t := s.in
	ends := make([]byte, len(t.exits))
	for i := range ends {
		if v.tally.exits[t.id][i] != nil && s.completes(edge{exit: int32(i)}) {
			ends[i] = 1
		}
	}
	key := passKey{t.id, string(ends)}
	if p, ok := v.known[key]; ok {
		return p
	}
	p := &pass{exits: make([]float64, len(t.exits))}
	v.known[key] = p // of a table within itself, which in a finite space there is none of
	likely := make([]float64, len(t.spots))
	step := func(e edge, cost *costs, x float64) {
		p.size += x * float64(e.size)
		for d, c := range cost {
			p.mean[d] += x * float64(c)
		}
		if e.spot != nil {
			likely[e.spot.index] += x
		} else {
			p.exits[e.exit] += x
		}
	}
	step(t.start, &t.first, 1)
	for i := len(t.order) - 1; i >= 0; i-- {
		spot := t.order[i]
		x := likely[spot.index]
		if x == 0 {
			continue
		}
		if v.left -= len(spot.edges); v.left < 0 {
			return nil
		}
		if spot.calls == nil {
			v.choice(s, spot, x, p, step)
			continue
		}
		in := v.pass(s.call(spot))
		if in == nil {
			return nil
		}
		p.size += x * in.size
		p.bits += x * in.bits
		p.decisions += x * in.decisions
		for d, mean := range in.mean {
			p.mean[d] += x * mean * float64(max(1, spot.c.k.mult))
		}
		for j, y := range in.exits {
			if y > 0 {
				mv := t.moves[moveKey{spot.c, spot.calls.exits[j].state}]
				step(spot.edges[j], &mv.cost, x*y)
			}
		}
	}
	return p
}

// choice goes on from a choice that is met with a probability.
func (v *tableSurvey) choice(s *stage, spot *spot, x float64, p *pass, step func(e edge, cost *costs, x float64)) {
	var options []int32
	for i, e := range spot.edges {
		if s.completes(e) {
			options = append(options, int32(i))
		}
	}
	prior := make([]float64, len(options))
	spot.c.dom.shares(options, prior)
	if len(options) > 1 || spot.c.dom.continuous {
		p.decisions += x
	}
	for i, o := range options {
		if prior[i] > 0 {
			p.bits -= x * prior[i] * math.Log2(prior[i])
		}
		mv := s.in.moves[moveKey{spot.c, o}]
		step(spot.edges[o], &mv.cost, x*prior[i])
	}
}

// extent is what something costs at the least and at the most.
type extent struct {
	least, most costs
	some        bool
}

func (e *extent) join(f *extent) {
	if !e.some {
		*e = *f
		return
	}
	for d := range e.least {
		e.least[d], e.most[d] = min(e.least[d], f.least[d]), max(e.most[d], f.most[d])
	}
}

// then is what comes of something that costs so much on top, of which there is an extent and a part that is always the same.
func (e extent) then(f *extent, cost *costs, mult int64) extent {
	e.least.add(cost)
	e.most.add(cost)
	if f != nil {
		e.least.addTimes(&f.least, mult)
		e.most.addTimes(&f.most, mult)
	}
	return e
}

// extremes finds what points cost at the least and at the most: round by round as they are counted. It is false where that takes
// too long.
func (v *tableSurvey) extremes(whole *pass) bool {
	ts := v.tally.ts
	exits := make([][]extent, len(ts.list))
	n := 0
	for _, t := range ts.list {
		exits[t.id] = make([]extent, len(t.exits))
		n += len(t.exits)
	}
	if n > maxSurveyedExits {
		return false
	}
	for _, component := range ts.components() {
		for again := true; again; {
			again = false
			for _, t := range component {
				if v.left -= len(t.spots); v.left < 0 {
					return false
				}
				now := v.across(t, exits)
				for i := range now {
					again = again || now[i] != exits[t.id][i]
				}
				exits[t.id] = now
			}
			again = again && (len(component) > 1 || component[0].callsItself())
		}
	}
	var sum extent
	for i := range exits[0] {
		if exits[0][i].some {
			sum.join(&exits[0][i])
		}
	}
	whole.least, whole.most = sum.least, sum.most
	return true
}

// across is what leaving a table by each exit costs, from what that costs in the tables that it calls.
func (v *tableSurvey) across(t *table, exits [][]extent) []extent {
	spots, out := make([]extent, len(t.spots)), make([]extent, len(t.exits))
	arrive := func(e edge, x extent) {
		switch {
		case e.spot != nil:
			spots[e.spot.index].join(&x)
		case e.exit >= 0:
			out[e.exit].join(&x)
		}
	}
	arrive(t.start, extent{some: true}.then(nil, &t.first, 1))
	for i := len(t.order) - 1; i >= 0; i-- {
		spot := t.order[i]
		if !spots[spot.index].some {
			continue
		}
		v.left -= len(spot.edges)
		for j, e := range spot.edges {
			key, in := moveKey{spot.c, int32(j)}, (*extent)(nil)
			if spot.calls != nil {
				key.o = spot.calls.exits[j].state
				if in = &exits[spot.calls.id][j]; !in.some {
					continue
				}
			}
			mv := t.moves[key]
			arrive(e, spots[spot.index].then(in, &mv.cost, max(1, spot.c.k.mult)))
		}
	}
	return out
}
