package ir

import (
	"errors"
	"fmt"
	"math"
)

// A space is a grammar over its types, written out here as far as it is finite. A table is what can happen
// between entering a recursive rule in one state and leaving it (the root is table 0, entered by nothing); in
// it, calls of recursive rules are steps, taken once for each way in which they can end. Where requirements bound
// costs, what has been spent is part of a situation. On these tables stand the probabilities of prior.go.

// tables is a space written out.
type tables struct {
	sp     *Space
	m      machine
	list   []*table
	ids    map[reachKey]int32
	limits []limit
	tight  bool // what a table may spend is what its callers leave for it
	sizes  int  // which cost is the number of ops as written, if that is followed
	nested int  // the most rule calls that may be around anything; below 0: any number
	deeper bool // there was more
	todo   []arrival
	spots  int
	edges  int
	err    error
}

// table is one rule, entered in one state.
type table struct {
	id      int32
	key     reachKey
	start   edge
	first   costs // of the way to start
	spots   []*spot
	at      map[spotKey]*spot
	exits   []spotExit
	exitIDs map[spotExit]int32
	callers []*spot // leaps into this table
	order   []*spot // every spot after those that it leads to
	moves   map[moveKey]move
	begins  move      // the first
	room    costs     // what may be spent within; where it is tight, nothing is known of it before it is called
	open    bool      // that it was
	cut     []arrival // steps for which there was no room, of begins that of no spot
}

// spot is a situation within a table: a choice, or a call of a recursive rule.
type spot struct {
	in    *table
	index int32
	c     *config
	spent costs
	calls *table    // of a call, what is called
	share []float64 // of a choice, the written weights as shares of all options
	edges []edge    // by option, or by exit of calls
}

type spotKey struct {
	c     *config
	spent costs
}

// spotExit is a way to leave a table: acc, reg and the imported cells, and what was spent within.
type spotExit struct {
	state int32
	spent costs
}

// edge leads to a spot, to an exit, or nowhere.
type edge struct {
	spot *spot
	exit int32 // where spot is nil; -1: nowhere
	size int32 // ops on the way, as written
}

var nowhere = edge{exit: -1}

// moveKey names a step of the machine within a table: an option, or of a call the state in which it ends.
type moveKey struct {
	c *config
	o int32
}

// move is where a step leads, costs aside.
type move struct {
	next   *config // nil at an exit
	state  int32
	failed bool
	cost   costs
	size   int32
	high   int32
}

// arrival is a step that waits to be taken: from a spot, by option or exit.
type arrival struct {
	from *spot
	by   int32
}

// limit is what all requirements on one cost come to.
type limit struct {
	dim    int
	lo, hi int64
}

// settled stands for a cost that will keep its limits whatever follows.
const settled = -1

// maxSpots is how many situations a space may be written out to, maxEdges how many steps.
const (
	maxSpots = 300_000
	maxEdges = 3_000_000
)

// errVast is why a space can't be written out.
var errVast = errors.New("its recursive rules meet more types than can be listed")

// write writes the space out, in which costs keep limits. It fails where that is more than can be listed.
func (sp *Space) write(limits []limit) (*tables, error) {
	for {
		t := sp.begin()
		if !sp.completes(t) && !sp.grown {
			return nil, sp.emptiness()
		}
		if sp.vast && sp.charted() == nil && !sp.grown {
			return nil, errVast
		}
		ts := sp.newTables(limits)
		ts.tight = sp.vast
		err := ts.write()
		if sp.grown {
			sp.forget()
			continue
		}
		return ts, err
	}
}

func (sp *Space) newTables(limits []limit) *tables {
	return &tables{sp: sp, ids: map[reachKey]int32{}, m: machine{sp: sp, jump: true}, limits: limits, nested: -1}
}

// limits merges the requirements by dimension.
func (sp *Space) limits() []limit {
	var list []limit
next:
	for _, b := range sp.bounds {
		for i := range list {
			if l := &list[i]; l.dim == b.dim {
				l.lo, l.hi = max(l.lo, b.lo), min(l.hi, b.hi)
				continue next
			}
		}
		list = append(list, limit{b.dim, b.lo, b.hi})
	}
	return list
}

func (ts *tables) write() error {
	root := ts.table(reachKey{})
	if err := ts.run(maxSpots, maxEdges); err != nil {
		return err
	}
	if root.start.spot == nil && root.start.exit < 0 {
		return ts.sp.emptiness()
	}
	for _, t := range ts.list {
		t.sort()
	}
	return nil
}

