package canon

import (
	"encoding/binary"
	"fmt"

	"github.com/spacec-lang/spacec/ir/op"
)

// network is a graph after what makes no difference has gone. Its vertices stand in an order in which each
// comes after those that it links to.
type network struct {
	vertices []vertex
	exact    bool // all sums and products are flat
	ops      int
	live     op.Cost
}

// vertex is an input, the zero, an op, a sum, a product, an output, or the weights that ops share.
type vertex struct {
	kind  kind
	label string // what else it is
	links []link
	terms []term // of a sum or product; its links are made of them
	op    *outline
	share int
}

type kind byte

const (
	inputVertex kind = iota
	zeroVertex
	opVertex
	sumVertex
	productVertex
	outputVertex
	weightsVertex
)

// link leads to what a vertex uses. Its label tells as what: which operand, or how many times.
type link struct {
	to    int
	label string
}

// operand is one of the tensors of a vertex.
type operand struct{ vertex, port int }

// nothingAtAll stands for zeros of any shape.
var nothingAtAll = operand{-1, 0}

// simplifier makes the network of a graph, node after node.
type simplifier struct {
	n     *network
	s     *search
	known map[string]int // vertices that anything equal to them is
	zero  int            // the vertex of the zero, -1 where there is none yet
	key   []byte
}

// simplify makes the network of a graph. The error names the node that is wrong.
func (h *Hasher) simplify(g *op.Graph, s *search) (*network, error) {
	if g.Wires < len(g.Inputs) {
		return nil, fmt.Errorf("a graph of %d inputs needs as many wires", len(g.Inputs))
	}
	m := &simplifier{n: &network{exact: true}, s: s, known: map[string]int{}, zero: -1}
	made := make(map[op.Wire]operand, len(g.Nodes)+len(g.Inputs))
	shapes := make(map[op.Wire]op.Shape, len(g.Nodes)+len(g.Inputs))
	for i, p := range g.Inputs {
		label := appendSizes(binary.AppendVarint(nil, int64(i)), p.Shape)
		made[op.Wire(i)] = operand{m.add(vertex{kind: inputVertex, label: string(label)}), 0}
		shapes[op.Wire(i)] = p.Shape
	}
	for i := range g.Nodes {
		if err := h.node(m, &g.Nodes[i], made, shapes); err != nil {
			return nil, fmt.Errorf("%s: %w", g.Nodes[i].Path, err)
		}
	}
	for i, w := range g.Outputs {
		x, ok := made[w]
		if !ok {
			return nil, fmt.Errorf("output %d is a wire that nothing makes", i+1)
		}
		v := vertex{kind: outputVertex, label: string(binary.AppendVarint(nil, int64(i)))}
		v.links = []link{m.link(x, "")}
		m.add(v)
	}
	m.n.prune()
	m.n.cost()
	return m.n, nil
}

// node adds what a node computes, and says what each wire that it makes is.
func (h *Hasher) node(m *simplifier, n *op.Node, made map[op.Wire]operand, shapes map[op.Wire]op.Shape) error {
	in := make([]operand, len(n.In))
	arriving := make([]op.Shape, len(n.In))
	for i, w := range n.In {
		x, ok := made[w]
		if !ok {
			return fmt.Errorf("wire %d is used before it is made", w)
		}
		in[i], arriving[i] = x, shapes[w]
	}
	o, leaving, err := h.outline(n.Args, arriving, in)
	if err != nil {
		return err
	}
	if len(leaving) != len(n.Out) {
		return fmt.Errorf("%s makes %d tensors; the graph has %d", n.Args.Spec.Name, len(leaving), len(n.Out))
	}
	self := -1
	for i, w := range n.Out {
		if _, twice := made[w]; twice || w < 0 || int(w) >= max(g0(w), 0) {
			return fmt.Errorf("wire %d is made twice", w)
		}
		shapes[w] = leaving[i]
		switch v := o.out[i]; v.kind {
		case wire:
			made[w] = in[v.n]
		case zero:
			made[w] = nothingAtAll
		case sum, product:
			made[w] = m.join(v, in)
		default:
			if self < 0 {
				self = m.op(o, n.Share, in)
			}
			made[w] = operand{self, v.n}
		}
	}
	return nil
}
