// Package nn writes networks in Go: one line an op, with the ops of spacec's standard library, for Gorgonia. The files
// that spacec compile writes are written in it, and read as one would write them by hand.
//
//	func Digits() *nn.Graph {
//		g := nn.New()
//		image := g.Input("image", 1, 8, 8)
//		conv1 := g.Conv(image, nn.Filters(16), nn.Stride(2))
//		relu1 := g.ReLU(conv1)
//		g.Output("logits", g.Dense(relu1, 10))
//		return g
//	}
//
// Build makes a model of it, for a size of batch:
//
//	m, err := Digits().Build(nn.Options{Batch: 32, Seed: 1, Loss: nn.CrossEntropy})
//	loss, err := m.Step([][]float32{images}, nn.Target{Labels: labels}) // leaves the gradients in m.Params()
//	logits, err := m.Predict([][]float32{images})
//
// Sizes are of one example: the batch axis is implied, and comes first in memory. A mistake, as a size that doesn't fit,
// is kept until Build, which says where it was made; what is made of it in between is of no consequence.
package nn

//go:generate go run generate.go

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spacec-lang/spacec/compile/gorgonia"
	"github.com/spacec-lang/spacec/ir/op"
	"github.com/spacec-lang/spacec/stdlib"
)

// What a graph is built to and trained by is package gorgonia's.
type (
	// Options are how a model is built.
	Options = gorgonia.Options
	// Model is a graph that trains and predicts.
	Model = gorgonia.Model
	// Target is what the outputs of a batch should be.
	Target = gorgonia.Target
	// Param is a weight of a model, with its gradient, or a running statistic.
	Param = gorgonia.Param
)

// The losses.
const (
	CrossEntropy = gorgonia.CrossEntropy // of unnormalised scores and labels
	MeanSquared  = gorgonia.MeanSquared  // of differences from values
	None         = gorgonia.None         // no gradients: the model only predicts
)

// Graph is a network in the making. One goroutine uses it at a time.
type Graph struct {
	graph  op.Graph
	shapes []op.Shape      // by wire
	made   map[op.Wire]int // by wire: the node that makes it
	shares int
	err    error // the first mistake
}

// New is an empty graph.
func New() *Graph { return &Graph{made: map[op.Wire]int{}} }

// Has tells whether an op is one of those here.
func Has(s *op.Spec) bool { return stdlib.Library().Lookup(s.Name) == s }

// Tensor is a tensor of a graph.
type Tensor struct {
	graph *Graph
	wire  op.Wire
}

// Operand is what joins take: tensors and, among them, options.
type Operand interface{ operand() }

func (Tensor) operand() {}

// Option sets a parameter of an op; what isn't set has the default that the op's comment names.
type Option struct {
	name  string
	value any
	like  Tensor // for WeightsOf
}

func (Option) operand() {}

// WeightsOf lets an op use the weights of the op of the same kind that made x.
func WeightsOf(x Tensor) Option { return Option{like: x} }

// Input adds an input of the given sizes. Inputs come before all ops.
func (g *Graph) Input(name string, sizes ...int) Tensor {
	if len(g.graph.Nodes) > 0 {
		g.fail(fmt.Errorf("input %s comes after an op", name))
		return Tensor{graph: g}
	}
	shape := make(op.Shape, len(sizes))
	for i, n := range sizes {
		shape[i].Size = n
	}
	g.graph.Inputs = append(g.graph.Inputs, op.Port{Name: name, Shape: shape})
	return g.wire(shape)
}

// Output makes x an output.
func (g *Graph) Output(name string, x Tensor) {
	if g.err != nil {
		return
	}
	if x.graph != g {
		g.fail(fmt.Errorf("output %s is of another graph", name))
		return
	}
	g.graph.Outputs = append(g.graph.Outputs, x.wire)
	g.graph.OutPort = append(g.graph.OutPort, op.Port{Name: name, Shape: g.shapes[x.wire]})
}

