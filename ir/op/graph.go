package op

import (
	"fmt"

	"github.com/spacec-lang/spacec/lang"
)

// Graph is what a point builds: ops wired together, in an order in which every wire is made before it
// is used. Backends, costs and structural identity all start from it.
type Graph struct {
	Inputs  []Port
	Nodes   []Node
	Outputs []Wire // one for each declared output
	OutPort []Port // the declared outputs
	Wires   int    // wires are numbered 0 .. Wires-1; wire i of Inputs is i
}

// Port is a declared input or output.
type Port struct {
	Name  string
	Shape Shape
}

// Wire numbers a tensor of a graph.
type Wire int

// Names are the nodes' names: the op and its number among the nodes of that op, "conv1", "conv2", "dense1". They
// depend on nothing but the ops, so that a point and the file that it is printed to have the same, and weights
// that are named by them fit both.
func (g *Graph) Names() []string {
	names, count := make([]string, len(g.Nodes)), map[string]int{}
	for i, n := range g.Nodes {
		name := n.Args.Spec.Name
		count[name]++
		names[i] = fmt.Sprint(name, count[name])
	}
	return names
}

// Node is one op of a graph.
type Node struct {
	Args   Args // Args.Spec is the op
	In     []Wire
	Out    []Wire
	Shapes []Shape // of Out
	// Share is 0 for weights of its own; nodes of one Share other than 0 use the same weights.
	Share int
	Path  string    // the names that lead to it: "block[2].conv_unit.conv"; unique in the graph
	Span  lang.Span // where it is written
}

// NodeError is an error in a node of a graph.
type NodeError struct {
	Path string    // of the node
	Span lang.Span // where it is written
	Err  error
}

// Error starts with the position in the file, where there is one: "a.space:3:7: net.conv: ...".
func (e *NodeError) Error() string {
	text := e.Path + ": " + e.Err.Error()
	if e.Span.Source == nil {
		return text
	}
	line, column := e.Span.Source.Position(e.Span.Start)
	return fmt.Sprintf("%s:%d:%d: %s", e.Span.Source.Name, line, column, text)
}

// Unwrap is the error itself.
func (e *NodeError) Unwrap() error { return e.Err }
