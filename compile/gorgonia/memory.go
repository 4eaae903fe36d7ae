package gorgonia

import (
	"fmt"

	"github.com/spacec-lang/spacec/ir/op"
)

// Memory is the bytes of a model's buffers. The executor gives every tensor a buffer of its own for as long as the model
// lives, so what a model takes at one time is what it takes at all. The work space of kernels isn't counted: masks of
// dropout, places of maxima, what a convolution or a product lays out anew.
type Memory struct {
	Weights     int64 // learnt numbers and states
	Activations int64 // the inputs, and all that the primitives of the ops make, for the whole batch
	// Gradients is of a model with a loss: the target, the loss, and the gradient by each tensor and weight through which
	// the loss leads to a weight; where several meet, their sums, too.
	Gradients int64
}

// Total is all of it.
func (m Memory) Total() int64 { return m.Weights + m.Activations + m.Gradients }

// MemoryOf computes from shapes alone what a graph would take when built with the options.
func MemoryOf(g *op.Graph, o Options) (Memory, error) {
	if err := o.check(g); err != nil {
		return Memory{}, err
	}
	return measure(g, o)
}

// mostElements keeps sums of sizes within an int64, as bytes of float64.
const mostElements = 1 << 58

// measure is MemoryOf for a checked graph.
func measure(g *op.Graph, o Options) (Memory, error) {
	s := &sizer{batch: int64(o.Batch), shared: map[string]*sized{}}
	wires := make([]op.Tensor, g.Wires)
	for i, p := range g.Inputs {
		wires[i] = s.add(p.Shape)
	}
	names, fused := g.Names(), fusions(g)
	for i := range g.Nodes {
		n := &g.Nodes[i]
		in := make([]op.Tensor, len(n.In))
		for k, w := range n.In {
			in[k] = wires[w]
		}
		top, outs := op.Builder(s), n.Out
		if f := fused[i]; f != nil {
			if f.linear != i {
				continue
			}
			fold := &g.Nodes[f.fold]
			top, outs = &convolvingSizer{s, wires[g.Nodes[f.unfold].In[0]], fold.Shapes[0]}, fold.Out
			in[0] = view{shape: f.rows}
		}
		s.node, s.share, s.Op = names[i], n.Share, n.Args.Spec.Name
		out, err := op.Run(top, n.Args, in)
		if err != nil {
			return Memory{}, &OpError{Path: n.Path, Span: n.Span, Err: err}
		}
		for k, w := range outs {
			wires[w] = out[k]
		}
	}
	if o.Loss != None {
		s.train(wires[g.Outputs[0]].(view), o.Loss)
	}
	width := int64(4)
	if o.Float64 {
		width = 8
	}
	return Memory{width * s.weights, width * s.activations, width * s.gradients}, nil
}

// sizer is the builder that notes which primitive reads what.
type sizer struct {
	op.Tracer
	batch  int64
	node   string // the name of the node at hand
	share  int
	shared map[string]*sized // as lowering.shared
	learnt []*sized
	made   []*sized // tensors, each after those that it is made of

	weights, activations, gradients int64 // elements
}

// sized is a buffer of a tensor for the whole batch, or of a weight.
type sized struct {
	elements int64
	name     string // of a weight
	dims     []int
	in       []*sized
	needs    bool  // a weight leads here
	passes   bool  // the gradient by each input is the gradient by this
	terms    []int // the numbers of the gradients that meet here; those of one number have one buffer
}

func (x *sized) Dims() []int { return x.dims }

// view is a buffer read as a tensor.
type view struct {
	shape op.Shape
	*sized
}

func (v view) Shape() op.Shape { return v.shape }

func grown(sum *int64, n int64) { *sum = min(*sum+min(n, mostElements), mostElements) }

// add notes a tensor.
func (s *sizer) add(shape op.Shape) view {
	x := &sized{elements: min(shape.Elements()*s.batch, mostElements)}
	grown(&s.activations, x.elements)
	s.made = append(s.made, x)
	return view{shape, x}
}

// of notes what a primitive makes of tensors and weights, some of which may be nil.
func (s *sizer) of(shape op.Tensor, xs []op.Tensor, ws ...op.Weight) view {
	y := s.add(shape.Shape())
	for _, x := range xs {
		y.in = append(y.in, x.(view).sized)
	}
	for _, w := range ws {
		if w, ok := w.(*sized); ok {
			y.in = append(y.in, w)
		}
	}
	for _, x := range y.in {
		y.needs = y.needs || x.needs
	}
	return y
}

