// Package reference evaluates a graph of ops in the plainest way: float64, one number after another, each
// primitive as its definition reads. It is slow and shares no arithmetic with the backend, which the tests
// compare with it.
package reference

import (
	"fmt"
	"math"

	"github.com/spacec-lang/spacec/ir/op"
)

// Run is one evaluation.
type Run struct {
	Batch    int
	Training bool
	Weights  map[string][]float64 // weights and states by name: path, ".", the weight's name
	// Mask gives the factor of element i of the nth dropout, from 1, of a path; needed while training.
	Mask func(path string, nth, i int) float64

	States map[string][]float64 // the states after the run, where training moved them
	shared map[string]string
	path   string
	share  int
	masks  int
	tracer op.Tracer
}

// tensor is the values of a batch.
type tensor struct {
	shape op.Shape
	data  []float64
}

func (t *tensor) Shape() op.Shape { return t.shape }

type weight struct {
	name string
	dims []int
	data []float64
}

func (w *weight) Dims() []int { return w.dims }

// Eval gives the outputs for the inputs, each the examples one after the other.
func (r *Run) Eval(g *op.Graph, inputs [][]float64) (outputs [][]float64, err error) {
	r.States, r.shared = map[string][]float64{}, map[string]string{}
	wires := make([]op.Tensor, g.Wires)
	for i, p := range g.Inputs {
		wires[i] = &tensor{p.Shape, inputs[i]}
	}
	for _, n := range g.Nodes {
		r.path, r.share, r.masks = n.Path, n.Share, 0
		var in []op.Tensor
		for _, w := range n.In {
			in = append(in, wires[w])
		}
		out, err := op.Run(r, n.Args, in)
		if err != nil {
			return nil, err
		}
		for i, w := range n.Out {
			wires[w] = out[i]
		}
	}
	for _, w := range g.Outputs {
		outputs = append(outputs, wires[w].(*tensor).data)
	}
	return outputs, nil
}

// CrossEntropy is the mean of -log softmax at the labels.
func CrossEntropy(scores []float64, labels []int) float64 {
	n := len(scores) / len(labels)
	loss, count := 0.0, 0.0
	for i, label := range labels {
		if label < 0 {
			continue
		}
		count++
		sum := 0.0
		for _, s := range scores[i*n : (i+1)*n] {
			sum += math.Exp(s)
		}
		loss -= math.Log(math.Exp(scores[i*n+label]) / sum)
	}
	return loss / count
}

// MeanSquared is the mean of the squared differences.
func MeanSquared(out, values []float64) float64 {
	loss := 0.0
	for i := range out {
		loss += (out[i] - values[i]) * (out[i] - values[i])
	}
	return loss / float64(len(out))
}

func (r *Run) find(name string, dims []int) *weight {
	full := r.path + "." + name
	if r.share != 0 {
		key := fmt.Sprint(r.share, name)
		if first, ok := r.shared[key]; ok {
			full = first
		}
		r.shared[key] = full
	}
	data, ok := r.Weights[full]
	if moved, is := r.States[full]; is {
		data = moved
	} else if !ok {
		panic("no weight " + full)
	}
	return &weight{full, dims, data}
}

// made is a tensor of the shape whose element at idx of example n is f(n, idx).
func (r *Run) made(shape op.Tensor, f func(n int, idx []int) float64) op.Tensor {
	s := shape.Shape()
	t := &tensor{s, nil}
	idx := make([]int, len(s))
	for n := 0; n < r.Batch; n++ {
		r.each(s, idx, 0, func() { t.data = append(t.data, f(n, idx)) })
	}
	return t
}

// each sets idx to every place of a shape in order.
func (r *Run) each(s op.Shape, idx []int, axis int, f func()) {
	if axis == len(s) {
		f()
		return
	}
	for idx[axis] = 0; idx[axis] < s[axis].Size; idx[axis]++ {
		r.each(s, idx, axis+1, f)
	}
}

// at is an element of a tensor.
func at(x op.Tensor, n int, idx ...int) float64 {
	t := x.(*tensor)
	i := n
	for a, v := range idx {
		i = i*t.shape[a].Size + v
	}
	return t.data[i]
}

// of is an element of a weight.
func of(w op.Weight, idx ...int) float64 {
	i := 0
	for a, v := range idx {
		i = i*w.(*weight).dims[a] + v
	}
	return w.(*weight).data[i]
}

// put is idx with another value at an axis, in a list of its own.
func put(idx []int, axis, v int) []int {
	c := append([]int(nil), idx...)
	c[axis] = v
	return c
}
