package ir

// What is noted while lets are drawn stands in the machine's register, which is part of its state: a value of kind
// log, or absent where nothing is. Its parts are
//
//	0   the answers that are read again, at place i; absent where none are
//	1   the nodes to share weights with, at place f; absent where none are
//	2k  who notes: low and high, the cells of the let's definition; the depth of calls at which it is drawn; and
//	    whether it notes answers, and nodes
//	2k+1  what it has noted: a list, last first
//
// Lets that are being drawn stand in one another, outermost first. A let that is declared outside of another and
// first used within it notes its answers for itself alone, for it will not be drawn again with the other
// (builder.outer).

type logEntry struct {
	low, high, depth int64
	answers, nodes   bool
	list             val
}

type letLog struct {
	read, like     val
	readAt, likeAt int
	entries        []logEntry
}

func (l *locator) log(v val) letLog {
	if v == absent {
		return letLog{}
	}
	vs := l.tw.vals
	t := vs.at(v)
	g := letLog{read: t.parts[0], like: t.parts[1], readAt: int(t.i), likeAt: int(t.f)}
	for i := 2; i < len(t.parts); i += 2 {
		who := vs.at(t.parts[i]).parts
		e := logEntry{low: vs.at(who[0]).i, high: vs.at(who[1]).i, depth: vs.at(who[2]).i,
			answers: who[3] == valTrue, nodes: who[4] == valTrue, list: t.parts[i+1]}
		g.entries = append(g.entries, e)
	}
	return g
}

func (l *locator) logged(g letLog) val {
	if g.read == absent && g.like == absent && len(g.entries) == 0 {
		return absent
	}
	vs := l.tw.vals
	parts := []val{g.read, g.like}
	for _, e := range g.entries {
		who := vs.intern(value{kind: kindInts, parts: []val{vs.int(e.low), vs.int(e.high), vs.int(e.depth), vs.bool(e.answers), vs.bool(e.nodes)}})
		parts = append(parts, who, e.list)
	}
	return vs.intern(value{kind: kindLog, i: int64(g.readAt), f: float64(g.likeAt), parts: parts})
}

// replaying tells whether answers are read again.
func (l *locator) replaying(reg val) bool {
	return reg != absent && l.tw.vals.at(reg).parts[0] != absent
}

// next is the answer that is read next.
func (l *locator) next(m *machine) (val, bool) {
	g := l.log(m.reg)
	list := l.tw.vals.at(g.read).parts
	if g.readAt >= len(list) {
		return 0, false
	}
	g.readAt++
	m.reg = l.logged(g)
	return list[g.readAt-1], true
}

// sharing is the node to share weights with next; -1 where weights are new, -2 where there is none left.
func (l *locator) sharing(reg val) int32 {
	if reg == absent {
		return -1
	}
	g := l.log(reg)
	if g.like == absent {
		return -1
	}
	list := l.tw.vals.at(g.like).parts
	if g.likeAt >= len(list) {
		return -2
	}
	return int32(l.tw.vals.at(list[g.likeAt]).g)
}

// note adds an answer to what the lets that are being drawn note.
func (l *locator) note(reg, answer val) val {
	if reg == absent {
		return reg
	}
	g := l.log(reg)
	t := l.tw.vals.at(answer)
	for i := range g.entries {
		if e := &g.entries[i]; e.answers {
			e.list = l.tw.vals.intern(value{kind: kindAnswer, i: t.i, f: t.f, g: -1, parts: []val{e.list}})
		}
	}
	return l.logged(g)
}

// met adds a node.
func (l *locator) met(reg val, n int32) val {
	if reg == absent {
		return reg
	}
	g := l.log(reg)
	for i := range g.entries {
		if e := &g.entries[i]; e.nodes {
			e.list = l.tw.vals.intern(value{kind: kindAnswer, g: float64(n), parts: []val{e.list}})
		}
	}
	if g.like != absent {
		g.likeAt++
	}
	return l.logged(g)
}

// lists are the answers and the nodes of an entry, in order.
func (l *locator) lists(list val) (answers, nodes val) {
	var a, n []val
	for v := list; v != absent; {
		t := l.tw.vals.at(v)
		one := value{kind: kindAnswer, i: t.i, f: t.f, g: t.g, parts: []val{absent}}
		if v = t.parts[0]; one.g < 0 {
			a = append(a, l.tw.vals.intern(one))
		} else {
			n = append(n, l.tw.vals.intern(one))
		}
	}
	list_ := func(x []val) val {
		for i, j := 0, len(x)-1; i < j; i, j = i+1, j-1 {
			x[i], x[j] = x[j], x[i]
		}
		return l.tw.vals.intern(value{kind: kindList, parts: x})
	}
	return list_(a), list_(n)
}

