package gorgonia

import (
	"fmt"
	"slices"

	"github.com/spacec-lang/spacec/ir/op"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// builder makes the Gorgonia nodes of one op: for each primitive the shape as the tracer says, and a
// kernel.
type builder[T real] struct {
	low    *lowering[T]
	node   *op.Node
	name   string // of its weights
	at     *place
	shapes op.Tracer
	masks  int   // dropouts so far
	err    error // why the op was ended, where its shapes weren't the reason
}

var _ op.Builder = (*builder[float32])(nil)

func (b *builder[T]) Fail(format string, args ...any)   { b.shapes.Fail(format, args...) }
func (b *builder[T]) Export(name string, values ...int) { b.shapes.Export(name, values...) }

func (b *builder[T]) abort(err error) {
	b.err = err
	b.Fail("%v", err)
}

func (b *builder[T]) Weight(name string, init op.Init, dims ...int) op.Weight {
	b.shapes.Weight(name, init, dims...)
	w := b.find(name, dims, func(w *weight[T]) {
		fill(w.value, init, b.low.Seed, w.Name)
		w.node = G.NewTensor(b.low.g, dtype[T](), len(dims), G.WithShape(dims...), G.WithName(w.Name),
			G.WithValue(dense(tensor.Shape(dims), w.value)))
		b.low.data[w.node] = w.value
		b.low.params = append(b.low.params, w)
	})
	return w
}

func (b *builder[T]) State(name string, start float64, dims ...int) op.Weight {
	b.shapes.State(name, start, dims...)
	return b.find(name, dims, func(w *weight[T]) {
		for i := range w.value {
			w.value[i] = T(start)
		}
		b.low.states = append(b.low.states, w)
	})
}

// find is the weight that nodes of this one's share have already made, or else a new one.
func (b *builder[T]) find(name string, dims []int, start func(*weight[T])) *weight[T] {
	key := fmt.Sprint(b.node.Share, " ", name)
	if w := b.low.shared[key]; w != nil && b.node.Share != 0 {
		if !equalInts(w.Param.Shape, dims) {
			b.Fail("%s can't share %s: it needs the sizes %v, and %v are there", b.node.Args.Spec.Name, w.Name, dims, w.Param.Shape)
		}
		return w
	}
	w := &weight[T]{Param: Param{Name: b.name + "." + name, Shape: append([]int(nil), dims...)}}
	n := 1
	for _, d := range dims {
		n *= d
	}
	w.value = b.low.buffer(n)
	before := len(b.low.g.AllNodes())
	if start(w); w.node != nil && len(b.low.g.AllNodes()) != before+1 {
		b.abort(fmt.Errorf("the graph has two of the name %s", w.Name))
	}
	b.low.shared[key] = w
	return w
}

func equalInts(a, c []int) bool {
	if len(a) != len(c) {
		return false
	}
	for i := range a {
		if a[i] != c[i] {
			return false
		}
	}
	return true
}

// made adds the node of a primitive: its shape, its kernel, the tensors and weights that it reads. A
// weight may be nil.
func (b *builder[T]) made(shape op.Tensor, name string, k kernel[T], xs []op.Tensor, ws ...op.Weight) op.Tensor {
	o := &operation[T]{low: b.low, name: name, at: b.at, shape: b.low.batched(shape.Shape()), kernel: k}
	var children G.Nodes
	needs := false
	for _, x := range xs {
		x := x.(*wire[T])
		children = append(children, x.node)
		o.needs = append(o.needs, x.needs)
		needs = needs || x.needs
	}
	for _, w := range ws {
		if w, ok := w.(*weight[T]); ok {
			children = append(children, w.node)
			o.needs = append(o.needs, true)
			needs = true
		}
	}
	if _, stops := k.(*zero[T]); stops {
		o.needs, needs = make([]bool, len(children)), false
	}
	node, err := o.forward(children)
	if err != nil {
		b.abort(err)
	}
	return &wire[T]{shape.Shape(), node, needs}
}

// forward allocates a primitive's buffer and adds its node.
func (o *operation[T]) forward(children G.Nodes) (*G.Node, error) {
	o.allocate()
	o.run = func(in [][]T) error { return o.kernel.forward(in, o.out) }
	return o.apply(children)
}

func list(xs ...op.Tensor) []op.Tensor { return xs }

func size(x op.Tensor, axis int) int { return x.Shape()[axis].Size }

func last(x op.Tensor) int { return size(x, len(x.Shape())-1) }

// product of the sizes of the axes [from, to).
func product(s op.Shape, from, to int) int {
	n := 1
	for _, a := range s[from:to] {
		n *= a.Size
	}
	return n
}

// rows is how many rows along the last axis a batch of x has.
func (b *builder[T]) rows(x op.Tensor) int {
	s := x.Shape()
	return b.low.Batch * product(s, 0, len(s)-1)
}

func (b *builder[T]) Linear(x op.Tensor, w, bias op.Weight) op.Tensor {
	k := &linear[T]{rowSums[T]{team: b.low.team}, b.low.mem.work, b.rows(x), last(x), w.Dims()[0]}
	return b.made(b.shapes.Linear(x, w, bias), "linear", k, list(x), w, bias)
}

func (b *builder[T]) Conv(x op.Tensor, w, bias op.Weight, win op.Window, groups int) op.Tensor {
	return b.convolve(x, b.shapes.Conv(x, w, bias, win, groups), w, bias, win, groups)
}

// convolve makes y.
func (b *builder[T]) convolve(x, y op.Tensor, w, bias op.Weight, win op.Window, groups int) op.Tensor {
	_, biased := bias.(*weight[T])
	k, err := newConv(b.low, x.Shape(), y.Shape(), win, groups, biased, x.(*wire[T]).needs)
	if err != nil {
		b.abort(err)
	}
	return b.made(y, "convolution", k, list(x), w, bias)
}

func (b *builder[T]) MatMul(a, c op.Tensor, transposed bool, scale float64) op.Tensor {
	y := b.shapes.MatMul(a, c, transposed, scale)
	n := len(y.Shape())
	k := &matmul[T]{team: b.low.team, work: b.low.mem.work, own: b.low.mem.works, batches: b.low.Batch * product(y.Shape(), 0, n-2), p: size(y, n-2), q: last(a), r: last(y),
		transposed: transposed, scale: T(scale)}
	return b.made(y, "product", k, list(a, c))
}

func (b *builder[T]) MaxPool(x op.Tensor, win op.Window) op.Tensor {
	y := b.shapes.MaxPool(x, win)
	p := planesOf(b.low.Batch, x.Shape(), y.Shape(), win)
	return b.made(y, "max pooling", b.split(p.count, p.h*p.w, newMaxPool[T](p)), list(x))
}

func (b *builder[T]) AvgPool(x op.Tensor, win op.Window) op.Tensor {
	y := b.shapes.AvgPool(x, win)
	p := planesOf(b.low.Batch, x.Shape(), y.Shape(), win)
	return b.made(y, "average pooling", b.split(p.count, p.h*p.w, &avgPool[T]{p}), list(x))
}

func (b *builder[T]) Mean(x op.Tensor, axes ...int) op.Tensor {
	s := x.Shape()
	var k kernel[T]
	if first, after := slices.Min(axes), slices.Max(axes)+1; after-first == len(axes) { // all between
		a := &meanAlong[T]{product(s, first, after), product(s, after, len(s))}
		k = b.split(b.low.Batch*product(s, 0, first), a.n*a.inner, a)
	} else {
		k = newMean[T](b.low.batched(s), axes)
	}
	return b.made(b.shapes.Mean(x, axes...), "mean", k, list(x))
}

func (b *builder[T]) Add(xs ...op.Tensor) op.Tensor {
	return b.made(b.shapes.Add(xs...), "sum", b.elements(xs[0].Shape(), &add[T]{}), xs)
}

func (b *builder[T]) Mul(xs ...op.Tensor) op.Tensor {
	return b.made(b.shapes.Mul(xs...), "product by elements", b.elements(xs[0].Shape(), &mul[T]{}), xs)
}

func (b *builder[T]) AddWeight(x op.Tensor, w op.Weight) op.Tensor {
	return b.made(b.shapes.AddWeight(x, w), "sum with a weight", &addWeight[T]{rowSums[T]{team: b.low.team}}, list(x), w)
}

func (b *builder[T]) MulChannels(x, s op.Tensor) op.Tensor {
	k := &mulChannels[T]{product(x.Shape(), 1, len(x.Shape()))}
	return b.made(b.shapes.MulChannels(x, s), "scaling of channels", b.split(b.low.Batch*size(x, 0), k.n, k), list(x, s))
}

func (b *builder[T]) AddSinusoid(x op.Tensor) op.Tensor {
	return b.made(b.shapes.AddSinusoid(x), "positional encoding", newSinusoid[T](size(x, 0), size(x, 1)), list(x))
}

func (b *builder[T]) ReLU(x op.Tensor) op.Tensor {
	return b.made(b.shapes.ReLU(x), "relu", b.elements(x.Shape(), &relu[T]{}), list(x))
}

func (b *builder[T]) Scale(x op.Tensor, by float64) op.Tensor {
	return b.made(b.shapes.Scale(x, by), "scale", b.elements(x.Shape(), &scale[T]{T(by)}), list(x))
}

func (b *builder[T]) LeakyReLU(x op.Tensor, slope float64) op.Tensor {
	return b.made(b.shapes.LeakyReLU(x, slope), "leaky relu", b.elements(x.Shape(), &leaky[T]{T(slope)}), list(x))
}

func (b *builder[T]) Tanh(x op.Tensor) op.Tensor {
	return b.made(b.shapes.Tanh(x), "tanh", b.elements(x.Shape(), &tanh[T]{}), list(x))
}

func (b *builder[T]) Sigmoid(x op.Tensor) op.Tensor {
	return b.made(b.shapes.Sigmoid(x), "sigmoid", b.elements(x.Shape(), &sigmoid[T]{}), list(x))
}

func (b *builder[T]) GELU(x op.Tensor) op.Tensor {
	return b.made(b.shapes.GELU(x), "gelu", b.elements(x.Shape(), &gelu[T]{b.sloped(x)}), list(x))
}

func (b *builder[T]) SiLU(x op.Tensor) op.Tensor {
	return b.made(b.shapes.SiLU(x), "silu", b.elements(x.Shape(), &silu[T]{b.sloped(x)}), list(x))
}

// sloped is for an activation of x.
func (b *builder[T]) sloped(x op.Tensor) sloped[T] {
	return sloped[T]{make([]T, b.low.Batch*int(x.Shape().Elements()))}
}

func (b *builder[T]) Softmax(x op.Tensor, axis int) op.Tensor {
	s := x.Shape()
	outer, n, inner := b.low.Batch*product(s, 0, axis), s[axis].Size, product(s, axis+1, len(s))
	var k kernel[T] = newSoftmaxAcross[T](outer, n, inner)
	if inner == 1 {
		k = b.split(outer, n, &softmax[T]{n})
	}
	return b.made(b.shapes.Softmax(x, axis), "softmax", k, list(x))
}

func (b *builder[T]) CausalMask(x op.Tensor) op.Tensor {
	return b.made(b.shapes.CausalMask(x), "causal mask", b.split(b.rows(x), last(x), &causal[T]{last(x)}), list(x))
}

func (b *builder[T]) PadMask(x, mask op.Tensor) op.Tensor {
	k := &padding[T]{rows: b.rows(x) / b.low.Batch, n: last(x)}
	return b.made(b.shapes.PadMask(x, mask), "padding mask", b.split(b.rows(x), k.n, k), list(x, mask))
}

func (b *builder[T]) Zero(x op.Tensor) op.Tensor {
	return b.made(b.shapes.Zero(x), "zero", &zero[T]{}, list(x))
}

func (b *builder[T]) Dropout(x op.Tensor, rate float64) op.Tensor {
	b.masks++
	k := newDropout[T](b.low.run, b.low.Batch*int(x.Shape().Elements()), rate, b.name, b.masks)
	return b.made(b.shapes.Dropout(x, rate), "dropout", b.elements(x.Shape(), k), list(x))
}

func (b *builder[T]) BatchNorm(x op.Tensor, gamma, beta, mean, variance op.Weight, momentum, eps float64) op.Tensor {
	s := x.Shape()
	n := &batchNorm[T]{run: b.low.run, batch: b.low.Batch, channels: s[0].Size, inner: product(s, 1, len(s)),
		mean: mean.(*weight[T]).value, variance: variance.(*weight[T]).value, momentum: momentum, eps: eps}
	n.batchMean, n.inverse = make([]T, n.channels), make([]T, n.channels)
	var k kernel[T] = b.split(n.channels, n.batch*n.inner, n)
	if n.inner == 1 {
		n.batch, n.inner = 1, n.batch
		k = &exchanged[T]{kernel: k, batch: n.inner, channels: n.channels, x: make([]T, n.inner*n.channels), y: make([]T, n.inner*n.channels)}
	}
	return b.made(b.shapes.BatchNorm(x, gamma, beta, mean, variance, momentum, eps), "batch norm", k, list(x), gamma, beta)
}

func (b *builder[T]) LayerNorm(x op.Tensor, gamma, beta op.Weight, eps float64) op.Tensor {
	k := newLayerNorm[T](b.low.team, b.rows(x), last(x), eps)
	return b.made(b.shapes.LayerNorm(x, gamma, beta, eps), "layer norm", k, list(x), gamma, beta)
}

func (b *builder[T]) GroupNorm(x op.Tensor, groups int, gamma, beta op.Weight, eps float64) op.Tensor {
	s := x.Shape()
	inner := product(s, 1, len(s))
	k := newGroupNorm[T](b.low.Batch*groups, s[0].Size/groups*inner, inner, s[0].Size, eps)
	return b.made(b.shapes.GroupNorm(x, groups, gamma, beta, eps), "group norm", summed[T]{b.split(b.low.Batch*groups, k.n, k), k}, list(x), gamma, beta)
}

func (b *builder[T]) Concat(axis int, xs ...op.Tensor) op.Tensor {
	y := b.shapes.Concat(axis, xs...)
	s := y.Shape()
	k := &concat[T]{all: product(s, axis, len(s))}
	for _, x := range xs {
		k.runs = append(k.runs, product(x.Shape(), axis, len(s)))
	}
	return b.made(y, "concatenation", b.split(b.low.Batch*product(s, 0, axis), k.all, k), xs)
}

func (b *builder[T]) Slice(x op.Tensor, axis, from, to int) op.Tensor {
	s := x.Shape()
	inner := product(s, axis+1, len(s))
	k := &slice[T]{run: s[axis].Size * inner, from: from * inner, to: to * inner}
	return b.made(b.shapes.Slice(x, axis, from, to), "slice", b.split(b.low.Batch*product(s, 0, axis), k.run, k), list(x))
}

func (b *builder[T]) Permute(x op.Tensor, order ...int) op.Tensor {
	y := b.shapes.Permute(x, order...)
	k := newPermute[T](x.Shape(), order)
	return b.made(y, "permutation", b.split(b.low.Batch, k.n, k), list(x))
}

func (b *builder[T]) Reshape(x op.Tensor, to op.Shape) op.Tensor {
	y := b.shapes.Reshape(x, to)
	if to.Same(x.Shape()) {
		w := x.(*wire[T])
		return &wire[T]{to, w.node, w.needs}
	}
	return b.made(y, "reshape", b.elements(to, &copying[T]{}), list(x))
}

func (b *builder[T]) Unfold(x op.Tensor, win op.Window) op.Tensor {
	h, w := win.Out(size(x, 1), size(x, 2))
	p := planesOf(b.low.Batch, x.Shape(), op.Shape{x.Shape()[0], {Size: h}, {Size: w}}, win)
	return b.made(b.shapes.Unfold(x, win), "unfold", b.split(p.count, p.KH*p.KW*h*w, &unfold[T]{p, size(x, 0)}), list(x))
}

func (b *builder[T]) Embed(x op.Tensor, table op.Weight) op.Tensor {
	k := &embed[T]{entries: table.Dims()[0], width: table.Dims()[1]}
	y := b.made(b.shapes.Embed(x, table), "embedding", k, list(x), table)
	return y
}

func (b *builder[T]) LSTM(x op.Tensor, wx, wh, bias op.Weight) op.Tensor {
	k := newLSTM(b.low, b.low.Batch, size(x, 0), size(x, 1), wh.Dims()[1])
	return b.made(b.shapes.LSTM(x, wx, wh, bias), "lstm", k, list(x), wx, wh, bias)
}

func (b *builder[T]) GRU(x op.Tensor, wx, wh, bx, bh op.Weight) op.Tensor {
	k := newGRU(b.low, b.low.Batch, size(x, 0), size(x, 1), wh.Dims()[1])
	return b.made(b.shapes.GRU(x, wx, wh, bx, bh), "gru", k, list(x), wx, wh, bx, bh)
}

func (b *builder[T]) Opaque([]op.Tensor, []op.Shape, int64, int64) []op.Tensor {
	b.Fail("%s is declared in a file, without a definition that could be run", b.node.Args.Spec.Name)
	return nil
}
