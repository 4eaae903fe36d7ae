package op

import "iter"

// Tracer is the builder that reads shapes and costs. It is the one place where a primitive's shape rule
// stands: a backend asks it for the shape and adds the numbers. Its tensors are Shapes; it only looks at
// the shapes of those it is given, so they may be a backend's own.
//
// It checks what an op's arguments can cause (too large, nothing left); that weights fit their primitive
// is for the op to get right, and what is wrong there ends it too, as a mistake of the op.
type Tracer struct {
	Op          string // for messages
	Params      int64  // elements of the weights
	MACs        int64  // multiplications with addition, per example
	Activations int64  // elements of the tensors made, per example
	Exports     []Export

	shapes  []Shape // of what it made,
	axes    []Axis  // which these are of,
	weights []dims
}

// Reset makes the tracer as good as new. It takes back the room of what it made: shapes that are to last have to be copied before.
func (t *Tracer) Reset() {
	t.next()
	t.shapes, t.axes = t.shapes[:0], t.axes[:0]
}

// next makes the tracer as good as new, but for what it made.
func (t *Tracer) next() { *t = Tracer{shapes: t.shapes, axes: t.axes, weights: t.weights[:0]} }

// Export is a named result of an op.
type Export struct {
	Name   string
	Values []int
}

// failure is what Fail panics with; Infer and Run recover it. It is put into words only when read.
type failure struct {
	format string
	args   []any
}

// dims makes a list of sizes the weight of the Tracer.
type dims []int

func (d dims) Dims() []int { return d }

// Fail ends the op.
func (t *Tracer) Fail(format string, args ...any) { panic(&failure{format, args}) }

// Export records a named result.
func (t *Tracer) Export(name string, values ...int) {
	t.Exports = append(t.Exports, Export{name, values})
}

// Weight counts the parameters.
func (t *Tracer) Weight(name string, _ Init, sizes ...int) Weight {
	t.Params = saturate(t.Params, t.weight(name, sizes))
	return t.sized(sizes)
}

// State checks the size; a state isn't learnt and so no parameter.
func (t *Tracer) State(name string, _ float64, sizes ...int) Weight {
	t.weight(name, sizes)
	return t.sized(sizes)
}

// Weights are the sizes of each weight and state, in order.
func (t *Tracer) Weights() iter.Seq[[]int] {
	return func(yield func([]int) bool) {
		for _, w := range t.weights {
			if !yield(w) {
				return
			}
		}
	}
}

func (t *Tracer) sized(sizes dims) Weight {
	t.weights = append(t.weights, sizes)
	return &t.weights[len(t.weights)-1]
}

func (t *Tracer) weight(name string, sizes []int) int64 {
	n := int64(1)
	for _, d := range sizes {
		if d < 1 || int64(d) > MaxElements || n*int64(d) > MaxElements {
			t.Fail("the %s of %s would have %v elements; the most is 2^31", name, t.Op, product{sizes})
		}
		n *= int64(d)
	}
	return n
}

// made checks and counts a tensor that a primitive makes.
func (t *Tracer) made(s Shape) Tensor {
	if !s.valid() {
		t.Fail("%s would make %s; an axis must have 1 or more elements and a tensor at most 2^31", t.Op, s)
	}
	t.Activations = saturate(t.Activations, s.Elements())
	t.shapes = append(t.shapes, s)
	return &t.shapes[len(t.shapes)-1]
}

// like counts a tensor of the shape of another.
func (t *Tracer) like(x Tensor) Tensor {
	t.Activations = saturate(t.Activations, x.Shape().Elements())
	return x
}

// copied is a shape that may be changed.
func (t *Tracer) copied(s Shape) Shape {
	from := len(t.axes)
	t.axes = append(t.axes, s...)
	return t.axes[from:len(t.axes):len(t.axes)]
}

// mult counts multiplications: what each of the elements of s takes.
func (t *Tracer) mult(s Tensor, each int) {
	t.MACs = saturate(t.MACs, s.Shape().Elements()*int64(each))
}

// must ends an op that uses a primitive wrongly.
func (t *Tracer) must(ok bool, what string) {
	if !ok {
		t.Fail("%s is defined wrongly: %s", t.Op, what)
	}
}

