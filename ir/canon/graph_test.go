package canon_test

import (
	"fmt"
	"testing"

	"github.com/spacec-lang/spacec/ir/canon"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/stdlib"
)

// net builds a graph op by op.
type net struct {
	t      testing.TB
	g      op.Graph
	shapes []op.Shape // of the wires
}

func newNet(t testing.TB, inputs ...op.Shape) *net {
	n := &net{t: t}
	for i, s := range inputs {
		n.g.Inputs = append(n.g.Inputs, op.Port{Name: fmt.Sprintf("x%d", i), Shape: s})
	}
	n.g.Wires, n.shapes = len(inputs), inputs
	return n
}

func bind(t testing.TB, name string, args ...any) op.Args {
	t.Helper()
	named := map[string]any{}
	var positional []any
	for _, a := range args {
		if m, ok := a.(map[string]any); ok {
			named = m
			continue
		}
		positional = append(positional, a)
	}
	spec := stdlib.Library().Lookup(name)
	if spec == nil {
		t.Fatalf("no op %s", name)
	}
	a, err := op.Bind(spec, positional, named)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// all adds an op and returns the wires that it makes.
func (n *net) all(share int, args op.Args, in ...op.Wire) []op.Wire {
	n.t.Helper()
	var shapes []op.Shape
	for _, w := range in {
		shapes = append(shapes, n.shapes[w])
	}
	r, err := op.Infer(args, shapes)
	if err != nil {
		n.t.Fatal(err)
	}
	node := op.Node{Args: args, In: in, Shapes: r.Out, Share: share, Path: fmt.Sprintf("n%d", len(n.g.Nodes))}
	for _, s := range r.Out {
		node.Out = append(node.Out, op.Wire(n.g.Wires))
		n.shapes = append(n.shapes, s)
		n.g.Wires++
	}
	n.g.Nodes = append(n.g.Nodes, node)
	return node.Out
}

// op adds an op of one output.
func (n *net) op(args op.Args, in ...op.Wire) op.Wire {
	n.t.Helper()
	return n.all(0, args, in...)[0]
}

// do adds an op without arguments.
func (n *net) do(name string, in ...op.Wire) op.Wire {
	n.t.Helper()
	return n.op(bind(n.t, name), in...)
}

// out ends the graph.
func (n *net) out(ws ...op.Wire) *op.Graph {
	for i, w := range ws {
		n.g.Outputs = append(n.g.Outputs, w)
		n.g.OutPort = append(n.g.OutPort, op.Port{Name: fmt.Sprintf("y%d", i), Shape: n.shapes[w]})
	}
	return &n.g
}

func image(c int) op.Shape {
	return op.Shape{{Name: "c", Size: c}, {Name: "h", Size: 8}, {Name: "w", Size: 8}}
}

func hash(t testing.TB, g *op.Graph) canon.Form {
	t.Helper()
	f, err := canon.Hash(g)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
