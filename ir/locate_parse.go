package ir

// All derivations of a graph at once: what the machine comes to is explored as a graph of spots (a choice, in a
// situation, with so much of the graph met). A call of a recursive rule isn't entered from each place that calls
// it: it is explored once for each situation in which it is entered, and every way in which it can be left goes on
// from every place that waits for it (a tabulated parse, as Earley's 1970, of wires instead of words; the same
// rule at the same place within itself, left recursion, is just one more that waits).

// parseSpot is a choice that the search has come to.
type parseSpot struct {
	ask     asker
	k       *frame
	state   int32
	matched int32
	call    *parseCall
	edges   []parseEdge
	into    []*parseSpot // spots with an edge to this one, with repeats
	dom     *domain      // of a choice of the space
	tail    bool         // of a call: it is the last that the rule around does, and leaves it as it is left
	shares  []float64    // of the options by the weights as written; nil until asked for
	odd     int          // how unlikely the way here looked (locator.odd)
	first   parseFrom    // how it was found
}

type parseKey struct {
	ask, state, matched int32
	k                   *frame
}

// parseEdge is one way on from a spot: an answer, or one way in which a called rule is left.
type parseEdge struct {
	option int32
	real   float64
	callee *parseCall // of a call
	via    parseExit
	to     *parseSpot // nil where the rule around is left
	exit   parseExit
}

// parseFrom is an edge of a spot; no spot is the start of a call.
type parseFrom struct {
	spot *parseSpot
	edge int
}

// parseCall is a recursive rule entered in one situation, or the whole space.
type parseCall struct {
	proc    *proc
	bottom  *frame
	start   parseEdge
	exits   []parseExit
	last    map[parseExit][]*parseSpot // spots with an edge to the exit
	first   map[parseExit]parseFrom    // how each exit was found
	odd     map[parseExit]int
	waiting []*parseSpot
}

type parseCallKey struct {
	reachKey
	matched int32
}

// parseExit is a way in which a call is left: the state, and what of the graph is met by then.
type parseExit struct{ state, matched int32 }

// parse is the search for all derivations.
type parse struct {
	l     *locator
	spots map[parseKey]*parseSpot
	calls map[parseCallKey]*parseCall
	root  *parseCall
	todo  [maxOdd + 1][]parseTask // by how unlikely they look
	odd   int                     // of the task at hand
	steps int
	cut   bool // there may be derivations that were not found
}

// parseTask is a spot to explore, or one to go on from by an exit of the call that it waits for.
type parseTask struct {
	at     *parseSpot
	callee *parseCall
	via    parseExit
}

// maxParse is how many edges a search may make: a second or two. From maxOdd oddities on all are alike.
const (
	maxParse = 1_000_000
	maxOdd   = 15
)

// parse searches a space of the given root, what looks likely first. It stops where there are too many ways, and in a
// space whose types can't be listed, where they often are without end, once it has found all that look as likely as the first.
func (l *locator) parse(root node, limit int) *parse {
	p := &parse{l: l, spots: map[parseKey]*parseSpot{}, calls: map[parseCallKey]*parseCall{}, steps: limit}
	p.root = newCall(nil, l.tw.bottom)
	m := &l.m
	m.acc, m.reg, m.k, m.buf = absent, absent, l.tw.bottom, nil
	m.enterCells(l.tw.cells)
	l.matched, l.odd = 0, 0
	n, st := l.run(root, stNext)
	p.arrive(p.root, n, st, parseEdge{}, nil)
	for odd := 0; odd <= maxOdd; {
		last := len(p.todo[odd]) - 1
		if last < 0 {
			odd++
			continue
		}
		if l.sp.vast && p.found() && odd > p.root.odd[parseExit{}] {
			p.cut = true
			break
		}
		task := p.todo[odd][last]
		p.todo[odd], p.odd = p.todo[odd][:last], odd
		if task.callee != nil {
			p.goOn(task)
		} else {
			p.explore(task.at)
		}
		if p.steps <= 0 {
			p.cut = true
			break
		}
	}
	return p
}

