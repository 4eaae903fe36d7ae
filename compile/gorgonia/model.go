// Package gorgonia builds a graph of ops as a Gorgonia expression graph and trains and evaluates it.
//
// Every op is one of our own, through Gorgonia's Op interface, because many stock ops silently give wrong
// values or gradients. Gorgonia keeps the graph and derives the gradients (Grad); of its own ops only the
// addition of gradients that meet is used. Our executor runs the graph: nodes in the order in which they
// were made, each into a buffer of its own that nothing else writes, so that results can't alias; nodes
// that nothing needs are left out; a panic becomes an error that names the op.
//
// What enters is an op.Graph and the batch size; what leaves is a Model with parameters to be read and
// written in place.
package gorgonia

import (
	"errors"
	"fmt"
	"sync"

	"github.com/spacec-lang/spacec/compile/gorgonia/internal/cores"
	"github.com/spacec-lang/spacec/ir/op"
	G "gorgonia.org/gorgonia"
)

// Loss is what training minimises.
type Loss int

// CrossEntropy takes the last axis of the one output as unnormalised scores of the classes, and is the
// mean of -log softmax at the labels that there are; MeanSquared is the mean of the squared differences from the values.
// Sum is the sum of the one output's numbers, without a target: it is for gradients, not for training. None builds no
// gradients: the model only predicts.
const (
	CrossEntropy Loss = iota
	MeanSquared
	Sum
	None
)

// Options are how a model is built.
type Options struct {
	Batch   int    // examples a step, 1 or more
	Seed    uint64 // of the initial weights and of dropout
	Float64 bool   // computes in float64: for checks, at half the speed
	Loss    Loss
	// Cores is how many processor cores the model computes on, 0 for as many as Go may use (runtime.GOMAXPROCS). The results
	// don't depend on it.
	Cores int

	loops int // of those that the processor can run: the fastest, but in tests
	// MemoryLimit is the most bytes that buffers may take, 0 for 8 GiB.
	MemoryLimit int64
}

const (
	defaultMemory = 8 << 30
	maxBatch      = 1 << 24
)

// NoLabel is the label of a place that has none, as padding: it adds nothing to the loss.
const NoLabel = -1

// Target is what the outputs of a batch should be.
type Target struct {
	Labels []int     // for CrossEntropy: a class, or NoLabel, for each example and each place of the output before its last axis
	Values []float32 // for MeanSquared: as many as the output has, example by example
}

// Param is a weight, or a state such as a running mean. Its slices stay the same while the model lives, so
// that optimisers read and write them between steps. In a model of float64 Value and Grad are nil, and
// Value64 and Grad64 take their place.
type Param struct {
	Name            string // the name of the op that made it (op.Graph.Names), ".", the name of the weight there
	Shape           []int
	Value, Grad     []float32
	Value64, Grad64 []float64

	team *cores.Team // the model's; nil is one core
}

// Model is a graph that trains and predicts. One goroutine uses it at a time; models run side by side.
type Model struct {
	graph  *G.ExprGraph
	memory int64
	params []*Param
	state  []*Param
	engine engine
}

// engine is a model's computation in one precision.
type engine interface {
	step(inputs [][]float32, target Target) (float64, error)
	stepTimed(inputs [][]float32, target Target, t timer) (float64, error)
	predict(inputs [][]float32, training bool) ([][]float32, error)
	setStep(n uint64)
	origin() error
}

// OpError is an error in an op of a graph.
type OpError = op.NodeError

var errClosed = errors.New("the model is closed")

// building lets one graph be built at a time: Gorgonia's constructors share state of their package.
var building sync.Mutex