// run takes all steps that wait. It fails where that makes more situations or steps than given.
func (ts *tables) run(spots, edges int) error {
	for len(ts.todo) > 0 {
		a := ts.todo[len(ts.todo)-1]
		ts.todo = ts.todo[:len(ts.todo)-1]
		e, err := ts.step(a)
		if err != nil {
			return err
		}
		a.from.edges[a.by] = e
		if ts.err != nil {
			return ts.err
		}
		if ts.tight && ts.sp.grown { // then all is to be done anew, so that it doesn't go on for long
			edges = min(edges, 4*ts.edges+1000)
		}
		if ts.spots > spots || ts.edges > edges {
			return fmt.Errorf("it has more than %d situations with %d steps", spots, edges)
		}
	}
	return nil
}

// table is the table of a key, made when it is first asked for.
func (ts *tables) table(key reachKey) *table {
	if id, ok := ts.ids[key]; ok {
		return ts.list[id]
	}
	t := &table{id: int32(len(ts.list)), key: key, at: map[spotKey]*spot{}, exitIDs: map[spotExit]int32{}, moves: map[moveKey]move{}}
	ts.ids[key] = t.id
	ts.list = append(ts.list, t)
	m := &ts.m
	body := ts.sp.root
	if key.proc == nil {
		m.acc, m.reg, m.k, m.cost = absent, absent, ts.sp.bottom, costs{}
		m.cells = nil
		m.enterCells(ts.sp.cells)
	} else {
		ts.sp.enter(m, key)
		body = key.proc.body
	}
	mv, err := ts.arrive(t, body, stNext)
	if err != nil {
		ts.err = err
	}
	t.first, t.begins = mv.cost, mv
	if !ts.tight || key.proc == nil {
		var all costs
		for _, l := range ts.limits {
			all[l.dim] = l.hi
		}
		ts.widen(t, &all)
	}
	return t
}

// widen gives a table more room, and those that it calls.
func (ts *tables) widen(t *table, room *costs) {
	more := !t.open
	for _, l := range ts.limits {
		if room[l.dim] > t.room[l.dim] {
			t.room[l.dim], more = room[l.dim], true
		}
	}
	if !more {
		return
	}
	if !t.open {
		t.open, t.start = true, ts.reach(arrival{}, t, t.begins, costs{})
	}
	cut := t.cut
	t.cut = nil
	for _, a := range cut {
		if a.from == nil {
			t.start = ts.reach(a, t, t.begins, costs{})
		} else {
			ts.todo = append(ts.todo, a)
		}
	}
	for _, s := range t.spots {
		if s.calls != nil {
			ts.leave(s)
		}
	}
}

// leave leaves what is called at a spot the room that there is.
func (ts *tables) leave(s *spot) {
	var room costs
	for _, l := range ts.limits {
		if room[l.dim] = math.MaxInt64; l.hi != math.MaxInt64 {
			room[l.dim] = s.in.room[l.dim] - s.spent[l.dim]
			if l.dim != ts.sizes {
				room[l.dim] /= max(1, s.c.k.mult)
			}
		}
	}
	ts.widen(s.calls, &room)
}

// step takes an arrival's step.
func (ts *tables) step(a arrival) (edge, error) {
	s, m := a.from, &ts.m
	if s.calls == nil {
		mv, err := ts.move(s.in, moveKey{s.c, a.by}, func() (node, status) { return s.c.ask.take(m, int(a.by)) })
		return ts.reach(a, s.in, mv, s.spent), err
	}
	x := s.calls.exits[a.by]
	mv, err := ts.move(s.in, moveKey{s.c, x.state}, func() (node, status) {
		return nil, s.c.ask.(*leapNode).leave(m, x.state)
	})
	size := mv.cost[ts.sizes] + x.spent[ts.sizes]
	if mv.cost.addTimes(&x.spent, s.c.k.mult); ts.sizes > 0 {
		mv.cost[ts.sizes] = size // of what is written once
	}
	return ts.reach(a, s.in, mv, s.spent), err
}

// move runs the machine from a config by one step, once.
func (ts *tables) move(t *table, key moveKey, take func() (node, status)) (move, error) {
	if mv, ok := t.moves[key]; ok {
		return mv, nil
	}
	ts.m.load(key.c.state)
	ts.m.k = key.c.k
	n, st := take()
	mv, err := ts.arrive(t, n, st)
	t.moves[key] = mv
	return mv, err
}

// arrive runs the machine to the next choice, call or exit.
func (ts *tables) arrive(t *table, n node, st status) (move, error) {
	m := &ts.m
	m.cost, m.size, m.high, m.why = costs{}, 0, 0, failure{}
	ts.edges += m.lanes() - 1 // each is as much work
	n, st = m.run(n, st)
	mv := move{cost: m.cost, size: m.size, high: m.high}
	if ts.sizes > 0 {
		mv.cost[ts.sizes] = int64(m.size)
	}
	switch st {
	case stAsk:
		mv.next = ts.sp.settle(m, n.(asker))
	case stFail:
		mv.failed = true
		if m.why.soft {
			return mv, errors.New(m.why.String())
		}
	case stDone:
		imports := 0
		if t.key.proc != nil {
			imports = t.key.proc.imports
		}
		mv.state = ts.sp.states.intern(m.acc, m.reg, m.cells[:imports])
	}
	return mv, nil
}

