package draw

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
)

// Dot writes a graph in the language of Graphviz: a box for each op with its arguments, an arrow for each wire with its
// shape. One graph always gives the same text. The error is the writer's, or that of a graph whose wires don't fit
// together.
func Dot(w io.Writer, g *op.Graph) error {
	list, _, err := network(g)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(w)
	fmt.Fprint(b, "digraph architecture {\n  node [shape=box, fontname=\"Helvetica\"];\n  edge [fontname=\"Helvetica\", fontsize=10];\n")
	for i, v := range list {
		if v.family == "" {
			fmt.Fprintf(b, "  n%d [shape=ellipse, label=%s];\n", i, quote(v.title))
		} else {
			label := v.title
			if v.share != 0 {
				label += fmt.Sprintf("\nweights %d", v.share)
			}
			fmt.Fprintf(b, "  n%d [label=%s, tooltip=%s];\n", i, quote(label), quote(v.path))
		}
		for _, s := range v.in {
			fmt.Fprintf(b, "  n%d -> n%d [label=%s];\n", s.vertex, i, quote(list[s.vertex].out[s.port].String()))
		}
	}
	fmt.Fprint(b, "}\n")
	return b.Flush()
}

// quote is a text as a quoted string of Graphviz, in which only the quote and the backslash are special.
func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`).Replace(s) + `"`
}
