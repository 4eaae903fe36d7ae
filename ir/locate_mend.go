package ir

import (
	"fmt"
	"slices"

	"github.com/spacec-lang/spacec/ir/op"
)

// maxMend is how many changes of an architecture are tried, and of how many steps a trial may be.
const (
	maxMend      = 12
	maxMendSteps = 50_000
)

// change is an edit of a graph: another op in place of a node, one less, or one more.
type change struct {
	text  string
	apply func(g *op.Graph)
}

// mend looks for the nearest change with which an architecture is in the space: one op replaced by what is offered
// there, left out, or put in.
func (l *locator) mend(o *Outside, b *Built, place int, list []offered) {
	var changes []change
	at := -1 // the node in the graph itself
	if place >= 0 {
		at = slices.IndexFunc(b.Graph.Nodes, func(n op.Node) bool { return n.Path == l.target.nodes[place].node.Path })
	}
	for i := range list {
		c := &list[i]
		if at >= 0 && c.node != nil && len(c.in) == len(l.target.nodes[place].in) && !l.is(place, c) {
			args := c.args
			changes = append(changes, change{fmt.Sprintf("with '%s' in its place", args),
				func(g *op.Graph) { g.Nodes[at].Args = args }})
			if o.Nearest == "" {
				o.Nearest = fmt.Sprintf("'%s'", args)
			}
		}
		if len(changes) == maxMend/2 {
			break
		}
	}
	if at >= 0 && len(b.Graph.Nodes[at].In) == 1 && len(b.Graph.Nodes[at].Out) == 1 {
		changes = append(changes, change{"without it", func(g *op.Graph) { drop(g, at) }})
	}
	for i := range list {
		if c := &list[i]; c.node != nil && len(c.in) == 1 && (at >= 0 || place == atEnd) {
			where := "before it"
			if at < 0 {
				where = "after it"
			}
			if o.Nearest == "" {
				o.Nearest = fmt.Sprintf("'%s' %s", c.args, where)
			}
			changes = append(changes, change{fmt.Sprintf("with '%s' %s", c.args, where),
				func(g *op.Graph) { insert(g, at, c.args, c.in[0]) }})
		}
		if len(changes) >= maxMend {
			break
		}
	}
	for _, c := range changes {
		g := *b.Graph
		g.Nodes = slices.Clone(g.Nodes)
		for i := range g.Nodes {
			g.Nodes[i].In = slices.Clone(g.Nodes[i].In)
		}
		g.Outputs = slices.Clone(g.Outputs)
		c.apply(&g)
		if reshape(&g) != nil {
			continue
		}
		trial := newLocator(l.sp)
		trial.reals = l.reals
		changed := *b
		changed.Graph = &g
		if p, err := trial.find(&changed, maxMendSteps); err == nil && p.found() {
			o.Nearest, o.Mends = c.text, true
			return
		}
	}
}

// replaceWire makes what uses one wire use another.
func replaceWire(g *op.Graph, from, to op.Wire, only int) {
	for i := range g.Nodes {
		for j, w := range g.Nodes[i].In {
			if w == from && (only < 0 || i == only) {
				g.Nodes[i].In[j] = to
			}
		}
	}
	for i, w := range g.Outputs {
		if w == from && only < 0 {
			g.Outputs[i] = to
		}
	}
}

// drop takes a node with one input and one output out.
func drop(g *op.Graph, at int) {
	n := g.Nodes[at]
	g.Nodes = slices.Delete(g.Nodes, at, at+1)
	replaceWire(g, n.Out[0], n.In[0], -1)
}

// insert puts an op on a wire, before a node or, where at is below 0, before the output.
func insert(g *op.Graph, at int, args op.Args, on op.Wire) {
	w := op.Wire(g.Wires)
	g.Wires++
	if at < 0 {
		for i := range g.Outputs {
			if g.Outputs[i] == on {
				g.Outputs[i] = w
			}
		}
		at = len(g.Nodes)
	} else {
		replaceWire(g, on, w, at)
	}
	g.Nodes = slices.Insert(g.Nodes, at, op.Node{Args: args, In: []op.Wire{on}, Out: []op.Wire{w}, Path: "inserted"})
}

// reshape computes the shapes of a changed graph anew; the error says what doesn't fit.
func reshape(g *op.Graph) error {
	shapes := make([]op.Shape, g.Wires)
	for i, p := range g.Inputs {
		shapes[i] = p.Shape
	}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		in := make([]op.Shape, len(n.In))
		for j, w := range n.In {
			if in[j] = shapes[w]; in[j] == nil {
				return fmt.Errorf("a wire is used before it is made")
			}
		}
		r, err := op.Infer(n.Args, in)
		if err != nil {
			return err
		}
		if len(r.Out) != len(n.Out) {
			return fmt.Errorf("another number of tensors leaves")
		}
		n.Shapes = r.Out
		for j, w := range n.Out {
			shapes[w] = r.Out[j]
		}
	}
	return nil
}