func newCall(proc *proc, bottom *frame) *parseCall {
	return &parseCall{proc: proc, bottom: bottom, last: map[parseExit][]*parseSpot{}, first: map[parseExit]parseFrom{}, odd: map[parseExit]int{}}
}

// found tells whether there is a derivation.
func (p *parse) found() bool { return len(p.root.exits) > 0 }

// later puts a task on the list of those that look as likely.
func (p *parse) later(odd int, t parseTask) {
	p.todo[odd] = append(p.todo[odd], t)
}

func (p *parse) load(s *parseSpot) {
	m := &p.l.m
	m.load(s.state)
	m.k = s.k
	p.l.matched, p.l.odd = s.matched, 0
}

// arrive notes where a run has led: an edge of from, or the start of the call.
func (p *parse) arrive(call *parseCall, n node, st status, e parseEdge, from *parseSpot) {
	m := &p.l.m
	switch st {
	case stAsk:
		e.to = p.settle(call, n.(asker), from)
	case stDone:
		if call.proc == nil {
			e.exit = parseExit{}
		} else {
			e.exit = parseExit{p.l.tw.states.intern(m.acc, m.reg, m.cells[:call.proc.imports]), p.l.matched}
		}
	default:
		if m.why.soft {
			p.cut = true
		}
		p.steps--
		return
	}
	p.link(call, e, from)
}

// link adds an edge.
func (p *parse) link(call *parseCall, e parseEdge, from *parseSpot) {
	p.steps -= 1 + p.l.reread
	p.l.reread = 0
	if from == nil {
		call.start = e
	} else {
		from.edges = append(from.edges, e)
		if e.to != nil {
			e.to.into = append(e.to.into, from)
		}
	}
	if e.to != nil {
		return
	}
	if from != nil {
		call.last[e.exit] = append(call.last[e.exit], from)
	}
	if _, have := call.first[e.exit]; !have {
		call.first[e.exit] = whence(from)
		call.odd[e.exit] = p.oddness()
		call.exits = append(call.exits, e.exit)
		for _, s := range call.waiting {
			p.later(max(s.odd, p.oddness()), parseTask{s, call, e.exit})
		}
	}
}

// oddness is how unlikely the way looks that the machine has come.
func (p *parse) oddness() int { return min(maxOdd, p.odd+p.l.odd) }

// whence is the edge that a spot is about to have, or has just got.
func whence(from *parseSpot) parseFrom {
	if from == nil {
		return parseFrom{}
	}
	return parseFrom{from, len(from.edges) - 1}
}

// settle is the spot of the machine's situation at a choice.
func (p *parse) settle(call *parseCall, ask asker, from *parseSpot) *parseSpot {
	m := &p.l.m
	key := parseKey{ask.pos().id, p.l.tw.states.intern(m.acc, m.reg, m.cells), p.l.matched, m.k}
	s := p.spots[key]
	if s == nil {
		s = &parseSpot{ask: ask, k: m.k, state: key.state, matched: key.matched, call: call, odd: p.oddness()}
		if s.first = whence(from); from != nil {
			s.first.edge++ // which is added next
		}
		p.spots[key] = s
		p.later(s.odd, parseTask{at: s})
	}
	return s
}

// explore takes every option of a spot.
func (p *parse) explore(s *parseSpot) {
	l := p.l
	m := &l.m
	switch ask := s.ask.(type) {
	case *leapNode:
		p.load(s)
		p.enter(s, ask)
	case *eachCall:
		p.load(s)
		p.enterEach(s, ask)
	case *pickNode:
		p.load(s)
		for i := range ask.domain(m).n {
			p.load(s)
			n, st := ask.take(m, i)
			n, st = p.after(n, st)
			p.arrive(s.call, n, st, parseEdge{option: -1}, s)
		}
	default:
		p.load(s)
		d := ask.domain(m)
		s.dom = d
		if d.continuous {
			for _, x := range l.reals {
				if x >= d.lo && x <= d.hi {
					p.option(s, 0, x)
				}
			}
			return
		}
		ordered, _ := ask.(interface{ order() []int })
		for i := range d.n { // those tried last come first off the stack
			if i = d.n - 1 - i; ordered != nil {
				i = ordered.order()[i]
			}
			p.option(s, i, 0)
		}
	}
}

