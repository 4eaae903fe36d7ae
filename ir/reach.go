package ir

// What a recursive rule can reach. A search for completions that stepped into recursive rules would not
// end; it leaps over them instead: for a rule and the state in which it is entered, reach lists the states
// in which it can be left. This is the Bar-Hillel construction of a grammar meeting the types, made only as
// far as it is asked for.
//
// Where the types that a rule can meet are finitely many, the lists are a fixed point, and exact. Where they
// are not (or are too many), the space is vast: lists.go makes them as far as they are asked for, within bounds.

// Bounds of what is explored of recursive rules.
const (
	maxRows  = 4_000   // states in the lists of one fixed point, before the space is called vast
	maxSteps = 10_000  // situations entered for one fixed point
	keptRows = 500_000 // states of all lists, before they are dropped
)

type reachKey struct {
	proc  *proc
	state int32 // arriving: acc, reg and the cells given
	depth int32 // the nesting of the call, where guards may ask for it, else 0
}

// reach is one list: states are acc, reg and the imported cells on leaving, with the size and the costs of
// the derivation that was found first.
type reach struct {
	states []int32
	sizes  []int32
	costs  []costs
	have   map[int32]bool
}

func (r *reach) add(state, size int32, cost costs) bool {
	if r.have[state] {
		return false
	}
	if r.have == nil {
		r.have = map[int32]bool{}
	}
	r.have[state] = true
	r.states, r.sizes, r.costs = append(r.states, state), append(r.sizes, size), append(r.costs, cost)
	return true
}

// leapNode asks, in place of a call of a recursive rule, which of the states that it can reach it does.
type leapNode struct {
	nodeInfo
	call *callNode
	none domain
}

func (n *leapNode) enter(*machine) (node, status)          { return n, stAsk }
func (n *leapNode) resume(*machine, *frame) (node, status) { panic("unreachable") }
func (n *leapNode) domain(*machine) *domain                { return &n.none }
func (n *leapNode) take(*machine, int) (node, status)      { panic("unreachable") }

// key is what is called here.
func (n *leapNode) key(m *machine) reachKey {
	var few [8]val
	key := reachKey{n.call.proc, m.sp.states.intern(m.acc, m.inward(), n.call.given(m, few[:0])), 0}
	if m.sp.nests {
		key.depth = m.nesting() + 1
	}
	return key
}

// leave leaves the call in the given state.
func (n *leapNode) leave(m *machine, state int32) status {
	for _, c := range n.call.tmp {
		m.cells[c] = absent
	}
	before := m.reg
	acc, reg, cells := m.sp.states.at(state)
	m.acc, m.reg = acc, reg
	for i, c := range n.call.imports {
		m.cells[c] = cells[i]
	}
	_, st := m.outward(&n.nodeInfo, before)
	return st
}

// reach is the list of a rule; nil where it is too long.
func (sp *Space) reach(key reachKey) *reach {
	if r := sp.reached[key]; r != nil {
		return r
	}
	if sp.fixedPoint(key) {
		return sp.reached[key]
	}
	return nil
}

// decide settles, from the root on and once, whether the space is vast.
func (sp *Space) decide() {
	if sp.decided || !sp.recursive {
		return
	}
	sp.decided = true
	sp.vast = sp.asVast || !sp.fixedPoint(sp.rootKey())
}

// rootKey is the root as a rule that is called.
func (sp *Space) rootKey() reachKey {
	return reachKey{sp.top, sp.states.intern(absent, absent, nil), 0}
}

// fixedPoint computes the lists of a rule and of all that it calls, exactly; false where they are too long.
func (sp *Space) fixedPoint(key reachKey) bool {
	lists := map[reachKey]*reach{key: {}}
	callers := map[reachKey]map[reachKey]bool{}
	todo, waiting := []reachKey{key}, map[reachKey]bool{key: true}
	rows, steps := 0, maxSteps
	for len(todo) > 0 {
		k := todo[0]
		todo = todo[1:]
		waiting[k] = false
		grew := false
		soft := !sp.explore(k, &steps, func(called reachKey) *reach {
			if r := sp.reached[called]; r != nil {
				return r
			}
			r := lists[called]
			if r == nil {
				r = &reach{}
				lists[called] = r
				waiting[called] = true
				todo = append(todo, called)
			}
			if callers[called] == nil {
				callers[called] = map[reachKey]bool{}
			}
			callers[called][k] = true
			return r
		}, func(state, size int32, cost costs) {
			if lists[k].add(state, size, cost) {
				grew = true
				rows++
			}
		})
		if soft || rows > maxRows || steps <= 0 {
			return false
		}
		if grew {
			for caller := range callers[k] {
				if !waiting[caller] {
					waiting[caller] = true
					todo = append(todo, caller)
				}
			}
		}
	}
	for k, r := range lists {
		sp.reached[k] = r
		sp.rows += len(r.states)
	}
	return true
}

// explore runs a rule's body through every situation once, small derivations first, and calls left with each
// state in which it ends. It is false where a run was given up.
func (sp *Space) explore(key reachKey, steps *int, list func(called reachKey) *reach, left func(state, size int32, cost costs)) bool {
	m := &machine{sp: sp, jump: true}
	type situation struct {
		c    *config
		size int32
		cost costs
	}
	seen := map[*config]bool{}
	var queue [][]situation // by size
	exact := true
	follow := func(n node, st status, size int32) {
		*steps -= m.lanes() // each is as much work
		n, st = m.run(n, st)
		switch st {
		case stAsk:
			for int(size) >= len(queue) {
				queue = append(queue, nil)
			}
			queue[size] = append(queue[size], situation{sp.settle(m, n.(asker)), size, m.cost})
		case stDone:
			left(sp.states.intern(m.acc, m.reg, m.cells[:key.proc.imports]), size, m.cost)
		case stFail:
			exact = exact && !m.why.soft
		}
	}
	sp.enter(m, key)
	follow(key.proc.body, stNext, 0)
	for size := 0; size < len(queue); size++ {
		for i := 0; i < len(queue[size]); i++ {
			s := queue[size][i]
			if *steps <= 0 {
				return false
			}
			if seen[s.c] {
				continue
			}
			seen[s.c] = true
			load := func() {
				m.load(s.c.state)
				m.k, m.cost = s.c.k, s.cost
			}
			if leap, ok := s.c.ask.(*leapNode); ok {
				load()
				inner := list(leap.key(m))
				for i := 0; i < len(inner.states) && *steps > 0; i++ { // the list may grow by what is found here
					load()
					m.spend(&inner.costs[i])
					follow(nil, leap.leave(m, inner.states[i]), s.size+inner.sizes[i])
				}
				continue
			}
			for i := range s.c.dom.n {
				load()
				n, st := s.c.ask.take(m, i)
				follow(n, st, s.size)
			}
		}
	}
	return exact && *steps > 0
}

// entry is the bottom of a rule that is called at a nesting.
func (sp *Space) entry(p *proc, depth int32) *frame {
	at := reachKey{p, 0, depth}
	f := sp.entries[at]
	if f == nil {
		f = &frame{path: &path{}, aux: depth, proc: p}
		sp.entries[at] = f
	}
	return f
}

// enter takes the machine to the start of a rule's body, with nothing around it.
func (sp *Space) enter(m *machine, key reachKey) {
	acc, reg, cells := sp.states.at(key.state)
	m.acc, m.reg, m.k, m.cost, m.size, m.why = acc, reg, sp.entry(key.proc, key.depth), costs{}, 0, failure{}
	m.resize(key.proc.cells)
	clear(m.cells)
	copy(m.cells, cells)
}
