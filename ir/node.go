package ir

import (
	"fmt"
	"strconv"

	"github.com/spacec-lang/spacec/lang"
)

func appendInt(b []byte, i int64) []byte { return strconv.AppendInt(b, i, 10) }

// constNode leaves a value.
type constNode struct {
	nodeInfo
	v val
}

func (n *constNode) enter(m *machine) (node, status) {
	m.acc = n.v
	return nil, stDone
}
func (n *constNode) resume(*machine, *frame) (node, status) { panic("unreachable") }

// readNode leaves the content of a cell: a named wire.
type readNode struct {
	nodeInfo
	cell int
	name string // where it isn't the text that stands there
}

func (n *readNode) enter(m *machine) (node, status) {
	m.acc = m.bare(m.cells[n.cell])
	return nil, stDone
}
func (n *readNode) resume(*machine, *frame) (node, status) { panic("unreachable") }

// storeNode names what arrives; several cells take a tuple apart.
type storeNode struct {
	nodeInfo
	cells []int
	names []string // empty for the "in" of a scope
}

func (n *storeNode) enter(m *machine) (node, status) {
	if len(n.cells) == 1 {
		m.cells[n.cells[0]] = m.acc
		return nil, stDone
	}
	for i, c := range n.cells {
		part, ok := m.component(m.acc, i, len(n.cells))
		if !ok {
			return m.fail(&n.nodeInfo, fmt.Sprintf("%d names for %s", len(n.cells), m.sp.vals.describe(m.acc)))
		}
		m.cells[c] = part
	}
	return nil, stDone
}
func (n *storeNode) resume(*machine, *frame) (node, status) { panic("unreachable") }

// seqNode runs its items one after the other.
type seqNode struct {
	nodeInfo
	items []node
	join  string // the operator, where this is a + b
}

func (n *seqNode) enter(m *machine) (node, status) { return n.item(m, 0) }
func (n *seqNode) resume(m *machine, f *frame) (node, status) {
	return n.item(m, int(f.idx)+1)
}
func (n *seqNode) item(m *machine, i int) (node, status) {
	if i < len(n.items)-1 {
		m.push(n, int32(i), 0, 0)
	}
	if _, names := n.items[i].(*storeNode); !names {
		m.acc = m.bare(m.acc)
	}
	return n.items[i], stNext
}

// labelNode adds a name to the paths of the decisions within. The label of a let or a parameter starts
// from the path of the scope that declares it, wherever its first use stands.
type labelNode struct {
	nodeInfo
	step  step
	body  node
	scope *scopeNode // nil: from where it stands
}

func (n *labelNode) enter(m *machine) (node, status) {
	m.pushFrom(n, n.scope, &n.step)
	return n.body, stNext
}
func (n *labelNode) resume(*machine, *frame) (node, status) { return nil, stDone }

// scopeNode is a block or an inlined rule: names declared in it are forgotten at its end.
type scopeNode struct {
	nodeInfo
	block bool // { ... } as written
	rule  bool // counts as a rule for nesting
	step  step // of a rule; no name for a block
	in    int  // the cell for what arrives, -1 where nothing asks for it
	cells []int
	body  node
}

func (n *scopeNode) enter(m *machine) (node, status) {
	if n.in >= 0 {
		m.cells[n.in] = m.acc
	}
	m.pushFrom(n, nil, &n.step)
	return n.body, stNext
}

func (n *scopeNode) resume(m *machine, _ *frame) (node, status) {
	for _, c := range n.cells {
		if v := m.cells[c]; v != absent && m.laned(v) { // a lane that doesn't fit a wire is given up, whether the wire is read or not
			m.acc = m.lift([]val{m.acc, v}, func(p []val) val { return p[0] })
		}
		m.cells[c] = absent
	}
	return nil, stDone
}

// nestingNode is "nesting": the number of enclosing rule calls.
type nestingNode struct{ nodeInfo }

func (n *nestingNode) enter(m *machine) (node, status) {
	m.acc, _ = m.simple(n)
	return nil, stDone
}
func (n *nestingNode) resume(*machine, *frame) (node, status) { panic("unreachable") }

// nesting counts the rule calls on the stack; at the bottom of a list of reach.go stands how many more there
// are around.
func (m *machine) nesting() int32 {
	depth, f := int32(0), m.k
	for ; f.node != nil; f = f.parent {
		switch n := f.node.(type) {
		case *callNode:
			depth++
		case *scopeNode:
			if n.rule {
				depth++
			}
		}
	}
	return depth + f.aux
}

