package ir

import (
	"fmt"
	"math"
)

// useNode is a use of a let that holds a value: drawn at its first use, read from its cell after.
type useNode struct {
	nodeInfo
	cell int
	let  *let
}

// let is a name whose definition is drawn once in its scope.
type let struct {
	name      string
	body      node // under its label
	share     bool
	id        int32
	low, high int        // the cells that only its definition uses
	home      *scopeNode // the scope that declares it
	tag       int        // a cell for the alternative that it draws, where an "is" asks for it; else -1
}

func (n *useNode) enter(m *machine) (node, status) {
	if v := m.cells[n.cell]; v != absent {
		m.acc = v
		return nil, stDone
	}
	m.push(n, 0, 0, m.outer(n.cell))
	return n.let.body, stNext
}

func (n *useNode) resume(m *machine, f *frame) (node, status) {
	m.inner(n.cell, f.saved)
	m.cells[n.cell] = m.acc
	return nil, stDone
}

// forceNode draws lets before something that has to know them (a guard), and passes on what arrives.
type forceNode struct {
	nodeInfo
	uses []node
	keep int
}

func (n *forceNode) enter(m *machine) (node, status) {
	m.cells[n.keep] = m.acc
	return n.next(m, 0)
}
func (n *forceNode) resume(m *machine, f *frame) (node, status) { return n.next(m, int(f.idx)+1) }
func (n *forceNode) next(m *machine, i int) (node, status) {
	m.acc = m.cells[n.keep]
	if i == len(n.uses) {
		m.cells[n.keep] = absent
		return nil, stDone
	}
	m.push(n, int32(i), 0, 0)
	return n.uses[i], stNext
}

// moduleNode is a use of a let that holds a module. The first use draws it, for all arrivals that any
// use is known to meet (lanes.go); what the draw does to each is its table, which later uses look up.
type moduleNode struct {
	nodeInfo
	cell   int
	let    *let
	args   []node // parallel to the let's parameters
	params []int  // their cells
	keep   int
	tmp    []int
}

func (n *moduleNode) enter(m *machine) (node, status) {
	if len(n.args) == 0 {
		return n.arrive(m, m.acc)
	}
	m.cells[n.keep] = m.acc
	return n.arg(m, 0)
}

// rowSize is how many values the row of a let's table has: arrival, leaving, cost and class.
const rowSize = 4

const moduleBody = -1 // idx of the frame around a let's body; arguments are 0, 1, ...

func (n *moduleNode) arg(m *machine, i int) (node, status) {
	m.acc = m.cells[n.keep]
	if i == len(n.args) {
		parts := make([]val, 0, len(n.args)+1)
		parts = append(parts, m.acc)
		for _, t := range n.tmp {
			parts = append(parts, m.cells[t])
			m.cells[t] = absent
		}
		m.cells[n.keep] = absent
		return n.arrive(m, m.lift(parts, m.sp.vals.tuple))
	}
	m.push(n, int32(i), 0, 0)
	return n.args[i], stNext
}

func (n *moduleNode) arrive(m *machine, arrival val) (node, status) {
	if m.loc != nil {
		return m.loc.use(m, n, arrival)
	}
	if m.rec != nil && m.sp.hasOpaque(arrival) {
		return m.fail(&n.nodeInfo, "a let is solved for what arrives")
	}
	if table := m.cells[n.cell]; table != absent && !m.sp.fresh {
		return n.look(m, table, arrival, false)
	}
	return n.draw(m, arrival)
}

// draw goes into the let's body, with all arrivals that are known to come with this one.
func (n *moduleNode) draw(m *machine, arrival val) (node, status) {
	d := m.sp.arrivals(n.let.id, arrival)
	m.push(n, moduleBody, d, m.sp.states.intern(arrival, m.reg, nil))
	if m.sp.counts {
		m.reg = m.sp.vals.costs(costs{})
	}
	all := m.sp.vals.lanes(m.sp.lets[d].list)
	if len(n.params) == 0 {
		m.acc = all
		return n.let.body, stNext
	}
	for i, c := range n.params {
		m.cells[c], _ = m.component(all, i+1, -1)
	}
	m.acc, _ = m.component(all, 0, -1)
	return n.let.body, stNext
}

func (n *moduleNode) resume(m *machine, f *frame) (node, status) {
	if f.idx >= 0 {
		m.cells[n.tmp[f.idx]] = m.acc
		return n.arg(m, int(f.idx)+1)
	}
	if m.loc != nil {
		return m.loc.used(m, n, f)
	}
	for _, c := range n.params {
		m.cells[c] = absent
	}
	list := m.sp.lets[f.aux].list
	out := m.sp.vals.at(m.acc)
	cost := m.sp.vals.at(m.reg)
	parts := make([]val, 0, rowSize*len(list))
	for j, arrival := range list {
		leaving, class := out.lane(j, m.acc), m.sp.vals.class(m.acc, j)
		if n.let.share && class != m.sp.vals.class(m.acc, 0) {
			leaving = bottom
		}
		parts = append(parts, arrival, leaving, cost.lane(j, m.reg), class)
	}
	table := m.sp.vals.intern(value{kind: kindTable, i: int64(f.aux), s: m.took(n.let), parts: parts})
	if m.cells[n.cell] == absent || m.sp.fresh {
		m.cells[n.cell] = table
	}
	var arrival val
	arrival, m.reg, _ = m.sp.states.at(f.saved)
	return n.look(m, table, arrival, true)
}

