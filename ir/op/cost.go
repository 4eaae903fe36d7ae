package op

import (
	"errors"
	"fmt"
)

// Cost is what a graph costs.
type Cost struct {
	Params int64 // learnt numbers; those that nodes share count once
	MACs   int64 // multiplications with addition, for one example
	Layers int   // the longest path of ops; wiring (skip, clone) doesn't count
	// Activations are the elements of all tensors that the ops make of one example: what training keeps.
	Activations int64
	// Peak is the most elements that are needed at one time to evaluate one example: at each op the wires
	// that it or a later op reads, and all that it makes.
	Peak int64
}

// Costs adds up the costs of the nodes. The error is that of Check.
func (g *Graph) Costs() (Cost, error) {
	var c Cost
	if err := g.numbered(); err != nil {
		return c, err
	}
	shared := map[int]bool{}
	depth := make([]int, g.Wires)
	live := g.lives()
	err := g.visit(func(i int, n *Node, r Result) error {
		c.Activations = saturate(c.Activations, r.Activations)
		c.Peak = max(c.Peak, live.at(i, n, r))
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

// Memory is what the tensors of one example take in float32, in bytes; weights aren't counted.
type Memory struct {
	Train    int64 `json:"train"`    // the inputs and all that the ops make, which training keeps
	Evaluate int64 `json:"evaluate"` // the most at one time, where a tensor goes when nothing needs it any more
}

// Memory is that of the graph of these costs.
func (g *Graph) Memory(c Cost) Memory {
	const most = (1<<63 - 1) / 4
	elements := c.Activations
	for _, p := range g.Inputs {
		elements = saturate(elements, p.Shape.Elements())
	}
	return Memory{4 * min(elements, most), 4 * min(c.Peak, most)}
}

// lives follows which tensors are still needed. Wiring makes none: its wires carry the tensor that arrives.
type lives struct {
	last   []int // by tensor: the last node that reads it; len(Nodes) for an output
	tensor []int // by wire: the first wire of the same tensor
	size   []int64
	now    int64 // elements of the tensors made and still needed
}

func (g *Graph) lives() *lives {
	n := g.Wires
	l := &lives{make([]int, n), make([]int, n), make([]int64, n), 0}
	for w := range n {
		l.tensor[w], l.last[w] = w, -1
	}
	read := func(w Wire, by int) {
		if w >= 0 && int(w) < n {
			l.last[l.tensor[w]] = max(l.last[l.tensor[w]], by)
		}
	}
	for i, node := range g.Nodes {
		for _, w := range node.In {
			read(w, i)
		}
		for _, w := range node.Out {
			if node.Args.Spec != nil && node.Args.Spec.Wiring && w >= 0 && int(w) < n && len(node.In) == 1 && node.In[0] >= 0 && int(node.In[0]) < n {
				l.tensor[w] = l.tensor[node.In[0]]
			}
		}
	}
	for _, w := range g.Outputs {
		read(w, len(g.Nodes))
	}
	for i, p := range g.Inputs {
		if i < n && l.last[i] >= 0 {
			l.size[i] = p.Shape.Elements()
			l.now = saturate(l.now, l.size[i])
		}
	}
	return l
}

// at is what is needed at a node, which has been checked, as are those before it.
func (l *lives) at(i int, n *Node, r Result) int64 {
	peak := saturate(l.now, r.Activations)
	for k, w := range n.Out {
		if t := l.tensor[w]; t == int(w) && l.last[t] > i {
			l.size[t] = r.Out[k].Elements()
			l.now = saturate(l.now, l.size[t])
		}
	}
	for _, w := range n.In {
		if t := l.tensor[w]; l.last[t] == i {
			l.now -= l.size[t]
			l.size[t] = 0
		}
	}
	return peak
}

// Check tells what is wrong with a graph: a wire used before it is made, a shape that isn't what the op
// makes, a path met twice, an output of other sizes than declared. The error of a node is a *NodeError.
func (g *Graph) Check() error {
	return g.visit(func(int, *Node, Result) error { return nil })
}

// numbered tells whether there are as many wires as are made.
func (g *Graph) numbered() error {
	n := len(g.Inputs)
	for i := range g.Nodes {
		n += len(g.Nodes[i].Out)
	}
	if g.Wires != n || len(g.Outputs) != len(g.OutPort) {
		return fmt.Errorf("a graph has a wire for each input and each tensor that a node makes, and a declared port for each output: %d wires and %d ports, not %d and %d",
			n, len(g.Outputs), g.Wires, len(g.OutPort))
	}
	return nil
}

// visit infers node after node and checks the graph on the way.
func (g *Graph) visit(f func(int, *Node, Result) error) error {
	if err := g.numbered(); err != nil {
		return err
	}
	x := reader{wires: make([]Tensor, g.Wires)}
	for i, p := range g.Inputs {
		if !p.Shape.valid() {
			return fmt.Errorf("input %s can't be %s: an axis must have 1 or more elements and a tensor at most 2^31", p.Name, p.Shape)
		}
		x.wires[i] = p.Shape
	}
	paths := map[string]bool{}
	groups := map[int]*Node{}
	for i := range g.Nodes {
		n := &g.Nodes[i]
		if paths[n.Path] {
			return n.fail(errors.New("two ops are at this path"))
		}
		paths[n.Path] = true
		r, err := x.infer(n)
		if err != nil {
			return n.fail(err)
		}
		if n.Share != 0 {
			if first := groups[n.Share]; first == nil {
				groups[n.Share] = n
			} else if first.Args.Spec != n.Args.Spec {
				return n.fail(fmt.Errorf("%s can't share the weights of %s, which is another op", n.Args.Spec.Name, first.Path))
			}
		}
		if err := f(i, n, r); err != nil {
			return err
		}
	}
	for i, w := range g.Outputs {
		p := g.OutPort[i]
		y := x.at(w)
		if y == nil {
			return fmt.Errorf("output %s is a wire that nothing makes", p.Name)
		}
		if s := y.Shape(); !s.Same(p.Shape) {
			return fmt.Errorf("output %s is declared as %s; %s arrives", p.Name, p.Shape, s)
		}
	}
	return nil
}

func (n *Node) fail(err error) error { return &NodeError{n.Path, n.Span, err} }

// reader reads the shapes of a graph, node after node.
type reader struct {
	tracer Tracer
	wires  []Tensor // nil where none is made yet
	in     []Tensor // of the node at hand,
	out    []Shape
}

func (x *reader) at(w Wire) Tensor {
	if w < 0 || int(w) >= len(x.wires) {
		return nil
	}
	return x.wires[w]
}

// infer is the result of a node, valid until the next. It checks the node's wires, and notes those that it makes.
func (x *reader) infer(n *Node) (Result, error) {
	x.in, x.out = x.in[:0], x.out[:0]
	for _, w := range n.In {
		if x.at(w) == nil {
			return Result{}, fmt.Errorf("wire %d is used before it is made", w)
		}
		x.in = append(x.in, x.wires[w])
	}
	t := &x.tracer
	t.next()
	made, err := Run(t, n.Args, x.in)
	if err != nil {
		return Result{}, err
	}
	if len(made) != len(n.Out) || len(n.Shapes) != len(n.Out) {
		return Result{}, fmt.Errorf("%s makes %s; the graph has %d", n.Args.Spec.Name, count(len(made), "tensor"), len(n.Out))
	}
	for i, w := range n.Out {
		if w < 0 || int(w) >= len(x.wires) || x.wires[w] != nil {
			return Result{}, fmt.Errorf("wire %d is made twice or beyond the graph's %d", w, len(x.wires))
		}
		s := made[i].Shape()
		if !s.Same(n.Shapes[i]) {
			return Result{}, fmt.Errorf("%s makes %s; the graph says %s", n.Args.Spec.Name, s, n.Shapes[i])
		}
		x.wires[w], x.out = made[i], append(x.out, s)
	}
	return Result{x.out, t.Params, t.MACs, t.Activations, t.Exports}, nil
}