// callNode enters a rule: a procedure with cells of its own. Some of them are the caller's (imports: lets
// of the file), some are given values at the call.
type callNode struct {
	nodeInfo
	step    step
	proc    *proc
	imports []int  // cell i of the rule is cell imports[i] of the caller
	args    []node // values for the cells after the imports
	tmp     []int
	keep    int
	leap    *leapNode
}

// proc is a rule made ready for one set of arguments.
type proc struct {
	name      string
	span      lang.Span
	cells     int
	top       *scopeNode // the scope of the rule's parameters
	body      node
	least     int
	recursive bool  // it is leapt over (cut.go)
	height    int32 // calls of recursive rules nested in its lowest derivation by written form, itself counted
	imports   int
}

// is tells whether a node on the stack is the scope: itself, or the call of the rule whose scope it is.
func (n *scopeNode) is(other node) bool {
	call, ok := other.(*callNode)
	return ok && call.proc.top == n || other == node(n)
}

func (n *callNode) enter(m *machine) (node, status) {
	if len(n.args) == 0 {
		return n.call(m)
	}
	m.cells[n.keep] = m.acc
	return n.arg(m, 0)
}

func (n *callNode) arg(m *machine, i int) (node, status) {
	m.acc = m.cells[n.keep]
	if i == len(n.args) {
		m.cells[n.keep] = absent
		return n.call(m)
	}
	m.push(n, int32(i), 0, 0)
	return n.args[i], stNext
}

const callBody = -1 // idx of the frame around a rule's body; arguments are 0, 1, ...

func (n *callNode) call(m *machine) (node, status) {
	if m.jump && n.proc.recursive {
		return n.leap, stAsk
	}
	var few [8]val
	given := n.given(m, few[:0])
	at := int32(0)
	if m.sp.vast && n.proc.recursive {
		at = m.sp.states.intern(m.acc, m.reg, m.cells) // for vast.go
		m.reg = m.inward()
	}
	for _, c := range n.tmp {
		m.cells[c] = absent
	}
	saved := m.enterCells(n.proc.cells)
	copy(m.cells, given)
	m.pushNamed(n, callBody, at, saved, &n.step)
	if m.trace != nil && n.proc.recursive {
		m.trace.enter(m, n.proc, given)
	}
	return n.proc.body, stNext
}

// given are the cells that a rule starts with: imports and arguments.
func (n *callNode) given(m *machine, given []val) []val {
	for _, c := range n.imports {
		given = append(given, m.cells[c])
	}
	for _, c := range n.tmp {
		given = append(given, m.cells[c])
	}
	return given
}

func (n *callNode) resume(m *machine, f *frame) (node, status) {
	if f.idx >= 0 {
		m.cells[n.tmp[f.idx]] = m.acc
		return n.arg(m, int(f.idx)+1)
	}
	var few [8]val
	imported := append(few[:0], m.cells[:len(n.imports)]...)
	if m.trace != nil && n.proc.recursive {
		m.trace.leave(m, imported)
	}
	acc, reg := m.acc, m.reg
	m.load(f.saved)
	m.acc, m.reg = acc, reg
	for i, c := range n.imports {
		m.cells[c] = imported[i]
	}
	if f.aux == 0 {
		return nil, stDone
	}
	_, before, _ := m.sp.states.at(f.aux)
	return m.outward(&n.nodeInfo, before)
}

// parNode applies one module to each tensor of a tuple; in is a cell for the tuple, out cells for results.
type parNode struct {
	nodeInfo
	items []node
	in    int
	out   []int
	fork  bool // the same tensor for each: a + b
}

func (n *parNode) enter(m *machine) (node, status) {
	m.cells[n.in] = m.acc
	return n.item(m, 0)
}

func (n *parNode) item(m *machine, i int) (node, status) {
	part, ok := m.cells[n.in], true
	if !n.fork {
		part, ok = m.component(part, i, len(n.items))
	}
	if !ok {
		return m.fail(&n.nodeInfo, fmt.Sprintf("%d modules in parallel need a tuple of %d; %s arrives",
			len(n.items), len(n.items), m.sp.vals.describe(m.cells[n.in])))
	}
	m.push(n, int32(i), 0, 0)
	m.acc = part
	return n.items[i], stNext
}

func (n *parNode) resume(m *machine, f *frame) (node, status) {
	m.cells[n.out[f.idx]] = m.acc
	if i := int(f.idx) + 1; i < len(n.items) {
		return n.item(m, i)
	}
	m.cells[n.in] = absent
	return m.gather(&n.nodeInfo, n.out)
}

// gatherNode runs its items for what they leave and makes a tuple of it: wires or values.
type gatherNode struct {
	nodeInfo
	items []node
	out   []int
}

