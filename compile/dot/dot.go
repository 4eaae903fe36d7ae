// Package dot draws a graph of ops in the language of Graphviz: a box for each op with its arguments, an
// arrow for each wire with its shape. One graph always gives the same text.
package dot

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
)

// Write draws the graph. The error is the writer's, or that of a graph whose wires don't fit together.
func Write(w io.Writer, g *op.Graph) error {
	if err := g.Check(); err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	fmt.Fprint(b, "digraph architecture {\n  node [shape=box, fontname=\"Helvetica\"];\n  edge [fontname=\"Helvetica\", fontsize=10];\n")
	from := map[op.Wire]string{} // the node that makes a wire
	shapes := map[op.Wire]op.Shape{}
	for i, p := range g.Inputs {
		id := fmt.Sprint("in", i)
		from[op.Wire(i)], shapes[op.Wire(i)] = id, p.Shape
		fmt.Fprintf(b, "  %s [shape=ellipse, label=%s];\n", id, quote(p.Name))
	}
	arrow := func(wire op.Wire, to string) {
		fmt.Fprintf(b, "  %s -> %s [label=%s];\n", from[wire], to, quote(shapes[wire].String()))
	}
	for i, n := range g.Nodes {
		id := fmt.Sprint("op", i)
		label := n.Args.String()
		if n.Share != 0 {
			label += fmt.Sprintf("\nweights %d", n.Share)
		}
		fmt.Fprintf(b, "  %s [label=%s, tooltip=%s];\n", id, quote(label), quote(n.Path))
		for _, wire := range n.In {
			arrow(wire, id)
		}
		for k, wire := range n.Out {
			from[wire], shapes[wire] = id, n.Shapes[k]
		}
	}
	for i, p := range g.OutPort {
		id := fmt.Sprint("out", i)
		fmt.Fprintf(b, "  %s [shape=ellipse, label=%s];\n", id, quote(p.Name))
		arrow(g.Outputs[i], id)
	}
	fmt.Fprint(b, "}\n")
	return b.Flush()
}

// quote is a text as a quoted string of Graphviz, in which only the quote and the backslash are special.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
