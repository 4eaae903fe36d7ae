package gorgonia

import (
	"fmt"
	"time"

	G "gorgonia.org/gorgonia"
)

// program turns the graph into steps.
type program[T real] struct {
	low    *lowering[T]
	values map[*G.Node][]T        // the buffer of each node that a program has met
	adds   map[*G.Node][2]*G.Node // Gorgonia's additions of gradients
}

// step runs one op on its inputs.
type step[T real] struct {
	op *operation[T]
	in [][]T
}

// sums finds the additions that Gorgonia made where gradients meet, and checks that each adds exactly what
// it should: Gorgonia merges nodes by a hash of 32 bits.
func (p *program[T]) sums() error {
	p.adds = map[*G.Node][2]*G.Node{}
	for n, terms := range p.low.terms {
		d := n.Deriv()
		if d == nil {
			continue // a gradient that leads to no weight
		}
		for i := len(terms) - 1; i > 0; i-- {
			c := childrenOf(p.low.g, d)
			if _, ours := d.Op().(*operation[T]); ours || len(c) != 2 || c[1] != terms[i] {
				return fmt.Errorf("the graph merged the gradients of %s with others", n.Name())
			}
			p.adds[d] = [2]*G.Node{c[0], c[1]}
			d = c[0]
		}
		if d != terms[0] {
			return fmt.Errorf("the graph merged the gradients of %s with others", n.Name())
		}
	}
	return nil
}

func childrenOf(g *G.ExprGraph, n *G.Node) G.Nodes {
	var c G.Nodes
	it := g.From(n.ID())
	for it.Next() {
		c = append(c, it.Node().(*G.Node))
	}
	return c
}

// steps is the program that computes the roots: the nodes that they need, in the order in which they were
// made, each after its inputs.
func (p *program[T]) steps(roots G.Nodes) ([]step[T], error) {
	needed := map[*G.Node]bool{}
	stack := append(G.Nodes(nil), roots...)
	for len(stack) > 0 {
		n := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if !needed[n] {
			needed[n] = true
			stack = append(stack, p.inputs(n)...)
		}
	}
	var steps []step[T]
	for _, n := range p.low.g.AllNodes() {
		if !needed[n] {
			continue
		}
		s, err := p.step(n)
		if err != nil {
			return nil, err
		}
		if s.op != nil {
			steps = append(steps, s)
		}
	}
	return steps, nil
}

// sums is the addition of two gradients.
type sums[T real] struct{}

func (sums[T]) forwardPart(in [][]T, y []T, lo, hi int)           { addTo(y[lo:hi], in[0][lo:hi], in[1][lo:hi]) }
func (sums[T]) backwardPart(_ [][]T, _, _ []T, _ [][]T, _, _ int) {}

func (p *program[T]) inputs(n *G.Node) G.Nodes {
	if o, ok := n.Op().(*operation[T]); ok {
		return o.children
	}
	if c, ok := p.adds[n]; ok {
		return c[:]
	}
	return nil
}

// step gives a node its buffer, and what computes it; no op where it holds data.
func (p *program[T]) step(n *G.Node) (step[T], error) {
	if data, ok := p.low.data[n]; ok {
		p.values[n] = data
		return step[T]{}, nil
	}
	var s step[T]
	switch o := n.Op().(type) {
	case *operation[T]:
		s.op = o
	default:
		if _, ok := p.adds[n]; ok {
			s.op = &operation[T]{low: p.low, name: "sum of gradients", at: &place{path: "sums of gradients"}, shape: n.Shape()}
			s.op.allocate()
			out, sum := s.op.out, &split[T]{parted: sums[T]{}, team: p.low.team, n: len(s.op.out), grain: elementsAtOnce}
			s.op.run = func(in [][]T) error { return sum.forward(in, out) }
			break
		}
		one, ok := n.Value().Data().(T)
		if !ok {
			return s, fmt.Errorf("the graph holds %s, which isn't ours", n.Op())
		}
		p.values[n] = []T{one}
		return s, nil
	}
	for _, c := range p.inputs(n) {
		s.in = append(s.in, p.values[c])
	}
	p.values[n] = s.op.out
	return s, nil
}