// took is the name of the alternative that a let has just drawn, where an "is" asks for it.
func (m *machine) took(l *let) string {
	if l.tag < 0 {
		return ""
	}
	v := m.cells[l.tag]
	m.cells[l.tag] = absent
	return m.sp.vals.at(v).s
}

// look is a use of a drawn let: what it does to each arrival, and what that costs, stands in its table.
// An arrival that the table doesn't know is noted, and everything is solved anew with it; until then the let is drawn once
// more for it, which shows what arrives further on. The first use has been paid for while it was drawn.
func (n *moduleNode) look(m *machine, table, arrival val, first bool) (node, status) {
	t := m.sp.vals.at(table)
	if t.kind != kindTable {
		return m.fail(&n.nodeInfo, "nothing is known of this let")
	}
	row := func(a val) []val {
		for i := 0; i < len(t.parts); i += rowSize {
			if t.parts[i] == a {
				return t.parts[i : i+rowSize]
			}
		}
		return nil
	}
	out := m.lift([]val{arrival}, func(p []val) val {
		if r := row(p[0]); r != nil {
			return r[1]
		}
		m.sp.grow(int32(t.i), p[0])
		return bottom
	})
	at := m.lane0(arrival)
	if row(at) == nil && m.sp.grown && !m.sp.recursive {
		return n.draw(m, at)
	}
	if m.lane0(out) == bottom {
		return m.fail(&n.nodeInfo, fmt.Sprintf("what '%s' was drawn as does not fit %s", n.let.name, m.sp.vals.describe(at)))
	}
	if m.sp.sharing {
		out = m.parted(out, m.lift([]val{arrival}, func(p []val) val {
			if r := row(p[0]); r != nil {
				return r[3]
			}
			return bottom
		}))
	}
	m.acc = out
	if m.sp.counts {
		spent := m.lift([]val{arrival}, func(p []val) val {
			if r := row(p[0]); r != nil {
				return r[2]
			}
			return bottom
		})
		if n.let.share && !first {
			spent = m.lift([]val{spent}, func(p []val) val {
				c := m.sp.vals.costsOf(p[0])
				c[costParams] = 0
				return m.sp.vals.costs(c)
			})
		}
		if !first {
			c := m.sp.vals.costsOf(m.lane0(spent))
			m.spend(&c)
		}
		if !m.charge(spent) {
			return m.fail(&n.nodeInfo, fmt.Sprintf("what '%s' was drawn as costs more than is required", n.let.name))
		}
	}
	return nil, stDone
}

// charge adds to what the let that is being drawn has cost so far, lane by lane, as far as bounds ask for it. It is false
// where that is more than an upper bound; a further lane in which it is is given up.
func (m *machine) charge(spent val) bool {
	if m.reg == absent {
		return true
	}
	m.reg = m.lift([]val{m.reg, spent}, func(p []val) val {
		c, d := m.sp.vals.costsOf(p[0]), m.sp.vals.costsOf(p[1])
		c.add(&d)
		var kept costs
		for i := range m.sp.bounds {
			b := &m.sp.bounds[i]
			if kept[b.dim] = c[b.dim]; c[b.dim] > b.hi && b.dim != costLayers { // which are too many where some stand side by side
				return bottom
			} else if b.hi == math.MaxInt64 {
				kept[b.dim] = min(c[b.dim], b.lo) // enough is enough
			}
		}
		if m.sp.whole {
			kept = c
		}
		return m.sp.vals.costs(kept)
	})
	m.acc = m.lift([]val{m.acc, m.reg}, func(p []val) val { return p[0] })
	return m.lane0(m.reg) != bottom
}

// inward is what a let that is being drawn has cost so far as a recursive rule sees it that is called in it: nothing, so that
// what is learned of the rule holds whatever has been spent before.
func (m *machine) inward() val {
	if m.reg == absent || m.loc != nil {
		return m.reg
	}
	return m.sp.vals.costs(costs{})
}

// outward adds what such a let had cost before a call to what the call has.
func (m *machine) outward(at *nodeInfo, before val) (node, status) {
	if before == absent || m.loc != nil {
		return nil, stDone
	}
	within := m.reg
	if m.reg = before; !m.charge(within) {
		return m.fail(at, "what is drawn here costs more than is required")
	}
	return nil, stDone
}
