package op

import "fmt"

// Cost is what a graph costs.
type Cost struct {
	Params int64 // learnt numbers; those that nodes share count once
	MACs   int64 // multiplications with addition, for one example
	Layers int   // the longest path of ops; wiring (skip, clone) doesn't count
}

// Costs adds up the costs of the nodes. The error is that of Check.
func (g *Graph) Costs() (Cost, error) {
	var c Cost
	shared := map[int]bool{}
	depth := make([]int, max(0, g.Wires))
	err := g.visit(func(n *Node, r Result) error {
		if !shared[n.Share] {
			c.Params = saturate(c.Params, r.Params)
			shared[n.Share] = n.Share != 0
		}
		c.MACs = saturate(c.MACs, r.MACs)
		d := 0
		for _, w := range n.In {
			d = max(d, depth[w])
		}
		if !n.Args.Spec.Wiring {
			d++
		}
		for _, w := range n.Out {
			depth[w] = d
		}
		c.Layers = max(c.Layers, d)
		return nil
	})
	return c, err
}

// Check tells what is wrong with a graph: a wire used before it is made, a shape that isn't what the op
// makes, a path met twice, an output of other sizes than declared. The error names the node's path.
func (g *Graph) Check() error {
	return g.visit(func(*Node, Result) error { return nil })
}

// visit infers node after node and checks the graph on the way.
func (g *Graph) visit(f func(*Node, Result) error) error {
	if g.Wires < len(g.Inputs) || len(g.Outputs) != len(g.OutPort) {
		return fmt.Errorf("a graph of %d inputs needs as many wires, and a declared port for each output", len(g.Inputs))
	}
	shapes := map[Wire]Shape{}
	for i, p := range g.Inputs {
		if !p.Shape.valid() {
			return fmt.Errorf("input %s can't be %s: an axis must have 1 or more elements and a tensor at most 2^31", p.Name, p.Shape)
		}
		shapes[Wire(i)] = p.Shape
	}
	paths := map[string]bool{}
	groups := map[int]*Node{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if paths[n.Path] {
			return fmt.Errorf("two ops are at the path %s", n.Path)
		}
		paths[n.Path] = true
		r, err := g.infer(n, shapes)
		if err != nil {
			return fmt.Errorf("%s: %w", n.Path, err)
		}
		if n.Share != 0 {
			if first := groups[n.Share]; first == nil {
				groups[n.Share] = n
			} else if first.Args.Spec != n.Args.Spec {
				return fmt.Errorf("%s: %s can't share the weights of %s, which is another op", n.Path, n.Args.Spec.Name, first.Path)
			}
		}
		if err := f(n, r); err != nil {
			return err
		}
	}
	for i, w := range g.Outputs {
		p := g.OutPort[i]
		s, ok := shapes[w]
		if !ok {
			return fmt.Errorf("output %s is a wire that nothing makes", p.Name)
		}
		if !s.Same(p.Shape) {
			return fmt.Errorf("output %s is declared as %s; %s arrives", p.Name, p.Shape, s)
		}
	}
	return nil
}

// infer is the result of a node, whose wires it checks and adds to shapes.
func (g *Graph) infer(n *Node, shapes map[Wire]Shape) (Result, error) {
	in := make([]Shape, len(n.In))
	for i, w := range n.In {
		s, ok := shapes[w]
		if !ok {
			return Result{}, fmt.Errorf("wire %d is used before it is made", w)
		}
		in[i] = s
	}
	r, err := Infer(n.Args, in)
	if err != nil {
		return Result{}, err
	}
	if len(r.Out) != len(n.Out) || len(n.Shapes) != len(n.Out) {
		return Result{}, fmt.Errorf("%s makes %s; the graph has %d", n.Args.Spec.Name, count(len(r.Out), "tensor"), len(n.Out))
	}
	for i, w := range n.Out {
		if _, twice := shapes[w]; twice || w < 0 || int(w) >= g.Wires {
			return Result{}, fmt.Errorf("wire %d is made twice or beyond the graph's %d", w, g.Wires)
		}
		if !r.Out[i].Same(n.Shapes[i]) {
			return Result{}, fmt.Errorf("%s makes %s; the graph says %s", n.Args.Spec.Name, r.Out[i], n.Shapes[i])
		}
		shapes[w] = r.Out[i]
	}
	return r, nil
}
