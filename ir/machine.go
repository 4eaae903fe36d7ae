package ir

import (
	"slices"

	"github.com/spacec-lang/spacec/lang"
)

// The machine gives a space its meaning. A space is a tree of nodes; the machine walks it with
//
//   - acc: what the last node left: the type that flows along a wire, or the value of an expression;
//   - cells: what the current rule has named: wires, drawn lets, parameters (absent: not drawn yet);
//   - reg: inside a let that is drawn once and used often, what its ops have cost so far, else absent; in a call of a
//     recursive rule that is leapt over, or of a vast space, what the call's have (inward);
//   - k: the frames that wait, innermost first.
//
// It runs without asking until a node offers a choice. There its whole situation (node, state, frames)
// is one config, interned, so that whatever is learned about it (can it complete, at what cost) is
// learned once. Solver, walk and samplers all stand on this one machine.
type machine struct {
	sp    *Space
	acc   val
	reg   val
	cells []val
	buf   []val
	args  []val // of expressions under way
	k     *frame
	cost  costs // what ops have cost since the last choice
	fuel  int   // nodes to go before the run is given up
	jump  bool  // calls of recursive rules are taken in one step, from what is known of them (reach.go)
	size  int32 // how many ops there were
	high  int32 // the most rule calls that were around anything at once
	why   failure
	trace *trace    // of the calls of recursive rules; nil but for infinite.go
	rec   *recorder // what ops do where it is found out what a hop does; nil but for hop.go
	loc   *locator  // what ops and lets do where a graph is looked for; nil but for locate_machine.go
}

// failure says why a run could not go on.
type failure struct {
	span lang.Span
	text string
	err  error // its text is made only when someone reads it
	soft bool  // given up, not refuted
}

func (f *failure) String() string {
	if f.err != nil {
		return f.err.Error()
	}
	return f.text
}

type status uint8

const (
	stNext status = iota // enter the node
	stDone               // the node is done; its result is in acc
	stAsk                // the node waits for a choice
	stFail               // the node can't be completed; why says more
)

// node is one construct of a lowered space.
type node interface {
	pos() *nodeInfo
	// enter starts the node; resume goes on after a child, for which it had pushed a frame.
	enter(m *machine) (node, status)
	resume(m *machine, f *frame) (node, status)
}

// asker is a node that offers a choice.
type asker interface {
	node
	// domain is what is on offer in the machine's situation, before feasibility.
	domain(m *machine) *domain
	take(m *machine, option int) (node, status)
}

// nodeInfo is what every node has: its number and where it is written.
type nodeInfo struct {
	id   int32
	span lang.Span
}

func (i *nodeInfo) pos() *nodeInfo { return i }

// frame is one waiting node. Frames are interned: the same situation is the same pointer.
type frame struct {
	parent *frame
	node   node // nil at the bottom
	idx    int32
	aux    int32 // a repetition's count, a let's arrivals: what the node wants to remember
	saved  int32 // a caller's state
	height int32
	calls  int32 // rule calls from the bottom to here
	keeps  bool  // wires are in a state that was saved from the bottom to here
	mult   int64 // how often what is drawn here is built: each(a) on k like tensors; 0 is once
	path   *path
	proc   *proc // at the bottom of a rule that is looked at alone: which rule
}

type frameKey struct {
	parent   *frame
	node     int32
	idx, aux int32
	saved    int32
}

// path is the chain of names that leads to a decision; its hash is the decision's key.
type path struct {
	parent *path
	name   string
	number int32 // of a repetition's turn, from 1; 0 elsewhere
	hash   uint64
}

// String is the names with dots between them; of the root, whose own choice has no other name, "net".
func (p *path) String() string {
	if p.parent == nil {
		return "net"
	}
	return string(p.append(nil))
}

func (p *path) append(b []byte) []byte {
	if p.parent.parent != nil {
		b = append(p.parent.append(b), '.')
	}
	b = append(b, p.name...)
	if p.number > 0 {
		b = append(b, '[')
		b = appendInt(b, int64(p.number))
		b = append(b, ']')
	}
	return b
}

// extend is the path with one more name or number.
func (p *path) extend(name string, number int32) *path {
	return &path{p, name, number, extend(p.hash, name, number)}
}

func extend(h uint64, name string, number int32) uint64 {
	for i := 0; i < len(name); i++ {
		h = (h ^ uint64(name[i])) * 1099511628211
	}
	return mix(h ^ uint64(uint32(number))<<32 ^ 0x9e37)
}

// mix is the finaliser of SplitMix64 (Steele, Lea & Flood 2014).
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// push puts a frame on the stack; its path is the parent's.
func (m *machine) push(n node, idx, aux, saved int32) { m.pushNamed(n, idx, aux, saved, nil) }

// maxMult is where the number of copies stops to be counted: any bound is broken before.
const maxMult = 1 << 40

// spend adds what ops cost, as often as they are built here.
func (m *machine) spend(c *costs) {
	m.cost.addTimes(c, m.k.mult)
}

// step is a name or a number that a frame adds to the path.
type step struct {
	name   string
	number int32
}

