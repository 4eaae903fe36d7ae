package canon

import (
	"fmt"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
)

// Vertex is an input, an op or an output of a graph.
type Vertex struct {
	// Label is what it computes, whatever arrives: the op with its arguments, "conv(kernel: 3)", or "+" and "*" of sums and
	// products. It is empty for inputs and outputs.
	Label        string
	Shape        op.Shape // of the first tensor that it makes; of an output, what arrives
	From         []int    // the vertices that it uses, in order
	Params, MACs int64
}

// Live is what matters of a graph, as it is written: what passes a tensor on is gone, what is zero or reaches no
// output too, and sums and products are without the terms that make no difference. Nothing is merged and nothing
// reordered; that is Hash's. Each vertex comes after those that it uses. nil, of a space without a net, has none.
func (h *Hasher) Live(g *op.Graph) ([]Vertex, error) {
	if g == nil {
		return nil, nil
	}
	l := &living{h: h, made: make([]operand, g.Wires), shapes: make([]op.Shape, g.Wires), all: make([]Vertex, 0, len(g.Inputs)+len(g.Nodes)+len(g.Outputs))}
	for i, p := range g.Inputs {
		l.made[i], l.shapes[i] = operand{i, 0}, p.Shape
		l.all = append(l.all, Vertex{Shape: p.Shape})
	}
	for i := range g.Nodes {
		if err := l.node(&g.Nodes[i]); err != nil {
			return nil, fmt.Errorf("%s: %w", g.Nodes[i].Path, err)
		}
	}
	for _, w := range g.Outputs {
		v := Vertex{Shape: l.shapes[w]}
		if x := l.made[w]; x != nothingAtAll {
			v.From = []int{x.vertex}
		}
		l.all = append(l.all, v)
	}
	return prune(l.all, len(l.all)-len(g.Outputs)), nil
}

type living struct {
	h      *Hasher
	made   []operand // by wire
	shapes []op.Shape
	all    []Vertex
}

func (l *living) node(n *op.Node) error {
	in, arriving := make([]operand, len(n.In)), make([]op.Shape, len(n.In))
	for i, w := range n.In {
		in[i], arriving[i] = l.made[w], l.shapes[w]
	}
	o, leaving, err := l.h.outline(n.Args, arriving, in)
	if err != nil {
		return err
	}
	self := -1
	for i, w := range n.Out {
		l.shapes[w] = leaving[i]
		switch v := o.out[i]; v.kind {
		case wire:
			l.made[w] = in[v.n]
		case zero:
			l.made[w] = nothingAtAll
		case sum, product:
			l.made[w] = l.join(v, in, leaving[i])
		default:
			if self < 0 {
				self = len(l.all)
				vertex := Vertex{Label: o.name, Shape: leaving[0], Params: o.params, MACs: o.macs}
				for _, x := range in {
					if x != nothingAtAll {
						vertex.From = append(vertex.From, x.vertex)
					}
				}
				l.all = append(l.all, vertex)
			}
			l.made[w] = operand{self, v.n}
		}
	}
	return nil
}

// join is a sum or product of what isn't zero; of one term, that term.
func (l *living) join(v value, in []operand, shape op.Shape) operand {
	vertex := Vertex{Label: "+", Shape: shape}
	if v.kind == product {
		vertex.Label = "*"
	}
	only := nothingAtAll
	for _, u := range v.of {
		for range u.times {
			if x := in[u.input]; x != nothingAtAll {
				vertex.From, only = append(vertex.From, x.vertex), x
			}
		}
	}
	if len(vertex.From) < 2 {
		return only
	}
	l.all = append(l.all, vertex)
	return operand{len(l.all) - 1, 0}
}

// prune drops what is used by nothing that one of the vertices from outputs on needs.
func prune(all []Vertex, outputs int) []Vertex {
	live := make([]bool, len(all))
	for i := len(all) - 1; i >= 0; i-- {
		if live[i] = live[i] || i >= outputs; live[i] {
			for _, j := range all[i].From {
				live[j] = true
			}
		}
	}
	at := make([]int, len(all))
	kept := all[:0]
	for i, v := range all {
		if !live[i] {
			continue
		}
		for k, j := range v.From {
			v.From[k] = at[j]
		}
		at[i] = len(kept)
		kept = append(kept, v)
	}
	return kept
}

// nameOf is an op with the arguments that it has.
func nameOf(args op.Args) string {
	var given []string
	for i, v := range args.Values {
		if v != nil {
			given = append(given, fmt.Sprintf("%s: %v", args.Spec.Params[i].Name, v))
		}
	}
	return args.Spec.Name + "(" + strings.Join(given, ", ") + ")"
}
