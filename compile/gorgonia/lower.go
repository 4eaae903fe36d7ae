package gorgonia

import (
	"fmt"
	"unsafe"

	"github.com/spacec-lang/spacec/compile/gorgonia/internal/cores"
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/loops"
	"github.com/spacec-lang/spacec/compile/gorgonia/internal/matrix"
	"github.com/spacec-lang/spacec/ir/op"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// lowering is a graph on its way to a model.
type lowering[T real] struct {
	Options
	g      *G.ExprGraph
	run    *running
	ids    uint32
	bytes  int64                 // of the buffers so far
	data   map[*G.Node][]T       // what stands behind inputs and weights
	terms  map[*G.Node]G.Nodes   // the gradients that meet at a node
	shared map[string]*weight[T] // weights that other nodes use too
	params []*weight[T]
	states []*weight[T]
	mem    *scratch[T]
	team   *cores.Team
	set    loops.Set[T]
}

// scratch is memory that the kernels of a model use one after the other.
type scratch[T real] struct {
	work  *matrix.Work[T]   // products on all cores
	works []*matrix.Work[T] // products on one core, for each
	each  [][]T             // for each core
	all   []T               // for all of them
}

func newScratch[T real](team *cores.Team, set loops.Set[T]) *scratch[T] {
	s := &scratch[T]{work: matrix.New(team, set), each: make([][]T, team.Size())}
	for range team.Size() {
		s.works = append(s.works, matrix.New(nil, set))
	}
	return s
}

// reserve makes sure of room for so many numbers.
func (s *scratch[T]) reserve(each, all int) {
	for i := range s.each {
		grow(&s.each[i], each)
	}
	grow(&s.all, all)
}

// running is what kernels ask at run time.
type running struct {
	training bool
	seed     uint64
	step     uint64
}

// wire is a tensor of the graph: the builder's op.Tensor.
type wire[T real] struct {
	shape op.Shape
	node  *G.Node
	needs bool // whether a weight leads here
}

func (w *wire[T]) Shape() op.Shape { return w.shape }

// weight is a weight or a state: the builder's op.Weight.
type weight[T real] struct {
	Param
	node        *G.Node // nil for a state
	value, grad []T
}

func (w *weight[T]) Dims() []int { return w.Param.Shape }

// buffer makes a buffer of n.
func (l *lowering[T]) buffer(n int) []T {
	var zero T
	l.bytes += int64(n) * int64(unsafe.Sizeof(zero))
	return make([]T, n)
}

// input adds a node that is given data before each run.
func (l *lowering[T]) input(name string, shape tensor.Shape) (*G.Node, []T, error) {
	data := l.buffer(shape.TotalSize())
	before := len(l.g.AllNodes())
	n := G.NewTensor(l.g, dtype[T](), len(shape), G.WithShape(shape...), G.WithName(name), G.WithValue(dense(shape, data)))
	if len(l.g.AllNodes()) != before+1 {
		return nil, nil, fmt.Errorf("the graph has two of the name %s", name)
	}
	l.data[n] = data
	return n, data, nil
}

// batched is a shape in memory.
func (l *lowering[T]) batched(s op.Shape) tensor.Shape {
	return append(tensor.Shape{l.Batch}, s.Sizes()...)
}

// meet records gradients on their way to nodes, so that what Gorgonia adds up can be checked.
func (l *lowering[T]) meet(inputs, grads G.Nodes) {
	for i, g := range grads {
		if g != nil {
			l.terms[inputs[i]] = append(l.terms[inputs[i]], g)
		}
	}
}

// lower builds the model of a checked graph.
func lower[T real](g *op.Graph, o Options) (*Model, error) {
	l := &lowering[T]{
		Options: o, g: G.NewGraph(), run: &running{seed: o.Seed}, team: cores.New(o.Cores),
		data: map[*G.Node][]T{}, terms: map[*G.Node]G.Nodes{}, shared: map[string]*weight[T]{},
	}
	sets := loops.All[T]()
	l.set = sets[min(o.loops, len(sets)-1)]
	l.mem = newScratch(l.team, l.set)
	e := &execution[T]{running: l.run, batch: o.Batch, loss: o.Loss}
	wires := make([]*wire[T], g.Wires)
	for i, p := range g.Inputs {
		node, data, err := l.input(p.Name, l.batched(p.Shape))
		if err != nil {
			return nil, fmt.Errorf("input %s: %w", p.Name, err)
		}
		wires[i] = &wire[T]{p.Shape, node, false}
		e.inputs = append(e.inputs, data)
		e.names = append(e.names, p.Name)
	}
	names, fused := g.Names(), fusions(g)
	for i := range g.Nodes {
		var err error
		switch f := fused[i]; {
		case f == nil:
			err = l.node(&g.Nodes[i], names[i], wires)
		case f.linear == i:
			err = l.convolve(f, g, names, wires)
		}
		if err != nil {
			return nil, err
		}
	}
	var roots G.Nodes
	for _, w := range g.Outputs {
		roots = append(roots, wires[w].node)
	}
	p := program[T]{low: l, values: map[*G.Node][]T{}}
	var err error
	if e.evaluate, err = p.steps(roots); err != nil {
		return nil, err
	}
	for _, n := range roots {
		e.outputs = append(e.outputs, p.values[n])
	}
	if o.Loss != None {
		if err := l.train(e, &p, wires[g.Outputs[0]]); err != nil {
			return nil, err
		}
	}
	e.weights = l.params
	m := &Model{graph: l.g, memory: l.bytes, engine: e}
	for _, w := range l.params {
		m.params = append(m.params, w.param(l.team))
	}
	for _, w := range l.states {
		m.state = append(m.state, w.param(l.team))
	}
	return m, nil
}

func (w *weight[T]) param(team *cores.Team) *Param {
	w.team = team
	switch v := any(w.value).(type) {
	case []float32:
		w.Value, w.Grad = v, any(w.grad).([]float32)
	case []float64:
		w.Value64, w.Grad64 = v, any(w.grad).([]float64)
	}
	return &w.Param
}

// node lowers one op.
func (l *lowering[T]) node(n *op.Node, name string, wires []*wire[T]) error {
	in := make([]op.Tensor, len(n.In))
	for i, w := range n.In {
		in[i] = wires[w]
	}
	b := l.builder(n, name)
	return l.apply(b, b, in, n.Out, wires)
}

func (l *lowering[T]) builder(n *op.Node, name string) *builder[T] {
	return &builder[T]{low: l, node: n, name: name, at: &place{n.Path, n.Span}, shapes: op.Tracer{Op: n.Args.Spec.Name}}
}

// apply runs the op of a builder, on top of which another may stand.
func (l *lowering[T]) apply(b *builder[T], top op.Builder, in []op.Tensor, outs []op.Wire, wires []*wire[T]) error {
	n := b.node
	out, err := op.Run(top, n.Args, in)
	if b.err != nil {
		err = b.err
	}
	if err != nil {
		if _, ok := err.(*OpError); ok {
			return err
		}
		return &OpError{Path: n.Path, Span: n.Span, Err: err}
	}
	for i, w := range outs {
		wires[w] = out[i].(*wire[T])
	}
	return nil
}

// train adds the loss and the gradients, and the program of a step.
func (l *lowering[T]) train(e *execution[T], p *program[T], out *wire[T]) error {
	loss, err := l.lossOf(e, out)
	if err != nil {
		return err
	}
	roots := G.Nodes{loss}
	var wrt G.Nodes
	reached := l.reached(loss)
	for _, w := range l.params {
		if reached[w.node] {
			wrt = append(wrt, w.node)
		}
	}
	if len(wrt) > 0 {
		grads, err := G.Grad(loss, wrt...)
		if err != nil {
			return fmt.Errorf("the gradients can't be derived: %w", err)
		}
		roots = append(roots, grads...)
		if err := p.sums(); err != nil {
			return err
		}
	}
	if e.train, err = p.steps(roots); err != nil {
		return err
	}
	for i, n := range wrt {
		reachedBy := roots[i+1]
		for _, w := range l.params {
			if w.node == n {
				w.grad = p.values[reachedBy]
			}
		}
	}
	for _, w := range l.params {
		if w.grad == nil {
			w.grad = l.buffer(len(w.value))
		}
	}
	e.lossValue = p.values[loss]
	return nil
}

// reached is the nodes that a gradient of the loss goes to.
func (l *lowering[T]) reached(loss *G.Node) map[*G.Node]bool {
	reached := map[*G.Node]bool{}
	stack := G.Nodes{loss}
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if reached[n] {
			continue
		}
		reached[n] = true
		if o, ok := n.Op().(*operation[T]); ok {
			for i, c := range o.children {
				if o.needs[i] {
					stack = append(stack, c)
				}
			}
		}
	}
	return reached
}

// grow makes a buffer of at least n.
func grow[T any](buffer *[]T, n int) {
	if len(*buffer) < n {
		*buffer = make([]T, n)
	}
}
