package draw

import (
	"fmt"

	"github.com/spacec-lang/spacec/ir/op"
)

// vertex is what is drawn for an input, an op or an output of a network. Ops that only pass a tensor on, skip and
// clone, are no vertices: what they pass on goes from where it was made straight to where it is used.
type vertex struct {
	title  string
	family string // of the op; "" for inputs and outputs
	path   string
	params int64
	macs   int64
	share  int  // the number of the weights that it shares, 0 for its own
	again  bool // its weights have been met before
	in     []source
	out    []op.Shape
}

// source is a tensor: one of those that a vertex makes.
type source struct{ vertex, port int }

// network is what is to be drawn of a graph, in the graph's order.
func network(g *op.Graph) ([]vertex, op.Cost, error) {
	cost, err := g.Costs()
	if err != nil {
		return nil, cost, err
	}
	var list []vertex
	made := make([]source, g.Wires)
	shapes := make([]op.Shape, g.Wires)
	for i, p := range g.Inputs {
		made[i], shapes[i] = source{len(list), 0}, p.Shape
		list = append(list, vertex{title: p.Name, out: []op.Shape{p.Shape}})
	}
	shares := map[int]int{}
	for _, n := range g.Nodes {
		for i, w := range n.Out {
			shapes[w] = n.Shapes[i]
		}
		if n.Args.Spec.Wiring && len(n.In) == 1 {
			for _, w := range n.Out {
				made[w] = made[n.In[0]]
			}
			continue
		}
		v := vertex{title: n.Args.String(), family: n.Args.Spec.Family, path: n.Path, out: n.Shapes}
		var in []op.Shape
		for _, w := range n.In {
			v.in = append(v.in, made[w])
			in = append(in, shapes[w])
		}
		r, err := op.Infer(n.Args, in)
		if err != nil {
			return nil, cost, fmt.Errorf("%s: %w", n.Path, err)
		}
		v.params, v.macs = r.Params, r.MACs
		if n.Share != 0 && r.Params > 0 {
			_, v.again = shares[n.Share]
			if !v.again {
				shares[n.Share] = len(shares) + 1
			}
			v.share = shares[n.Share]
		}
		for i, w := range n.Out {
			made[w] = source{len(list), i}
		}
		list = append(list, v)
	}
	for i, p := range g.OutPort {
		list = append(list, vertex{title: p.Name, in: []source{made[g.Outputs[i]]}})
	}
	return list, cost, nil
}

// readers are, for each tensor of each vertex, the vertices that read it, each as often as it does.
func readers(list []vertex) [][][]int {
	to := make([][][]int, len(list))
	for i, v := range list {
		to[i] = make([][]int, len(v.out))
		for _, s := range v.in {
			to[s.vertex][s.port] = append(to[s.vertex][s.port], i)
		}
	}
	return to
}

// Group is a number with its digits in threes: 12,345.
func group(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