// Build checks the graph and builds it with weights at their start. The weights of one name, seed and size
// always start the same, whatever else the graph holds.
func Build(g *op.Graph, o Options) (m *Model, err error) {
	if o.MemoryLimit == 0 {
		o.MemoryLimit = defaultMemory
	}
	memory, err := MemoryOf(g, o)
	if err != nil {
		return nil, err
	}
	if n := memory.Total(); n > o.MemoryLimit {
		return nil, fmt.Errorf("a batch of %d takes %d MiB of memory; the limit is %d MiB", o.Batch, (n+1<<20-1)>>20, o.MemoryLimit>>20)
	}
	building.Lock()
	defer building.Unlock()
	defer func() {
		if p := recover(); p != nil {
			m, err = nil, fmt.Errorf("the graph can't be built: %v", p)
		}
	}()
	if o.Float64 {
		return lower[float64](g, o)
	}
	return lower[float32](g, o)
}

// check tells what is wrong with the options and the graph.
func (o Options) check(g *op.Graph) error {
	if o.Batch < 1 || o.Batch > maxBatch {
		return fmt.Errorf("the batch must be from 1 to %d; it is %d", maxBatch, o.Batch)
	}
	if o.Loss < CrossEntropy || o.Loss > None {
		return fmt.Errorf("there is no loss %d; there are CrossEntropy, MeanSquared, Sum and None", o.Loss)
	}
	if err := g.Check(); err != nil {
		return err
	}
	if o.Loss != None && len(g.Outputs) != 1 {
		return fmt.Errorf("a model is trained on 1 output; the graph has %d", len(g.Outputs))
	}
	return Runnable(g)
}

// Runnable reports a graph that no model can be built of: the first op that a file declares, as an *OpError, or an
// input that is no tensor.
func Runnable(g *op.Graph) error {
	for _, n := range g.Nodes {
		if n.Args.Spec.Opaque {
			return &OpError{Path: n.Path, Span: n.Span, Err: fmt.Errorf("the op %s is declared in a file, without an implementation for gorgonia", n.Args.Spec.Name)}
		}
	}
	for _, p := range g.Inputs {
		if _, _, ok := p.Shape.Nominal(); ok {
			return fmt.Errorf("input %s is %s, which is no tensor: there is nothing to run", p.Name, p.Shape)
		}
	}
	return nil
}

// Step trains on one batch: forward in training mode, then backward. inputs holds one slice for each input
// of the graph, the examples one after the other. It returns the loss, which may be NaN or infinite, and
// leaves the gradients in the params; running statistics move.
func (m *Model) Step(inputs [][]float32, target Target) (float64, error) {
	if m.engine == nil {
		return 0, errClosed
	}
	return m.engine.step(inputs, target)
}

// Predict evaluates a batch: running statistics in batch norm, no dropout. It returns a new slice for each
// output, the examples one after the other.
func (m *Model) Predict(inputs [][]float32) ([][]float32, error) {
	if m.engine == nil {
		return nil, errClosed
	}
	return m.engine.predict(inputs, false)
}

// Forward is Predict in training mode, as the first half of a Step: batch norm by the batch's statistics, which move the
// running ones, and dropout.
func (m *Model) Forward(inputs [][]float32) ([][]float32, error) {
	if m.engine == nil {
		return nil, errClosed
	}
	return m.engine.predict(inputs, true)
}

// Origin says where numbers stopped being finite in the last Step or Predict: an *OpError of the first op whose
// weights or result hold a NaN or an infinity, or the input that does. It is nil where all numbers are finite.
func (m *Model) Origin() error {
	if m.engine == nil {
		return errClosed
	}
	return m.engine.origin()
}

// Params are the learnt weights in the order in which the graph's ops make them.
func (m *Model) Params() []*Param { return m.params }

// State is what training updates without gradients: the running statistics.
func (m *Model) State() []*Param { return m.state }

// Memory is the bytes of the buffers: what MemoryOf says of the graph.
func (m *Model) Memory() int64 { return m.memory }

// Graph is the Gorgonia graph, for drawing it or running it on a machine of Gorgonia's; nil when closed.
func (m *Model) Graph() *G.ExprGraph { return m.graph }

// SetStep sets how many steps have been taken, which dropout's randomness depends on: 0 at first.
func (m *Model) SetStep(n uint64) {
	if m.engine != nil {
		m.engine.setStep(n)
	}
}

// Close lets go of the buffers. The params keep their values.
func (m *Model) Close() { m.engine, m.graph = nil, nil }