func (t *Tracer) rank(x Tensor, least int) Shape {
	s := x.Shape()
	t.must(len(s) >= least, "too few axes for a primitive")
	return s
}

// vector checks that a weight, where given, has one axis of n.
func (t *Tracer) vector(w Weight, n int) {
	if w != nil {
		d := w.Dims()
		t.must(len(d) == 1 && d[0] == n, "a weight of the wrong size")
	}
}

// with is s with another size of one axis.
func (t *Tracer) with(s Shape, axis, size int) Shape {
	c := t.copied(s)
	c[axis].Size = size
	return c
}

// Linear gives [.., o].
func (t *Tracer) Linear(x Tensor, w, bias Weight) Tensor {
	s, d := t.rank(x, 1), w.Dims()
	last := len(s) - 1
	t.must(len(d) == 2 && d[1] == s[last].Size, "the weight of a linear map doesn't fit")
	t.vector(bias, d[0])
	y := t.made(t.with(s, last, d[0]))
	t.mult(y, d[1])
	return y
}

// Conv gives [f, h', w'].
func (t *Tracer) Conv(x Tensor, w, bias Weight, win Window, groups int) Tensor {
	s, d := t.rank(x, 3), w.Dims()
	t.must(len(s) == 3 && len(d) == 4 && groups > 0 && d[1]*groups == s[0].Size && d[0]%groups == 0 &&
		d[2] == win.KH && d[3] == win.KW, "the weight of a convolution doesn't fit")
	t.vector(bias, d[0])
	y := t.windows(d[0], s, win)
	t.mult(y, d[1]*d[2]*d[3])
	return y
}

func (t *Tracer) windows(channels int, s Shape, win Window) Tensor {
	t.must(win.KH > 0 && win.KW > 0 && win.SH > 0 && win.SW > 0 && win.DH > 0 && win.DW > 0, "an empty window")
	h, w := win.Out(s[1].Size, s[2].Size)
	return t.made(t.copied(Shape{{"c", channels}, {"h", h}, {"w", w}}))
}

// MatMul gives [.., p, r].
func (t *Tracer) MatMul(a, c Tensor, transposed bool, _ float64) Tensor {
	s, u := t.rank(a, 2), t.rank(c, 2)
	n := len(s)
	inner, outer := n-2, n-1
	if transposed {
		inner, outer = n-1, n-2
	}
	t.must(len(u) == n && s[:n-2].Same(u[:n-2]) && s[n-1].Size == u[inner].Size, "a product that doesn't fit")
	y := t.copied(s)
	y[n-1] = u[outer]
	r := t.made(y)
	t.mult(r, s[n-1].Size)
	return r
}

// MaxPool gives [c, h', w'].
func (t *Tracer) MaxPool(x Tensor, win Window) Tensor { return t.pool(x, win) }

// AvgPool gives [c, h', w'].
func (t *Tracer) AvgPool(x Tensor, win Window) Tensor { return t.pool(x, win) }

func (t *Tracer) pool(x Tensor, win Window) Tensor {
	s := t.rank(x, 3)
	t.must(len(s) == 3 && 2*max(win.Top, win.Bottom) <= win.KH && 2*max(win.Left, win.Right) <= win.KW,
		"a window that may hold nothing but padding")
	return t.windows(s[0].Size, s, win)
}

// Mean gives the axes that aren't among the given ones.
func (t *Tracer) Mean(x Tensor, axes ...int) Tensor {
	s := x.Shape()
	y := make(Shape, 0, len(s))
	for i, a := range s {
		if !contains(axes, i) {
			y = append(y, a)
		}
	}
	t.must(len(y) == len(s)-len(axes), "a mean over an axis that isn't there")
	return t.made(y)
}

func contains(list []int, n int) bool {
	for _, v := range list {
		if v == n {
			return true
		}
	}
	return false
}

// Add gives the shape of the first.
func (t *Tracer) Add(xs ...Tensor) Tensor { return t.pointwise(xs) }

// Mul gives the shape of the first.
func (t *Tracer) Mul(xs ...Tensor) Tensor { return t.pointwise(xs) }