// Weight notes a weight, or finds the one that is shared.
func (s *sizer) Weight(name string, init op.Init, dims ...int) op.Weight {
	return s.weight(name, s.Tracer.Weight(name, init, dims...).Dims(), true)
}

// State notes a state, or finds the one that is shared.
func (s *sizer) State(name string, start float64, dims ...int) op.Weight {
	return s.weight(name, s.Tracer.State(name, start, dims...).Dims(), false)
}

func (s *sizer) weight(name string, dims []int, learnt bool) *sized {
	key := fmt.Sprint(s.share, " ", name)
	if first := s.shared[key]; first != nil && s.share != 0 {
		if !equalInts(first.dims, dims) {
			s.Fail("%s can't share %s: it needs the sizes %v, and %v are there", s.Op, first.name, dims, first.dims)
		}
		return first
	}
	w := &sized{name: s.node + "." + name, elements: 1, dims: append([]int(nil), dims...), needs: learnt}
	for _, d := range dims {
		w.elements *= int64(d)
	}
	s.shared[key] = w
	grown(&s.weights, w.elements)
	if learnt {
		s.learnt = append(s.learnt, w)
	}
	return w
}

// train adds what a step of training takes besides: it follows the gradients from the loss as Grad derives them.
func (s *sizer) train(out view, loss Loss) {
	target := out.elements
	if n := len(out.shape); loss == CrossEntropy && n > 0 {
		target /= int64(out.shape[n-1].Size)
	}
	if loss == Sum {
		target = 0
	}
	s.gradients = min(target+1, mostElements)
	last := 0
	fresh := func(size int64) int { // a gradient in a buffer of its own
		grown(&s.gradients, size)
		last++
		return last
	}
	if out.needs {
		out.terms = append(out.terms, fresh(out.elements))
	}
	sums := map[[2]int]int{}
	meet := func(x *sized) int {
		sum := x.terms[0]
		for _, t := range x.terms[1:] {
			pair := [2]int{sum, t}
			if sums[pair] == 0 {
				sums[pair] = fresh(x.elements)
			}
			sum = sums[pair]
		}
		return sum
	}
	for i := len(s.made) - 1; i >= 0; i-- {
		y := s.made[i]
		if len(y.terms) == 0 {
			continue
		}
		g := meet(y)
		for _, x := range y.in {
			switch {
			case !x.needs:
			case y.passes:
				x.terms = append(x.terms, g)
			default:
				x.terms = append(x.terms, fresh(x.elements))
			}
		}
	}
	for _, w := range s.learnt {
		if len(w.terms) == 0 {
			fresh(w.elements) // zeros
		} else {
			meet(w)
		}
	}
}

func (s *sizer) Linear(x op.Tensor, w, bias op.Weight) op.Tensor {
	return s.of(s.Tracer.Linear(x, w, bias), list(x), w, bias)
}

func (s *sizer) Conv(x op.Tensor, w, bias op.Weight, win op.Window, groups int) op.Tensor {
	return s.of(s.Tracer.Conv(x, w, bias, win, groups), list(x), w, bias)
}

func (s *sizer) MatMul(a, c op.Tensor, transposed bool, scale float64) op.Tensor {
	return s.of(s.Tracer.MatMul(a, c, transposed, scale), list(a, c))
}

func (s *sizer) MaxPool(x op.Tensor, win op.Window) op.Tensor {
	return s.of(s.Tracer.MaxPool(x, win), list(x))
}

func (s *sizer) AvgPool(x op.Tensor, win op.Window) op.Tensor {
	return s.of(s.Tracer.AvgPool(x, win), list(x))
}

func (s *sizer) Mean(x op.Tensor, axes ...int) op.Tensor {
	return s.of(s.Tracer.Mean(x, axes...), list(x))
}

func (s *sizer) Add(xs ...op.Tensor) op.Tensor {
	y := s.of(s.Tracer.Add(xs...), xs)
	y.passes = true
	return y
}

func (s *sizer) Mul(xs ...op.Tensor) op.Tensor { return s.of(s.Tracer.Mul(xs...), xs) }

func (s *sizer) AddWeight(x op.Tensor, w op.Weight) op.Tensor {
	return s.of(s.Tracer.AddWeight(x, w), list(x), w)
}

