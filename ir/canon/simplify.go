package canon

import (
	"encoding/binary"
	"fmt"
	"math/big"

	"github.com/spacec-lang/spacec/ir/op"
)

// network is a graph after what makes no difference has gone. Its vertices stand in an order in which each
// comes after those that it links to.
type network struct {
	vertices []vertex
	labels   []string // of links
	exact    bool     // all sums and products are flat
	ops      int
	live     op.Cost
}

// vertex is an input, the zero, an op, a sum, a product, an output, or the weights that ops share.
type vertex struct {
	kind  kind
	label string // what else it is
	links []link
	terms []term   // of a sum or product
	op    *outline // of an op
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

// link leads to what a vertex uses. Its label, of the network's list, tells as what: which operand, or how
// many times.
type link struct{ to, label int }

// operand is one of the tensors of a vertex.
type operand struct{ vertex, port int }

// nothingAtAll stands for zeros of any shape.
var nothingAtAll = operand{-1, 0}

// simplifier makes the network of a graph, node after node.
type simplifier struct {
	h      *Hasher
	s      *search
	n      *network
	made   map[op.Wire]operand
	shapes map[op.Wire]op.Shape
	known  map[string]int // vertices that anything equal to them is
	labels map[string]int
	once   *big.Int
	key    []byte
	terms  []term
}

// simplify makes the network of a graph. The error names the node that is wrong.
func (h *Hasher) simplify(g *op.Graph, s *search) (*network, error) {
	wires := len(g.Nodes) + len(g.Inputs)
	n := &network{exact: true, vertices: make([]vertex, 0, wires+len(g.Outputs)+1)}
	m := &simplifier{h: h, s: s, n: n, known: map[string]int{}, labels: map[string]int{}, once: big.NewInt(1),
		made: make(map[op.Wire]operand, wires), shapes: make(map[op.Wire]op.Shape, wires)}
	for i, p := range g.Inputs {
		label := appendSizes(binary.AppendVarint(nil, int64(i)), p.Shape)
		m.made[op.Wire(i)] = operand{m.add(vertex{kind: inputVertex, label: string(label)}), 0}
		m.shapes[op.Wire(i)] = p.Shape
	}
	for i := range g.Nodes {
		if err := m.node(&g.Nodes[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", g.Nodes[i].Path, err)
		}
	}
	for i, w := range g.Outputs {
		x, ok := m.made[w]
		if !ok {
			return nil, fmt.Errorf("output %d is a wire that nothing makes", i+1)
		}
		label := appendSizes(binary.AppendVarint(nil, int64(i)), m.shapes[w])
		m.add(vertex{kind: outputVertex, label: string(label), links: []link{m.link(x, 0)}})
	}
	m.n.prune()
	m.n.cost()
	return m.n, nil
}

// node adds what a node computes, and says what each wire that it makes is.
func (m *simplifier) node(n *op.Node) error {
	in := make([]operand, len(n.In))
	arriving := make([]op.Shape, len(n.In))
	for i, w := range n.In {
		x, ok := m.made[w]
		if !ok {
			return fmt.Errorf("wire %d is used before it is made", w)
		}
		in[i], arriving[i] = x, m.shapes[w]
	}
	o, leaving, err := m.h.outline(n.Args, arriving, in)
	if err != nil {
		return err
	}
	if len(leaving) != len(n.Out) {
		return fmt.Errorf("the graph has %d wires for what %s makes, which is %d", len(n.Out), n.Args.Spec.Name, len(leaving))
	}
	self := -1
	for i, w := range n.Out {
		if _, twice := m.made[w]; twice {
			return fmt.Errorf("wire %d is made twice", w)
		}
		m.shapes[w] = leaving[i]
		switch v := o.out[i]; v.kind {
		case wire:
			m.made[w] = in[v.n]
		case zero:
			m.made[w] = nothingAtAll
		case sum, product:
			m.made[w] = m.join(v, in)
		default:
			if self < 0 {
				self = m.op(o, n.Share, in)
			}
			m.made[w] = operand{self, v.n}
		}
	}
	return nil
}

// op is the vertex of an op on operands: a new one, unless it can't be told from one that is there.
func (m *simplifier) op(o *outline, share int, in []operand) int {
	v := vertex{kind: opVertex, label: o.label, op: o, links: make([]link, len(in))}
	for i, x := range in {
		v.links[i] = m.link(x, i)
	}
	if o.weighted {
		v.share = share
	}
	if o.single || o.weighted && share == 0 {
		return m.add(v)
	}
	return m.shared(v)
}

// link is a link to an operand, which is used in a place.
func (m *simplifier) link(x operand, place int) link {
	if x == nothingAtAll {
		x.vertex = m.shared(vertex{kind: zeroVertex})
	}
	m.key = binary.AppendVarint(binary.AppendVarint(m.key[:0], int64(place)), int64(x.port))
	return link{x.vertex, m.label(m.key)}
}

// label is the number of a link's label.
func (m *simplifier) label(b []byte) int {
	i, ok := m.labels[string(b)]
	if !ok {
		i = len(m.n.labels)
		m.n.labels = append(m.n.labels, string(b))
		m.labels[string(b)] = i
	}
	return i
}

// shared is a vertex that is the same as any that looks like it.
func (m *simplifier) shared(v vertex) int {
	b := append(m.key[:0], byte(v.kind))
	b = binary.AppendVarint(b, int64(v.share))
	b = append(b, v.label...)
	for _, l := range v.links {
		b = binary.AppendVarint(binary.AppendVarint(b, int64(l.to)), int64(l.label))
	}
	m.key = b
	if i, ok := m.known[string(b)]; ok {
		return i
	}
	i := m.add(v)
	m.known[string(b)] = i
	return i
}

func (m *simplifier) add(v vertex) int {
	m.s.spend(1 + len(v.links))
	m.n.vertices = append(m.n.vertices, v)
	return len(m.n.vertices) - 1
}

// prune drops what reaches no output, and adds a vertex for the weights that several ops share.
func (n *network) prune() {
	live := make([]bool, len(n.vertices))
	groups := map[int][]link{}
	for i := len(n.vertices) - 1; i >= 0; i-- {
		v := &n.vertices[i]
		if live[i] = live[i] || v.kind == outputVertex; live[i] {
			for _, l := range v.links {
				live[l.to] = true
			}
		}
	}
	at := make([]int, len(n.vertices))
	kept := n.vertices[:0] // each moves to before where it was
	for i, v := range n.vertices {
		if !live[i] {
			continue
		}
		for j := range v.links {
			v.links[j].to = at[v.links[j].to]
		}
		at[i] = len(kept)
		kept = append(kept, v)
		if v.share != 0 {
			groups[v.share] = append(groups[v.share], link{at[i], len(n.labels)})
		}
	}
	for _, v := range kept {
		if g := groups[v.share]; len(g) > 1 {
			kept = append(kept, vertex{kind: weightsVertex, links: g})
			delete(groups, v.share)
		}
	}
	n.vertices = kept
	n.labels = append(n.labels, "") // of the links from weights
}

// cost adds up what is left.
func (n *network) cost() {
	depth := make([]int, len(n.vertices))
	counted := map[int]bool{}
	for i := range n.vertices {
		v := &n.vertices[i]
		for _, l := range v.links {
			depth[i] = max(depth[i], depth[l.to])
		}
		switch v.kind {
		case opVertex:
			n.live.MACs = saturate(n.live.MACs, v.op.macs)
			if v.share == 0 || !counted[v.share] {
				n.live.Params = saturate(n.live.Params, v.op.params)
				counted[v.share] = true
			}
		case sumVertex, productVertex:
		default:
			continue
		}
		n.ops++
		depth[i]++
		n.live.Layers = max(n.live.Layers, depth[i])
	}
}

// saturate adds costs that may be beyond what an int64 holds.
func saturate(a, b int64) int64 {
	if c := a + b; c >= a {
		return c
	}
	return 1<<63 - 1
}

// written is a network as it stands, without any attempt at a canonical order.
func (n *network) written(b []byte) []byte {
	for _, v := range n.vertices {
		b = append(b, byte(v.kind))
		b = binary.AppendVarint(b, int64(len(v.label)))
		b = append(b, v.label...)
		b = binary.AppendVarint(b, int64(len(v.links)))
		for _, l := range v.links {
			b = binary.AppendVarint(b, int64(l.to))
			b = binary.AppendVarint(b, int64(len(n.labels[l.label])))
			b = append(b, n.labels[l.label]...)
		}
	}
	return b
}