// reach is the edge of a move made where so much was spent in the table.
func (ts *tables) reach(a arrival, t *table, mv move, spent costs) edge {
	ok := !mv.failed
	if ok && ts.nested >= 0 && int(t.key.depth+mv.high) > ts.nested {
		ok, ts.deeper = false, true
	}
	if ok {
		if spent, ok = ts.add(t, spent, &mv); !ok && ts.tight {
			t.cut = append(t.cut, a)
		}
	}
	switch {
	case !ok:
		return nowhere
	case mv.next == nil:
		x := spotExit{mv.state, spent}
		id, known := t.exitIDs[x]
		if !known {
			id = int32(len(t.exits))
			t.exitIDs[x] = id
			t.exits = append(t.exits, x)
			for _, s := range t.callers {
				ts.extend(s)
			}
		}
		return edge{nil, id, mv.size}
	}
	key := spotKey{mv.next, spent}
	s := t.at[key]
	if s == nil {
		s = &spot{in: t, index: int32(len(t.spots)), c: mv.next, spent: spent}
		t.at[key] = s
		t.spots = append(t.spots, s)
		ts.spots++
		ts.open(s)
	}
	return edge{s, 0, mv.size}
}

// open finds what a new spot offers.
func (ts *tables) open(s *spot) {
	leap, ok := s.c.ask.(*leapNode)
	if !ok {
		n := s.c.dom.n
		options := make([]int32, n)
		for i := range options {
			options[i] = int32(i)
			ts.todo = append(ts.todo, arrival{s, int32(i)})
		}
		s.share, s.edges = make([]float64, n), make([]edge, n)
		if n > 0 {
			s.c.dom.shares(options, s.share)
		}
		ts.edges += n
		return
	}
	ts.m.load(s.c.state)
	ts.m.k = s.c.k
	key := leap.key(&ts.m)
	if ts.nested >= 0 {
		depth := s.in.key.depth + s.c.k.calls + 1
		if int(depth) > ts.nested {
			ts.deeper = true
			return
		}
		key.depth = depth
	}
	s.calls = ts.table(key)
	s.calls.callers = append(s.calls.callers, s)
	ts.extend(s)
	if ts.tight {
		ts.leave(s)
	}
}

// extend makes room for the exits that a call has come to know.
func (ts *tables) extend(s *spot) {
	for len(s.edges) < len(s.calls.exits) {
		ts.todo = append(ts.todo, arrival{s, int32(len(s.edges))})
		s.edges = append(s.edges, nowhere)
		ts.edges++
	}
}

// add is what is spent after a move, as far as it still matters; false where a limit is broken.
func (ts *tables) add(t *table, spent costs, mv *move) (costs, bool) {
	if ts.sp.flat && t.key.proc == nil { // only what recursive rules cost is asked for (runaway.go)
		return spent, true
	}
	for _, l := range ts.limits {
		if spent[l.dim] == settled {
			continue
		}
		x := spent[l.dim] + mv.cost[l.dim]
		if x < 0 || x > t.room[l.dim] {
			return spent, false
		}
		if l.hi == math.MaxInt64 {
			x = min(x, l.lo) // enough is enough
		}
		spent[l.dim] = x
	}
	if t.key.proc != nil {
		return spent, true
	}
	for _, l := range ts.limits {
		at := spent[l.dim]
		if at == settled || ts.sizes > 0 && l.dim == ts.sizes {
			continue
		}
		least, most := int64(0), int64(0)
		if mv.next != nil {
			if ts.sp.recursive {
				continue
			}
			lo, hi := ts.sp.extremes(mv.next)
			if lo == nil {
				return spent, false
			}
			least, most = lo[l.dim], hi[l.dim]
		}
		if at+least > l.hi || at+most < l.lo {
			return spent, false
		}
		if at+most <= l.hi && at+least >= l.lo {
			spent[l.dim] = settled
		}
	}
	return spent, true
}

// sort puts the spots of a table in order, each after those that it leads to: between the calls of recursive
// rules nothing comes back to where it was.
func (t *table) sort() {
	type visit struct {
		s    *spot
		next int
	}
	done := make([]bool, len(t.spots))
	for _, s := range t.spots {
		if done[s.index] {
			continue
		}
		done[s.index] = true
		stack := []visit{{s, 0}}
		for len(stack) > 0 {
			v := &stack[len(stack)-1]
			if v.next == len(v.s.edges) {
				t.order = append(t.order, v.s)
				stack = stack[:len(stack)-1]
				continue
			}
			to := v.s.edges[v.next].spot
			v.next++
			if to != nil && !done[to.index] {
				done[to.index] = true
				stack = append(stack, visit{to, 0})
			}
		}
	}
}
