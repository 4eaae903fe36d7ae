package ir

// each(a) on like tensors, in a space whose types can't be listed. What a was drawn as would have to be noted answer by answer while
// it is drawn (locate_let.go), and every way to draw it would be another situation: in a recursive rule there is no end of them. So
// the first tensor's turn is a call like that of a rule, known by where it is entered and left; of the ways between, which all
// build the same on the first tensor and so on the others, one is run again on these.

// eachCall asks, in place of the first turn of each, for a way through it.
type eachCall struct {
	nodeInfo
	use  *moduleNode
	body *proc
}

func (n *eachCall) enter(*machine) (node, status)          { return n, stAsk }
func (n *eachCall) resume(*machine, *frame) (node, status) { panic("unreachable") }
func (n *eachCall) domain(*machine) *domain                { return &domain{} }
func (n *eachCall) take(*machine, int) (node, status)      { panic("unreachable") }

// firstTurn is the first turn of each as a call; nil where it is drawn as any let is.
func (l *locator) firstTurn(m *machine, n *eachNode) *eachCall {
	use, ok := n.use.(*moduleNode)
	if !ok || !l.sp.vast || m.reg != absent || m.cells[use.cell] != absent || !l.alike(m.acc) {
		return nil
	}
	call := l.turns[n]
	if call == nil {
		body := &proc{name: use.let.name, span: n.span, cells: len(m.cells), body: use.let.body, imports: len(m.cells)}
		call = &eachCall{n.nodeInfo, use, body}
		l.turns[n] = call
	}
	return call
}

// alike tells whether several tensors have one shape.
func (l *locator) alike(v val) bool {
	t := l.tw.vals.at(v)
	if t.kind != kindTuple {
		return false
	}
	for _, p := range t.parts {
		if l.shapeOf(p) != l.shapeOf(t.parts[0]) {
			return false
		}
	}
	return true
}

// enterEach makes a spot wait for the first turn of each. It sees all cells of the rule around.
func (p *parse) enterEach(s *parseSpot, each *eachCall) {
	m := &p.l.m
	key := reachKey{each.body, m.sp.states.intern(m.acc, m.reg, m.cells), 0}
	if m.sp.nests {
		key.depth = m.nesting()
	}
	p.wait(s, key)
}

// leaveEach ends the first turn: the let is drawn as one of the ways through it.
func (p *parse) leaveEach(each *eachCall, task parseTask) {
	m := &p.l.m
	acc, reg, cells := m.sp.states.at(task.via.state)
	m.acc, m.reg = acc, reg
	copy(m.cells, cells)
	answers := p.l.tw.vals.intern(value{kind: kindList, parts: p.answers(nil, task.callee, task.via)})
	none := p.l.tw.vals.intern(value{kind: kindList})
	m.cells[each.use.cell] = p.l.tw.vals.intern(value{kind: kindDrawn, s: m.took(each.use.let), parts: []val{answers, none}})
}

// answers adds those of the way in which an exit was found first.
func (p *parse) answers(list []val, call *parseCall, exit parseExit) []val {
	var way []*parseEdge
	for at := call.first[exit]; at.spot != nil; at = at.spot.first {
		way = append(way, &at.spot.edges[at.edge])
	}
	for i := len(way) - 1; i >= 0; i-- {
		switch e := way[i]; {
		case e.callee != nil:
			list = p.answers(list, e.callee, e.via)
		case e.option >= 0:
			list = append(list, p.l.tw.vals.intern(value{kind: kindAnswer, i: int64(e.option), f: e.real, g: -1, parts: []val{absent}}))
		}
	}
	return list
}
