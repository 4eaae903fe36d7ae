package ir

// stream is a list of reach.go that is made as it is read, in a vast space: results come roughly in the order of
// the size of their derivations, and a reader that finds what it needs makes no more.
type stream struct {
	reach
	key     reachKey
	pending [][]partial // by size
	least   int         // no pending is smaller
	seen    map[*config]bool
	busy    bool // being extended, further up the stack
}

// partial is a situation to go on from; at a call of a recursive rule, with result i of its stream.
type partial struct {
	c     *config
	size  int32
	cost  costs
	by    *trail
	calls *stream
	i     int
}

// streamSteps is how many situations one search may enter to extend streams; maxSize the largest derivation.
const (
	streamSteps = 100
	maxSize     = 64
)

// stream is the stream of a rule entered in a state.
func (sp *Space) stream(key reachKey) *stream {
	s := sp.streams[key]
	if s == nil {
		s = &stream{key: key, seen: map[*config]bool{}}
		sp.streams[key] = s
		m := &sp.streamer
		sp.enter(m, key)
		n, st := m.run(key.proc.body, stNext)
		s.arrive(sp, m, n, st, 0, nil)
	}
	return s
}

// arrive takes up where the machine came to.
func (s *stream) arrive(sp *Space, m *machine, n node, st status, size int32, by *trail) {
	switch st {
	case stAsk:
		s.put(partial{c: sp.settle(m, n.(asker)), size: size, cost: m.cost, by: by})
	case stDone:
		if s.add(sp.states.intern(m.acc, m.reg, m.cells[:s.key.proc.imports]), size+1, m.cost, by) {
			sp.rows++
		}
	}
}

func (s *stream) put(p partial) {
	if p.size > maxSize {
		return
	}
	for int(p.size) >= len(s.pending) {
		s.pending = append(s.pending, nil)
	}
	s.pending[p.size] = append(s.pending[p.size], p)
	s.least = min(s.least, int(p.size))
}

// at makes sure that result i is there; false where it is not to be had, or not for so little.
func (s *stream) at(sp *Space, i int) bool {
	for i >= len(s.states) {
		if sp.steps <= 0 || s.busy || !s.extend(sp) {
			return false
		}
	}
	return true
}

// extend goes on from one pending situation; false where there is none.
func (s *stream) extend(sp *Space) bool {
	for s.least < len(s.pending) && len(s.pending[s.least]) == 0 {
		s.least++
	}
	if s.least >= len(s.pending) {
		return false
	}
	s.busy = true
	defer func() { s.busy = false }()
	row := &s.pending[s.least]
	p := (*row)[len(*row)-1] // the newest: a small derivation is finished before others are begun
	*row = (*row)[:len(*row)-1]
	sp.steps--
	m := &sp.streamer
	load := func() {
		m.load(p.c.state)
		m.k, m.cost = p.c.k, p.cost
	}
	if p.calls == nil {
		if p.i == 0 && s.seen[p.c] {
			return true
		}
		s.seen[p.c] = true
		leap, ok := p.c.ask.(*leapNode)
		if !ok {
			option := p.i
			if o, ok := p.c.ask.(interface{ order() []int }); ok {
				option = o.order()[p.i]
			}
			if p.i++; p.i < p.c.dom.n {
				s.put(p)
			}
			load()
			n, st := p.c.ask.take(m, option)
			n, st = m.run(n, st)
			s.arrive(sp, m, n, st, p.size, &trail{p.by, int32(option), nil})
			return true
		}
		load()
		p.calls = sp.stream(leap.key(m))
	}
	if !p.calls.at(sp, p.i) {
		if p.calls.busy || sp.steps <= 0 { // later: the stream that is called waits for this one, or for a search
			p.size++
			s.put(p)
			return sp.steps > 0
		}
		return true
	}
	load()
	inner := p.calls
	m.cost.add(&inner.costs[p.i])
	n, st := m.run(nil, p.c.ask.(*leapNode).leave(m, inner.states[p.i]))
	s.arrive(sp, m, n, st, p.size+inner.sizes[p.i], &trail{p.by, -1, inner.trails[p.i]})
	p.i++
	if p.i < len(inner.states) { // wait in line by the size of the next result
		p.size += max(0, inner.sizes[p.i]-inner.sizes[p.i-1])
	} else {
		p.size++
	}
	s.put(p)
	return true
}