func (s *sizer) MulChannels(x, c op.Tensor) op.Tensor {
	return s.of(s.Tracer.MulChannels(x, c), list(x, c))
}

func (s *sizer) AddSinusoid(x op.Tensor) op.Tensor {
	y := s.of(s.Tracer.AddSinusoid(x), list(x))
	y.passes = true
	return y
}

func (s *sizer) ReLU(x op.Tensor) op.Tensor { return s.of(x, list(x)) }

func (s *sizer) Scale(x op.Tensor, _ float64) op.Tensor { return s.of(x, list(x)) }

func (s *sizer) LeakyReLU(x op.Tensor, _ float64) op.Tensor { return s.of(x, list(x)) }

func (s *sizer) Tanh(x op.Tensor) op.Tensor { return s.of(x, list(x)) }

func (s *sizer) Sigmoid(x op.Tensor) op.Tensor { return s.of(x, list(x)) }

func (s *sizer) GELU(x op.Tensor) op.Tensor { return s.of(x, list(x)) }

func (s *sizer) SiLU(x op.Tensor) op.Tensor { return s.of(x, list(x)) }

func (s *sizer) Softmax(x op.Tensor, axis int) op.Tensor {
	return s.of(s.Tracer.Softmax(x, axis), list(x))
}

func (s *sizer) CausalMask(x op.Tensor) op.Tensor { return s.of(s.Tracer.CausalMask(x), list(x)) }

func (s *sizer) PadMask(x, mask op.Tensor) op.Tensor {
	return s.of(s.Tracer.PadMask(x, mask), list(x, mask))
}

func (s *sizer) Zero(x op.Tensor) op.Tensor { return s.of(x, nil) }

func (s *sizer) Dropout(x op.Tensor, rate float64) op.Tensor {
	return s.of(s.Tracer.Dropout(x, rate), list(x))
}

func (s *sizer) BatchNorm(x op.Tensor, gamma, beta, mean, variance op.Weight, momentum, eps float64) op.Tensor {
	return s.of(s.Tracer.BatchNorm(x, gamma, beta, mean, variance, momentum, eps), list(x), gamma, beta)
}

func (s *sizer) LayerNorm(x op.Tensor, gamma, beta op.Weight, eps float64) op.Tensor {
	return s.of(s.Tracer.LayerNorm(x, gamma, beta, eps), list(x), gamma, beta)
}

func (s *sizer) GroupNorm(x op.Tensor, groups int, gamma, beta op.Weight, eps float64) op.Tensor {
	return s.of(s.Tracer.GroupNorm(x, groups, gamma, beta, eps), list(x), gamma, beta)
}

func (s *sizer) Concat(axis int, xs ...op.Tensor) op.Tensor {
	return s.of(s.Tracer.Concat(axis, xs...), xs)
}

func (s *sizer) Slice(x op.Tensor, axis, from, to int) op.Tensor {
	return s.of(s.Tracer.Slice(x, axis, from, to), list(x))
}

func (s *sizer) Permute(x op.Tensor, order ...int) op.Tensor {
	return s.of(s.Tracer.Permute(x, order...), list(x))
}

func (s *sizer) Reshape(x op.Tensor, to op.Shape) op.Tensor {
	y := s.Tracer.Reshape(x, to)
	if to.Same(x.Shape()) {
		return view{to, x.(view).sized}
	}
	return s.of(y, list(x))
}

func (s *sizer) Unfold(x op.Tensor, win op.Window) op.Tensor {
	return s.of(s.Tracer.Unfold(x, win), list(x))
}

func (s *sizer) Embed(x op.Tensor, table op.Weight) op.Tensor {
	return s.of(s.Tracer.Embed(x, table), list(x), table)
}

func (s *sizer) LSTM(x op.Tensor, wx, wh, bias op.Weight) op.Tensor {
	return s.of(s.Tracer.LSTM(x, wx, wh, bias), list(x), wx, wh, bias)
}

func (s *sizer) GRU(x op.Tensor, wx, wh, bx, bh op.Weight) op.Tensor {
	return s.of(s.Tracer.GRU(x, wx, wh, bx, bh), list(x), wx, wh, bx, bh)
}

func (s *sizer) Opaque(in []op.Tensor, out []op.Shape, params, macs int64) []op.Tensor {
	made := s.Tracer.Opaque(in, out, params, macs)
	for i, y := range made {
		made[i] = s.of(y, in)
	}
	return made
}
