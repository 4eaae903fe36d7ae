package ir

// eachNode applies one module, a let drawn once, to every tensor of a tuple.
type eachNode struct {
	nodeInfo
	use     node
	in, out int
}

func (n *eachNode) enter(m *machine) (node, status) {
	if use, ok := n.use.(*moduleNode); ok && m.sp.vast && m.reg == absent {
		if k := alike(m.sp.vals.at(m.acc)); k > 1 { // all in one, since what is drawn does the same to each
			m.acc = m.sp.vals.at(m.acc).parts[0]
			m.push(n, 0, k, 0)
			return use.let.body, stNext
		}
	}
	m.cells[n.in], m.cells[n.out] = m.acc, absent
	if m.loc != nil {
		if call := m.loc.firstTurn(m, n); call != nil {
			m.push(n, 0, 0, 0)
			m.acc, _ = m.component(m.acc, 0, -1)
			return call, stAsk
		}
	}
	return n.turn(m, 0)
}

// alike is how many tensors a tuple has, if they are all alike; else 0.
func alike(v *value) int32 {
	if v.kind != kindTuple {
		return 0
	}
	for _, p := range v.parts {
		if p != v.parts[0] {
			return 0
		}
	}
	return int32(len(v.parts))
}

func (n *eachNode) turn(m *machine, i int) (node, status) {
	part, ok := m.component(m.cells[n.in], i, -1)
	if !ok {
		if i > 0 {
			m.acc = m.cells[n.out]
			m.cells[n.in], m.cells[n.out] = absent, absent
			return nil, stDone
		}
		return m.fail(&n.nodeInfo, "each needs a tuple of tensors; "+m.sp.vals.describe(m.acc)+" arrives")
	}
	m.push(n, int32(i), 0, 0)
	m.acc = part
	return n.use, stNext
}

func (n *eachNode) resume(m *machine, f *frame) (node, status) {
	if m.sp.vals.at(m.lane0(m.acc)).kind == kindTuple {
		return m.fail(&n.nodeInfo, "each applies a module that leaves one tensor; this one leaves "+m.sp.vals.describe(m.lane0(m.acc)))
	}
	m.acc = m.bare(m.acc)
	if f.aux > 0 {
		from := len(m.args)
		for range f.aux {
			m.args = append(m.args, m.acc)
		}
		m.acc = m.lift(m.args[from:], m.sp.vals.tuple)
		m.args = m.args[:from]
		return nil, stDone
	}
	if f.idx == 0 {
		m.cells[n.out] = m.acc
	} else {
		m.cells[n.out] = m.lift([]val{m.cells[n.out], m.acc}, func(p []val) val {
			if f.idx == 1 {
				return m.sp.vals.tuple(p)
			}
			return m.sp.vals.tuple(append(append([]val(nil), m.sp.vals.at(p[0]).parts...), p[1]))
		})
	}
	return n.turn(m, int(f.idx)+1)
}