func (t *Tracer) pointwise(xs []Tensor) Tensor {
	t.must(len(xs) > 0, "a sum or product of nothing")
	for _, x := range xs[1:] {
		t.must(x.Shape().Same(xs[0].Shape()), "a sum or product of different sizes")
	}
	return t.like(xs[0])
}

// AddWeight gives the shape of x.
func (t *Tracer) AddWeight(x Tensor, w Weight) Tensor {
	s, d := x.Shape(), w.Dims()
	t.must(len(s) == len(d), "a weight of the wrong size")
	for i := range s {
		t.must(s[i].Size == d[i], "a weight of the wrong size")
	}
	return t.like(x)
}

// MulChannels gives the shape of x.
func (t *Tracer) MulChannels(x, c Tensor) Tensor {
	s, u := t.rank(x, 1), t.rank(c, 1)
	t.must(len(u) == 1 && u[0].Size == s[0].Size, "factors that aren't one a channel")
	return t.like(x)
}

// AddSinusoid gives the shape of x.
func (t *Tracer) AddSinusoid(x Tensor) Tensor {
	t.must(len(x.Shape()) == 2, "a sequence is needed")
	return t.like(x)
}

// ReLU gives the shape of x.
func (t *Tracer) ReLU(x Tensor) Tensor { return t.like(x) }

// LeakyReLU gives the shape of x.
func (t *Tracer) LeakyReLU(x Tensor, _ float64) Tensor { return t.like(x) }

// Scale gives the shape of x.
func (t *Tracer) Scale(x Tensor, _ float64) Tensor { return t.like(x) }

// Tanh gives the shape of x.
func (t *Tracer) Tanh(x Tensor) Tensor { return t.like(x) }

// Sigmoid gives the shape of x.
func (t *Tracer) Sigmoid(x Tensor) Tensor { return t.like(x) }

// GELU gives the shape of x.
func (t *Tracer) GELU(x Tensor) Tensor { return t.like(x) }

// SiLU gives the shape of x.
func (t *Tracer) SiLU(x Tensor) Tensor { return t.like(x) }

// Softmax gives the shape of x.
func (t *Tracer) Softmax(x Tensor, axis int) Tensor {
	t.axis(x, axis)
	return t.like(x)
}

// CausalMask gives the shape of x.
func (t *Tracer) CausalMask(x Tensor) Tensor {
	s := t.rank(x, 2)
	t.must(s[len(s)-1].Size == s[len(s)-2].Size, "a mask that isn't square")
	return t.like(x)
}

// PadMask gives the shape of x.
func (t *Tracer) PadMask(x, mask Tensor) Tensor {
	s, m := t.rank(x, 1), t.rank(mask, 1)
	t.must(len(m) == 1 && m[0].Size == s[len(s)-1].Size, "a mask that isn't one number a column")
	return t.like(x)
}

// Zero gives the shape of x.
func (t *Tracer) Zero(x Tensor) Tensor { return t.like(x) }

// Dropout gives the shape of x.
func (t *Tracer) Dropout(x Tensor, rate float64) Tensor {
	t.must(rate >= 0 && rate < 1, "a rate of dropout outside [0, 1)")
	return t.like(x)
}

// BatchNorm gives the shape of x.
func (t *Tracer) BatchNorm(x Tensor, gamma, beta, mean, variance Weight, _, _ float64) Tensor {
	s := t.rank(x, 1)
	for _, w := range [...]Weight{gamma, beta, mean, variance} {
		t.vector(w, s[0].Size)
	}
	return t.like(x)
}

// LayerNorm gives the shape of x.
func (t *Tracer) LayerNorm(x Tensor, gamma, beta Weight, _ float64) Tensor {
	s := t.rank(x, 1)
	t.vector(gamma, s[len(s)-1].Size)
	t.vector(beta, s[len(s)-1].Size)
	return t.like(x)
}

// GroupNorm gives the shape of x.
func (t *Tracer) GroupNorm(x Tensor, groups int, gamma, beta Weight, _ float64) Tensor {
	s := t.rank(x, 1)
	t.must(groups > 0 && s[0].Size%groups == 0, "groups that don't divide the channels")
	t.vector(gamma, s[0].Size)
	t.vector(beta, s[0].Size)
	return t.like(x)
}

func (t *Tracer) axis(x Tensor, axis int) {
	t.must(axis >= 0 && axis < len(x.Shape()), "an axis that isn't there")
}