// execution runs the programs of a model.
type execution[T real] struct {
	*running
	batch           int
	loss            Loss
	names           []string // of the inputs
	inputs, outputs [][]T
	labels, values  []T // the target, by loss
	classes         int
	lossValue       []T
	evaluate, train []step[T]
	last            []step[T]    // the program that ran last
	weights         []*weight[T] // that it may have read
}

func (e *execution[T]) setStep(n uint64) { e.running.step = n }

// timer is told how long an op took.
type timer func(path string, forward bool, d time.Duration)

func run[T real](steps []step[T], t timer) error {
	for i := range steps {
		o := steps[i].op
		var start time.Time
		if t != nil {
			start = time.Now()
		}
		if err := o.safely(steps[i].in); err != nil {
			return err
		}
		if t != nil {
			t(o.at.path, o.kernel != nil, time.Since(start))
		}
	}
	return nil
}

// feed copies a batch into the inputs.
func (e *execution[T]) feed(inputs [][]float32) error {
	if len(inputs) != len(e.inputs) {
		return fmt.Errorf("the model has %d inputs; %d are given", len(e.inputs), len(inputs))
	}
	for i, data := range inputs {
		if len(data) != len(e.inputs[i]) {
			return fmt.Errorf("input %s takes %d numbers for a batch of %d; %d are given", e.names[i], len(e.inputs[i]), e.batch, len(data))
		}
		convert(e.inputs[i], data)
	}
	return nil
}

func convert[To, From real](to []To, from []From) {
	if same, ok := any(from).([]To); ok {
		copy(to, same)
		return
	}
	for i, v := range from {
		to[i] = To(v)
	}
}

// aim copies the target.
func (e *execution[T]) aim(t Target) error {
	switch e.loss {
	case None:
		return fmt.Errorf("the model was built without a loss, so it can't be trained")
	case Sum:
	case CrossEntropy:
		if len(t.Labels) != len(e.labels) {
			return fmt.Errorf("a batch of %d takes %d labels; %d are given", e.batch, len(e.labels), len(t.Labels))
		}
		for i, c := range t.Labels {
			if c < NoLabel || c >= e.classes {
				return fmt.Errorf("label %d of the batch is %d; the classes count from 0 to %d, and %d is none", i, c, e.classes-1, NoLabel)
			}
			e.labels[i] = T(c)
		}
	default:
		if len(t.Values) != len(e.values) {
			return fmt.Errorf("a batch of %d takes %d values; %d are given", e.batch, len(e.values), len(t.Values))
		}
		convert(e.values, t.Values)
	}
	return nil
}

func (e *execution[T]) step(inputs [][]float32, target Target) (float64, error) {
	return e.stepTimed(inputs, target, nil)
}

func (e *execution[T]) stepTimed(inputs [][]float32, target Target, t timer) (float64, error) {
	if err := e.aim(target); err != nil {
		return 0, err
	}
	if err := e.feed(inputs); err != nil {
		return 0, err
	}
	e.training, e.last = true, e.train
	err := run(e.train, t)
	e.running.step++
	if err != nil {
		return 0, err
	}
	return float64(e.lossValue[0]), nil
}

func (e *execution[T]) predict(inputs [][]float32, training bool) ([][]float32, error) {
	if err := e.feed(inputs); err != nil {
		return nil, err
	}
	e.training, e.last = training, e.evaluate
	if err := run(e.evaluate, nil); err != nil {
		return nil, err
	}
	outputs := make([][]float32, len(e.outputs))
	for i, out := range e.outputs {
		outputs[i] = make([]float32, len(out))
		convert(outputs[i], out)
	}
	return outputs, nil
}