func (m *machine) pushNamed(n node, idx, aux, saved int32, s *step) {
	key := frameKey{parent: m.k, node: n.pos().id, idx: idx, aux: aux, saved: saved}
	f := m.sp.frames[key]
	if f == nil {
		f = &frame{parent: m.k, node: n, idx: idx, aux: aux, saved: saved, height: m.k.height + 1, path: m.k.path, mult: m.k.mult}
		if _, each := n.(*eachNode); each && aux > 0 {
			f.mult = min(maxMult, max(1, f.mult)*int64(aux))
		}
		if s != nil && (s.name != "" || s.number > 0) {
			f.path = f.path.extend(s.name, s.number)
		}
		if f.calls = m.k.calls; idx == callBody && isCall(n) {
			f.calls++
		}
		f.keeps = m.k.keeps || m.jump && m.loc == nil && saved != 0 && m.sp.keepsWires(saved)
		m.sp.frames[key] = f
	}
	m.k = f
	m.high = max(m.high, f.calls)
}

func isCall(n node) bool { _, ok := n.(*callNode); return ok }

// pushFrom pushes a frame whose path starts from that of a scope around it, where one is given.
func (m *machine) pushFrom(n node, scope *scopeNode, s *step) {
	key := frameKey{parent: m.k, node: n.pos().id}
	f := m.sp.frames[key]
	if f == nil {
		base := m.k
		for scope != nil && base.node != nil && !scope.is(base.node) {
			base = base.parent
		}
		f = &frame{parent: m.k, node: n, height: m.k.height + 1, calls: m.k.calls, path: base.path, mult: m.k.mult, keeps: m.k.keeps}
		if sc, ok := n.(*scopeNode); ok && sc.rule {
			f.calls++
		}
		if scope != nil && base.node == nil {
			f.path = m.sp.bottom.path // of the file: whatever rule this is in
		}
		if s.name != "" {
			f.path = f.path.extend(s.name, s.number)
		}
		m.sp.frames[key] = f
	}
	m.k = f
	m.high = max(m.high, f.calls)
}

// enterCells starts a rule of n cells, all absent, and returns the caller's state.
func (m *machine) enterCells(n int) int32 {
	saved := m.sp.states.intern(0, 0, m.cells)
	m.resize(n)
	clear(m.cells)
	return saved
}

// resize gives the machine n cells, whatever is in them.
func (m *machine) resize(n int) {
	if cap(m.buf) < n {
		m.buf = make([]val, n, 2*n+8)
	}
	m.cells = m.buf[:n]
}

// load takes up a state.
func (m *machine) load(state int32) {
	var cells []val
	m.acc, m.reg, cells = m.sp.states.at(state)
	m.resize(len(cells))
	copy(m.cells, cells)
}

// maxRun is how many nodes a run may enter between two choices, maxHeight how many frames may wait.
const (
	maxRun    = 1 << 20
	maxHeight = 20_000
)

// run goes on from a node until a choice, a failure or the end.
func (m *machine) run(n node, st status) (node, status) {
	m.fuel = maxRun
	for {
		switch st {
		case stNext:
			if m.fuel--; m.fuel < 0 || m.k.height > maxHeight {
				m.why = failure{n.pos().span, "this nests or goes on beyond the limit of what is explored", nil, true}
				return n, stFail
			}
			n, st = n.enter(m)
		case stDone:
			f := m.k
			if f.node == nil {
				return nil, stDone
			}
			m.k = f.parent
			n, st = f.node.resume(m, f)
		default:
			return n, st
		}
	}
}

func (m *machine) fail(at *nodeInfo, text string) (node, status) {
	m.why = failure{span: at.span, text: text}
	return nil, stFail
}

// states is the table of interned states: acc, reg and the cells of one rule.
type states struct {
	slots []int32 // by hash: a state's number and one, or 0; the next slot where another state stands there. A power of two
	start []int32 // of state i in vals; its end is the next one's start
	vals  []val
}

func newStates() *states { return &states{slots: make([]int32, 256), start: []int32{0}} }

func (s *states) len() int { return len(s.start) - 1 }

func (s *states) intern(acc, reg val, cells []val) int32 {
	mask := uint64(len(s.slots) - 1)
	i := hashState(acc, reg, cells) & mask
	for ; s.slots[i] != 0; i = (i + 1) & mask {
		id := s.slots[i] - 1
		a, r, c := s.at(id)
		if a == acc && r == reg && slices.Equal(c, cells) {
			return id
		}
	}
	s.vals = append(append(s.vals, acc, reg), cells...)
	s.start = append(s.start, int32(len(s.vals)))
	s.slots[i] = int32(s.len())
	if 2*s.len() > len(s.slots) {
		s.spread()
	}
	return int32(s.len() - 1)
}

// spread makes room for more.
func (s *states) spread() {
	s.slots = make([]int32, 4*len(s.slots))
	mask := uint64(len(s.slots) - 1)
	for id := range int32(s.len()) {
		i := hashState(s.at(id)) & mask
		for s.slots[i] != 0 {
			i = (i + 1) & mask
		}
		s.slots[i] = id + 1
	}
}

func hashState(acc, reg val, cells []val) uint64 {
	h := uint64(uint32(acc)) | uint64(uint32(reg))<<32
	for _, c := range cells {
		h = (h ^ h>>29 ^ uint64(uint32(c))) * 0x9e3779b97f4a7c15
	}
	return mix(h)
}

func (s *states) at(id int32) (acc, reg val, cells []val) {
	v := s.vals[s.start[id]:s.start[id+1]]
	return v[0], v[1], v[2:]
}