// Concat adds up the axis.
func (t *Tracer) Concat(axis int, xs ...Tensor) Tensor {
	t.must(len(xs) > 0, "a concatenation of nothing")
	t.axis(xs[0], axis)
	first, sum := xs[0].Shape(), 0
	for _, x := range xs {
		s := x.Shape()
		t.must(len(s) == len(first) && s[:axis].Same(first[:axis]) && s[axis+1:].Same(first[axis+1:]),
			"a concatenation of tensors that differ on another axis")
		if sum += s[axis].Size; sum > MaxElements {
			break // made says so, and the sum stays within an int
		}
	}
	return t.made(t.with(first, axis, sum))
}

// Slice shortens the axis.
func (t *Tracer) Slice(x Tensor, axis, from, to int) Tensor {
	t.axis(x, axis)
	s := x.Shape()
	t.must(0 <= from && from < to && to <= s[axis].Size, "a slice out of range")
	return t.made(t.with(s, axis, to-from))
}

// Permute reorders the axes.
func (t *Tracer) Permute(x Tensor, order ...int) Tensor {
	s := x.Shape()
	t.must(len(order) == len(s), "a permutation of the wrong length")
	y := t.copied(s)
	for i, from := range order {
		t.axis(x, from)
		t.must(!contains(order[:i], from), "a permutation that repeats an axis")
		y[i] = s[from]
	}
	return t.made(y)
}

// Reshape gives to; where only names change nothing is made.
func (t *Tracer) Reshape(x Tensor, to Shape) Tensor {
	if to.Same(x.Shape()) {
		return to
	}
	y := t.made(to)
	t.must(to.Elements() == x.Shape().Elements(), "a reshape to another number of elements")
	return y
}

// Unfold gives [h' w', c kh kw].
func (t *Tracer) Unfold(x Tensor, win Window) Tensor {
	s := t.rank(x, 3)
	grid := t.windows(s[0].Size, s, win).Shape()
	t.Activations -= grid.Elements() // the grid itself is never made
	if s := (Shape{{"", s[0].Size}, {"", win.KH}, {"", win.KW}}); !s.valid() {
		return t.made(s)
	}
	return t.made(t.copied(Shape{{"s", grid[1].Size * grid[2].Size}, {"d", s[0].Size * win.KH * win.KW}}))
}

// Embed adds an axis for the row.
func (t *Tracer) Embed(x Tensor, table Weight) Tensor {
	d := table.Dims()
	t.must(len(d) == 2, "a table that isn't one")
	return t.made(append(append(Shape(nil), x.Shape()...), Axis{"d", d[1]}))
}

// LSTM gives [s, n].
func (t *Tracer) LSTM(x Tensor, wx, wh, bias Weight) Tensor {
	return t.recurrent(x, 4, wx, wh, bias, bias)
}

// GRU gives [s, n].
func (t *Tracer) GRU(x Tensor, wx, wh, bx, bh Weight) Tensor {
	return t.recurrent(x, 3, wx, wh, bx, bh)
}

func (t *Tracer) recurrent(x Tensor, gates int, wx, wh, bx, bh Weight) Tensor {
	s, i, h := t.rank(x, 2), wx.Dims(), wh.Dims()
	t.must(len(s) == 2 && len(i) == 2 && len(h) == 2 && i[1] == s[1].Size && h[0] == i[0] &&
		h[0] == gates*h[1], "the weights of a recurrent unit don't fit")
	t.vector(bx, h[0])
	t.vector(bh, h[0])
	y := t.made(t.with(s, 1, h[1]))
	t.mult(y, gates*(i[1]+h[1]))
	return y
}

// Opaque gives the shapes and counts the costs that it is told.
func (t *Tracer) Opaque(_ []Tensor, out []Shape, params, macs int64) []Tensor {
	if params < 0 || macs < 0 {
		t.Fail("the params and macs of %s can't be negative; they are %d and %d", t.Op, params, macs)
	}
	t.Params, t.MACs = saturate(t.Params, params), saturate(t.MACs, macs)
	made := make([]Tensor, len(out))
	for i, s := range out {
		made[i] = t.made(s)
	}
	return made
}