func (n *gatherNode) enter(m *machine) (node, status) {
	m.push(n, 0, 0, 0)
	return n.items[0], stNext
}

func (n *gatherNode) resume(m *machine, f *frame) (node, status) {
	m.cells[n.out[f.idx]] = m.acc
	if i := f.idx + 1; int(i) < len(n.items) {
		m.push(n, i, 0, 0)
		return n.items[i], stNext
	}
	return m.gather(&n.nodeInfo, n.out)
}

// gather makes a tuple of cells, in acc, and clears them. A tuple of wires holds no tuple.
func (m *machine) gather(at *nodeInfo, cells []int) (node, status) {
	from := len(m.args)
	for _, c := range cells {
		m.args = append(m.args, m.cells[c])
		m.cells[c] = absent
	}
	m.acc = m.lift(m.args[from:], m.flat)
	m.args = m.args[:from]
	if m.lane0(m.acc) == bottom {
		return m.fail(at, "a tuple can't hold a tuple: join its parts first, or take it apart")
	}
	return nil, stDone
}

// flat is a tuple of parts that are none themselves.
func (m *machine) flat(parts []val) val {
	for i, p := range parts {
		parts[i] = m.bare(p)
		if m.sp.ofWires(m.sp.vals.at(p)) {
			return bottom
		}
	}
	return m.sp.vals.tuple(parts)
}

// repeatNode runs its body count times, each draw afresh.
type repeatNode struct {
	nodeInfo
	count   node
	body    node
	keep    int    // a cell for what arrives while the count is drawn
	name    string // the path's name of a turn
	atLeast int    // the least count, as far as it is known without drawing
}

// maxRepeat is the largest count of a repetition.
const maxRepeat = 1_000

func (n *repeatNode) enter(m *machine) (node, status) {
	if c, ok := m.simple(n.count); ok {
		return n.start(m, c)
	}
	m.cells[n.keep] = m.acc
	m.push(n, -1, 0, 0)
	return n.count, stNext
}

func (n *repeatNode) start(m *machine, count val) (node, status) {
	count = m.only(count)
	v := m.sp.vals.at(count)
	if v.kind != kindInt || v.i < 0 || v.i > maxRepeat {
		return m.fail(&n.nodeInfo, fmt.Sprintf("a repetition needs a count of 0 to %d, not %s", maxRepeat, m.sp.vals.describe(count)))
	}
	return n.turn(m, 0, int32(v.i))
}

func (n *repeatNode) turn(m *machine, i, count int32) (node, status) {
	if i == count {
		return nil, stDone
	}
	m.acc = m.bare(m.acc)
	m.pushNamed(n, i, count, 0, &step{n.name, i + 1})
	return n.body, stNext
}

func (n *repeatNode) resume(m *machine, f *frame) (node, status) {
	if f.idx < 0 {
		count := m.acc
		m.acc, m.cells[n.keep] = m.cells[n.keep], absent
		return n.start(m, count)
	}
	return n.turn(m, f.idx+1, f.aux)
}

// requireNode fails unless its condition holds. A condition on a let that was never drawn holds.
type requireNode struct {
	nodeInfo
	cond node
}

func (n *requireNode) enter(m *machine) (node, status) {
	v, ok := m.simple(n.cond)
	if !ok || v == valTrue || m.sp.flat {
		return nil, stDone
	}
	if m.lane0(v) == bottom { // m.why says why it has no value
		return nil, stFail
	}
	if m.sp.vals.at(v).kind == kindLanes {
		m.acc = m.lift([]val{m.acc, v}, func(p []val) val {
			if p[1] == valTrue {
				return p[0]
			}
			return bottom
		})
		if m.lane0(m.acc) != bottom {
			return nil, stDone
		}
	}
	return m.fail(&n.nodeInfo, "this requirement does not hold: "+n.span.Text())
}
func (n *requireNode) resume(*machine, *frame) (node, status) { panic("unreachable") }

// condNode is "if c then x else y" over values.
type condNode struct {
	nodeInfo
	cond, then, otherwise node
}

func (n *condNode) enter(m *machine) (node, status) {
	if c, ok := m.simple(n.cond); ok {
		return n.branch(m, c)
	}
	m.push(n, 0, 0, 0)
	return n.cond, stNext
}
func (n *condNode) resume(m *machine, _ *frame) (node, status) { return n.branch(m, m.acc) }
func (n *condNode) branch(m *machine, c val) (node, status) {
	switch m.only(c) {
	case valTrue:
		return n.then, stNext
	case valFalse:
		return n.otherwise, stNext
	}
	return m.fail(&n.nodeInfo, "a condition has to be true or false, not "+m.sp.vals.describe(c))
}