// Build makes a model for a size of batch, its weights at their start. Weights are named by op and number in the order
// of the lines, conv1.weight, conv2.weight, dense1.weight: as those that spacec train saves.
func (g *Graph) Build(o Options) (*Model, error) {
	if g.err != nil {
		return nil, g.err
	}
	if len(g.graph.Outputs) == 0 {
		return nil, errors.New("the graph has no output")
	}
	graph := g.graph
	for i, name := range graph.Names() {
		graph.Nodes[i].Path = name
	}
	return gorgonia.Build(&graph, o)
}

func (g *Graph) wire(s op.Shape) Tensor {
	g.shapes = append(g.shapes, s)
	g.graph.Wires++
	return Tensor{g, op.Wire(g.graph.Wires - 1)}
}

// fail keeps the first mistake, with the line that called a method of the graph.
func (g *Graph) fail(err error) {
	if g.err != nil {
		return
	}
	g.err = err
	callers := make([]uintptr, 16)
	frames := runtime.CallersFrames(callers[:runtime.Callers(2, callers)])
	for more := true; more; {
		var f runtime.Frame
		if f, more = frames.Next(); !strings.Contains(f.Function, "/gorgonia/nn.(*Graph).") {
			g.err = fmt.Errorf("%s:%d: %w", filepath.Base(f.File), f.Line, err)
			return
		}
	}
}

// given is the arguments of parameters that have to be given.
type given map[string]any

// join adds an op of several tensors, which makes one, or as many.
func (g *Graph) join(name string, required given, operands []Operand) []Tensor {
	var xs []Tensor
	var options []Option
	for _, o := range operands {
		switch o := o.(type) {
		case Tensor:
			xs = append(xs, o)
		case Option:
			options = append(options, o)
		}
	}
	return g.add(name, required, options, xs, len(xs))
}

// one adds an op that makes one tensor.
func (g *Graph) one(name string, required given, options []Option, xs ...Tensor) Tensor {
	return g.add(name, required, options, xs, 1)[0]
}

// add adds an op, and gives the n tensors that it makes.
func (g *Graph) add(name string, required given, options []Option, xs []Tensor, n int) []Tensor {
	if g.err == nil {
		out, err := g.node(name, required, options, xs)
		if err == nil {
			return out
		}
		g.fail(err)
	}
	out := make([]Tensor, max(1, n))
	for i := range out {
		out[i].graph = g
	}
	return out
}

func (g *Graph) node(name string, required given, options []Option, xs []Tensor) ([]Tensor, error) {
	node := op.Node{}
	named := map[string]any{}
	for p, v := range required {
		named[p] = v
	}
	for _, o := range options {
		if o.name == "" {
			share, err := g.share(name, o.like)
			if err != nil {
				return nil, err
			}
			node.Share = share
			continue
		}
		if _, twice := named[o.name]; twice {
			return nil, fmt.Errorf("%s of %s is given twice", o.name, name)
		}
		named[o.name] = o.value
	}
	var err error
	if node.Args, err = op.Bind(stdlib.Library().Lookup(name), nil, named); err != nil {
		return nil, err
	}
	in := make([]op.Shape, len(xs))
	for i, x := range xs {
		if x.graph != g {
			return nil, fmt.Errorf("%s takes a tensor of another graph", name)
		}
		node.In = append(node.In, x.wire)
		in[i] = g.shapes[x.wire]
	}
	r, err := op.Infer(node.Args, in)
	if err != nil {
		return nil, err
	}
	node.Shapes = r.Out
	out := make([]Tensor, len(r.Out))
	for i, s := range r.Out {
		out[i] = g.wire(s)
		node.Out = append(node.Out, out[i].wire)
		g.made[out[i].wire] = len(g.graph.Nodes)
	}
	g.graph.Nodes = append(g.graph.Nodes, node)
	return out, nil
}

// share is the number of the weights of the op that made x.
func (g *Graph) share(name string, x Tensor) (int, error) {
	i, ok := g.made[x.wire]
	if x.graph != g || !ok {
		return 0, errors.New("WeightsOf takes a tensor that an op of this graph made")
	}
	first := &g.graph.Nodes[i]
	if first.Args.Spec.Name != name {
		return 0, fmt.Errorf("%s can't use the weights of %s", name, first.Args.Spec.Name)
	}
	if first.Share == 0 {
		g.shares++
		first.Share = g.shares
	}
	return first.Share, nil
}
