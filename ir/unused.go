package ir

import (
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/lang"
	"github.com/spacec-lang/spacec/lang/diag"
)

// unused(h1, h2, ...) is the loose ends of a block: the tuple of those wires that nothing before it has read. A wire
// that such a call lists has a cell beside its own, a mark, which each read of the wire sets. As a value the call tells whether
// there are any.

// markNode reads a wire and marks it.
type markNode struct {
	nodeInfo
	read *readNode
	mark int
}

func (n *markNode) enter(m *machine) (node, status) {
	m.cells[n.mark] = valTrue
	return n.read, stNext
}
func (n *markNode) resume(*machine, *frame) (node, status) { panic("unreachable") }

// unusedNode leaves the wires without a mark.
type unusedNode struct {
	nodeInfo
	wires []*binding
}

func (n *unusedNode) enter(m *machine) (node, status) {
	var parts []val
	for _, b := range n.wires {
		if m.cells[b.mark] == absent {
			parts = append(parts, m.cells[b.cell])
		}
	}
	if len(parts) == 0 {
		return m.fail(&n.nodeInfo, "each of these wires has been read: none is left")
	}
	m.acc = m.lift(parts, m.flat)
	if m.lane0(m.acc) == bottom {
		return m.fail(&n.nodeInfo, "a tuple can't hold a tuple: join its parts first, or take it apart")
	}
	return nil, stDone
}
func (n *unusedNode) resume(*machine, *frame) (node, status) { panic("unreachable") }

// build makes the tuple of real wires; its text lists them.
func (n *unusedNode) build(x *builder) made {
	out := made{wires: []op.Wire{}}
	var names []string
	for _, b := range n.wires {
		if !x.frame.cells[b.mark].set {
			out.wires = append(out.wires, x.frame.cells[b.cell].m.wires...)
			names = append(names, b.name)
		}
	}
	out.tuple = len(out.wires) > 1
	out.text = text{s: strings.Join(names, ", "), prec: 3, chosen: true, wire: true}
	if len(names) > 1 {
		out.text.s = "(" + out.text.s + ")"
	}
	return out
}

// looseNode tells whether one of the wires is without a mark.
type looseNode struct {
	nodeInfo
	wires []*binding
}

func (n *looseNode) enter(m *machine) (node, status) {
	m.acc, _ = m.simple(n)
	return nil, stDone
}
func (n *looseNode) resume(*machine, *frame) (node, status) { panic("unreachable") }

func (n *looseNode) value(marked func(mark int) bool) val {
	for _, b := range n.wires {
		if !marked(b.mark) {
			return valTrue
		}
	}
	return valFalse
}

// unused lowers a call, to a tuple of wires or to a value.
func (l *lowerer) unused(e lang.Expr, args []lang.Arg, s *scope, want expKind) node {
	var wires []*binding
	for _, a := range args {
		x, ok := a.Value.(*lang.Name)
		var b *binding
		if ok {
			b = s.find(x.Name)
		}
		if b == nil || !b.marked || a.Name != nil {
			return l.bad(diag.Arguments, a, "unused takes wires that the block around names: unused(h1, h2)")
		}
		wires = append(wires, b)
	}
	if len(args) == 0 {
		return l.bad(diag.Arguments, e, "unused takes the wires to choose from: unused(h1, h2)")
	}
	if want == isValue {
		return &looseNode{l.info(e.Pos()), wires}
	}
	return &unusedNode{l.info(e.Pos()), wires}
}

// asksUnused tells whether an expression is a call of unused, which is a wire and, where a value is needed, a value.
func asksUnused(e lang.Expr) bool {
	c, ok := e.(*lang.Call)
	return ok && c.Fun.Name == "unused"
}

// looseEnds are the names that calls of unused list in a block.
func looseEnds(e *lang.Block) map[string]bool {
	names := map[string]bool{}
	lang.Walk(e, func(n lang.Node) bool {
		if c, ok := n.(*lang.Call); ok && c.Fun.Name == "unused" {
			for _, a := range c.Args {
				eachName(a, func(name string) { names[name] = true })
			}
		}
		return true
	})
	return names
}