// depth is how many calls of rules are around, within the list of exits at hand (locate_parse.go).
func (m *machine) depth() int64 {
	d := int64(0)
	for f := m.k; f.node != nil; f = f.parent {
		if _, ok := f.node.(*callNode); ok && f.idx == callBody {
			d++
		}
	}
	return d
}

// outer starts to draw a let at a cell: those that don't declare it stop noting answers. It returns what has to be
// given to inner when the let is drawn.
func (m *machine) outer(cell int) int32 {
	if m.loc == nil || m.reg == absent {
		return int32(absent)
	}
	saved := m.reg
	g := m.loc.log(saved)
	g.entries, _ = m.loc.around(g.entries, m, cell)
	m.reg = m.loc.logged(g)
	return int32(saved)
}

// around are the entries that go on while the let at a cell is drawn, and which of the entries they are.
func (l *locator) around(entries []logEntry, m *machine, cell int) (kept []logEntry, which []int) {
	depth := m.depth()
	for i, e := range entries {
		inside := e.depth == depth && int64(cell) >= e.low && int64(cell) < e.high ||
			depth > e.depth && cell >= m.imports()
		e.answers = e.answers && inside
		if e.answers || e.nodes {
			kept, which = append(kept, e), append(which, i)
		}
	}
	return kept, which
}

// imports is how many cells of the rule at hand are its caller's.
func (m *machine) imports() int {
	f := m.k
	for ; f.node != nil; f = f.parent {
		if call, ok := f.node.(*callNode); ok && f.idx == callBody {
			return len(call.imports)
		}
	}
	return int(f.saved)
}

// inner ends what outer started.
func (m *machine) inner(cell int, saved int32) {
	if m.loc != nil && val(saved) != absent {
		m.reg = m.loc.back(m, cell, val(saved), m.reg, true)
	}
}

// back is what was noted before, with what was added to it meanwhile.
func (l *locator) back(m *machine, cell int, saved, now val, read bool) val {
	g, h := l.log(saved), l.log(now)
	_, which := l.around(g.entries, m, cell)
	for k, i := range which {
		if k < len(h.entries) {
			g.entries[i].list = h.entries[k].list
		}
	}
	if read {
		g.read, g.readAt = h.read, h.readAt
	}
	if g.like != absent {
		g.likeAt = h.likeAt
	}
	return l.logged(g)
}

// maxIdle is how many more lets may be drawn within one another than there are ops: a let may be drawn within itself before anything
// is met, without end.
const maxIdle = 4

// use is a use of a let that holds a module: drawn if it isn't yet, else run again.
func (l *locator) use(m *machine, n *moduleNode, arrival val) (node, status) {
	saved := m.reg
	g := l.log(saved)
	if drawn := m.cells[n.cell]; drawn == absent {
		if l.reread += len(g.entries); len(g.entries) > len(l.target.nodes)+maxIdle { // of which hardly one each can build an op
			m.why = failure{span: n.span, text: "lets within lets", soft: true}
			return nil, stFail
		}
		g.entries, _ = l.around(g.entries, m, n.cell)
		g.entries = append(g.entries, logEntry{int64(n.let.low), int64(n.let.high), m.depth(), true, n.let.share, absent})
	} else {
		for i := range g.entries {
			g.entries[i].answers = false
		}
		t := l.tw.vals.at(drawn)
		g.read, g.readAt = t.parts[0], 0
		if n.let.share && g.like == absent {
			g.like, g.likeAt = t.parts[1], 0
		}
	}
	m.push(n, moduleBody, int32(m.cells[n.cell]), int32(saved))
	m.reg = l.logged(g)
	if len(n.params) == 0 {
		m.acc = arrival
		return n.let.body, stNext
	}
	for i, c := range n.params {
		m.cells[c], _ = m.component(arrival, i+1, -1)
	}
	m.acc, _ = m.component(arrival, 0, -1)
	return n.let.body, stNext
}

// used ends a use.
func (l *locator) used(m *machine, n *moduleNode, f *frame) (node, status) {
	for _, c := range n.params {
		m.cells[c] = absent
	}
	saved, now := val(f.saved), l.log(m.reg)
	if val(f.aux) == absent {
		last := now.entries[len(now.entries)-1]
		answers, nodes := l.lists(last.list)
		m.cells[n.cell] = l.tw.vals.intern(value{kind: kindDrawn, s: m.took(n.let), parts: []val{answers, nodes}})
		now.entries = now.entries[:len(now.entries)-1]
		m.reg = l.back(m, n.cell, saved, l.logged(now), true)
		return nil, stDone
	}
	g := l.log(saved)
	for i := range g.entries {
		g.entries[i].list = now.entries[i].list
	}
	if g.like != absent {
		g.likeAt = now.likeAt
	}
	m.reg = l.logged(g)
	return nil, stDone
}