func (p *parse) option(s *parseSpot, option int, real float64) {
	p.load(s)
	l := p.l
	a := l.tw.vals.intern(value{kind: kindAnswer, i: int64(option), f: real, g: -1, parts: []val{absent}})
	n, st := p.after(l.answer(s.ask, a))
	p.arrive(s.call, n, st, parseEdge{option: int32(option), real: real}, s)
}

func (p *parse) after(n node, st status) (node, status) {
	if st == stFail {
		return n, st
	}
	return p.l.run(n, st)
}

// enter makes a spot wait for the rule that it calls.
func (p *parse) enter(s *parseSpot, leap *leapNode) {
	l := p.l
	m := &l.m
	s.tail = m.k == s.call.bottom && m.reg == absent && s.call.proc != nil && leap.passesAll(s.call.proc.imports)
	m.reg = l.inward(m.reg)
	p.wait(s, leap.key(m))
}

// wait makes a spot wait for a call, which is begun if it is new.
func (p *parse) wait(s *parseSpot, entered reachKey) {
	l := p.l
	m := &l.m
	if l.sp.vast {
		entered.depth = l.sp.zone(entered.depth)
	}
	key := parseCallKey{entered, l.matched}
	call := p.calls[key]
	if call == nil {
		call = newCall(key.proc, &frame{path: l.tw.bottom.path, aux: key.depth, saved: int32(key.proc.imports)})
		p.calls[key] = call
		call.waiting = append(call.waiting, s)
		acc, reg, cells := l.tw.states.at(key.state)
		m.acc, m.reg, m.k = acc, reg, call.bottom
		m.buf = make([]val, call.proc.cells)
		m.cells = m.buf
		copy(m.cells, cells)
		n, st := l.run(call.proc.body, stNext)
		p.arrive(call, n, st, parseEdge{}, nil)
		return
	}
	call.waiting = append(call.waiting, s)
	for _, e := range call.exits {
		p.later(max(s.odd, call.odd[e]), parseTask{s, call, e})
	}
}

// passesAll tells whether a call hands the cells that the rule around was given on, and no others.
func (n *leapNode) passesAll(imports int) bool {
	if len(n.call.imports) != imports {
		return false
	}
	for i, c := range n.call.imports {
		if c != i {
			return false
		}
	}
	return true
}

// goOn is the way on from a spot whose call is left.
func (p *parse) goOn(task parseTask) {
	l, s := p.l, task.at
	if s.tail { // nothing is left to do in the rule around but to leave it likewise
		p.link(s.call, parseEdge{option: -1, callee: task.callee, via: task.via, exit: task.via}, s)
		return
	}
	p.load(s)
	m := &l.m
	before, st := m.reg, stDone
	if each, ok := s.ask.(*eachCall); ok {
		p.leaveEach(each, task)
	} else {
		st = s.ask.(*leapNode).leave(m, task.via.state)
	}
	m.reg = l.outward(before, m.reg)
	l.matched = task.via.matched
	n, st := l.run(nil, st)
	p.arrive(s.call, n, st, parseEdge{option: -1, callee: task.callee, via: task.via}, s)
}

// inward is the log as a called rule sees it: lets that are being drawn are outside of it.
func (l *locator) inward(reg val) val {
	if reg == absent {
		return reg
	}
	g := l.log(reg)
	for i := range g.entries {
		g.entries[i].depth = -1
	}
	return l.logged(g)
}

// outward is the log that a call leaves as its caller sees it.
func (l *locator) outward(before, reg val) val {
	if reg == absent {
		return reg
	}
	g, h := l.log(before), l.log(reg)
	for i := range h.entries {
		h.entries[i].depth = g.entries[i].depth
	}
	return l.logged(h)
}
