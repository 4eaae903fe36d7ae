package canon

import (
	"math"

	"github.com/spacec-lang/spacec/ir/op"
)

// The primitives' names in a trace.
const (
	opWeight = iota
	opState
	opLinear
	opConv
	opMatMul
	opMaxPool
	opAvgPool
	opMean
	opAdd
	opMul
	opAddWeight
	opMulChannels
	opAddSinusoid
	opScale
	opReLU
	opLeakyReLU
	opTanh
	opSigmoid
	opGELU
	opSiLU
	opSoftmax
	opCausalMask
	opZero
	opDropout
	opBatchNorm
	opLayerNorm
	opGroupNorm
	opConcat
	opSlice
	opPermute
	opReshape
	opUnfold
	opEmbed
	opLSTM
	opGRU
	opOpaque
	opPadMask
)

// step writes a primitive down and makes its result, of the shape that the costs' tracer gave.
func (t *tracer) step(primitive int, y op.Tensor, xs []op.Tensor, more ...int) *tensor {
	t.write(primitive, len(xs))
	for _, x := range xs {
		t.write(x.(*tensor).id)
	}
	t.write(len(more))
	t.write(more...)
	r := &tensor{y.Shape(), t.tensors, value{}}
	t.tensors++
	return r
}

// keep is a step that makes zeros of zeros.
func (t *tracer) keep(primitive int, y, x op.Tensor, more ...int) op.Tensor {
	r := t.step(primitive, y, []op.Tensor{x}, more...)
	if nothing(x) {
		r.value.kind = zero
	}
	return r
}

// move is a step that does not.
func (t *tracer) move(primitive int, y, x op.Tensor, more ...int) op.Tensor {
	return t.step(primitive, y, []op.Tensor{x}, more...)
}

func nothing(x op.Tensor) bool { return x.(*tensor).value.kind == zero }

func id(w op.Weight) int {
	if w == nil {
		return -1
	}
	return w.(*weight).id
}

func bits(x float64) int { return int(math.Float64bits(x)) }

func window(w op.Window) []int {
	return []int{w.KH, w.KW, w.SH, w.SW, w.DH, w.DW, w.Top, w.Bottom, w.Left, w.Right}
}

// still tells whether each place is a window of its own.
func still(w op.Window) bool {
	return w.KH == 1 && w.KW == 1 && w.SH == 1 && w.SW == 1 && w.Top+w.Bottom+w.Left+w.Right == 0
}

func (t *tracer) Fail(format string, args ...any) { t.costs.Fail(format, args...) }

// Export is for later ops, whose arguments then tell.
func (t *tracer) Export(string, ...int) {}

func (t *tracer) Weight(name string, init op.Init, dims ...int) op.Weight {
	t.costs.Weight(name, init, dims...)
	return t.weight(opWeight, []int{int(init.Scheme), bits(init.Value)}, dims)
}

func (t *tracer) State(name string, start float64, dims ...int) op.Weight {
	t.costs.State(name, start, dims...)
	t.single = true
	return t.weight(opState, []int{bits(start)}, dims)
}

func (t *tracer) weight(primitive int, init, dims []int) op.Weight {
	t.write(primitive)
	t.write(init...)
	t.write(len(dims))
	t.write(dims...)
	t.weighted = true
	t.weights++
	return &weight{append([]int(nil), dims...), t.weights - 1}
}

func (t *tracer) Linear(x op.Tensor, w, bias op.Weight) op.Tensor {
	y := t.costs.Linear(x, w, bias)
	if bias == nil {
		return t.keep(opLinear, y, x, id(w), -1)
	}
	return t.move(opLinear, y, x, id(w), id(bias))
}

func (t *tracer) Conv(x op.Tensor, w, bias op.Weight, win op.Window, groups int) op.Tensor {
	y := t.costs.Conv(x, w, bias, win, groups)
	more := append(window(win), id(w), id(bias), groups)
	if bias == nil {
		return t.keep(opConv, y, x, more...)
	}
	return t.move(opConv, y, x, more...)
}

func (t *tracer) MatMul(a, c op.Tensor, transposed bool, scale float64) op.Tensor {
	turned := 0
	if transposed {
		turned = 1
	}
	r := t.step(opMatMul, t.costs.MatMul(a, c, transposed, scale), []op.Tensor{a, c}, turned, bits(scale))
	if nothing(a) || nothing(c) {
		r.value.kind = zero
	}
	return r
}

func (t *tracer) MaxPool(x op.Tensor, win op.Window) op.Tensor {
	y := t.costs.MaxPool(x, win)
	if still(win) {
		return x
	}
	return t.keep(opMaxPool, y, x, window(win)...)
}

func (t *tracer) AvgPool(x op.Tensor, win op.Window) op.Tensor {
	y := t.costs.AvgPool(x, win)
	if still(win) {
		return x
	}
	return t.keep(opAvgPool, y, x, window(win)...)
}

func (t *tracer) Mean(x op.Tensor, axes ...int) op.Tensor {
	y := t.costs.Mean(x, axes...)
	if len(axes) == 0 {
		return x
	}
	return t.keep(opMean, y, x, axes...)
}

func (t *tracer) AddWeight(x op.Tensor, w op.Weight) op.Tensor {
	return t.move(opAddWeight, t.costs.AddWeight(x, w), x, id(w))
}

func (t *tracer) MulChannels(x, s op.Tensor) op.Tensor {
	r := t.step(opMulChannels, t.costs.MulChannels(x, s), []op.Tensor{x, s})
	if nothing(x) || nothing(s) {
		r.value.kind = zero
	}
	return r
}

func (t *tracer) AddSinusoid(x op.Tensor) op.Tensor {
	return t.move(opAddSinusoid, t.costs.AddSinusoid(x), x)
}

func (t *tracer) Scale(x op.Tensor, by float64) op.Tensor {
	return t.keep(opScale, t.costs.Scale(x, by), x, bits(by))
}

func (t *tracer) ReLU(x op.Tensor) op.Tensor { return t.keep(opReLU, t.costs.ReLU(x), x) }

func (t *tracer) LeakyReLU(x op.Tensor, slope float64) op.Tensor {
	return t.keep(opLeakyReLU, t.costs.LeakyReLU(x, slope), x, bits(slope))
}

func (t *tracer) Tanh(x op.Tensor) op.Tensor { return t.keep(opTanh, t.costs.Tanh(x), x) }

func (t *tracer) Sigmoid(x op.Tensor) op.Tensor { return t.move(opSigmoid, t.costs.Sigmoid(x), x) }

func (t *tracer) GELU(x op.Tensor) op.Tensor { return t.keep(opGELU, t.costs.GELU(x), x) }

func (t *tracer) SiLU(x op.Tensor) op.Tensor { return t.keep(opSiLU, t.costs.SiLU(x), x) }

func (t *tracer) Softmax(x op.Tensor, axis int) op.Tensor {
	return t.move(opSoftmax, t.costs.Softmax(x, axis), x, axis)
}

func (t *tracer) CausalMask(x op.Tensor) op.Tensor {
	return t.move(opCausalMask, t.costs.CausalMask(x), x)
}

func (t *tracer) PadMask(x, mask op.Tensor) op.Tensor {
	return t.step(opPadMask, t.costs.PadMask(x, mask), []op.Tensor{x, mask})
}

func (t *tracer) Zero(x op.Tensor) op.Tensor {
	r := t.step(opZero, t.costs.Zero(x), nil)
	r.value.kind = zero
	return r
}

func (t *tracer) Dropout(x op.Tensor, rate float64) op.Tensor {
	y := t.costs.Dropout(x, rate)
	if rate == 0 {
		return x
	}
	t.single = true
	return t.keep(opDropout, y, x, bits(rate))
}

func (t *tracer) BatchNorm(x op.Tensor, gamma, beta, mean, variance op.Weight, momentum, eps float64) op.Tensor {
	y := t.costs.BatchNorm(x, gamma, beta, mean, variance, momentum, eps)
	return t.move(opBatchNorm, y, x, id(gamma), id(beta), id(mean), id(variance), bits(momentum), bits(eps))
}

func (t *tracer) LayerNorm(x op.Tensor, gamma, beta op.Weight, eps float64) op.Tensor {
	return t.move(opLayerNorm, t.costs.LayerNorm(x, gamma, beta, eps), x, id(gamma), id(beta), bits(eps))
}

func (t *tracer) GroupNorm(x op.Tensor, groups int, gamma, beta op.Weight, eps float64) op.Tensor {
	return t.move(opGroupNorm, t.costs.GroupNorm(x, groups, gamma, beta, eps), x, groups, id(gamma), id(beta), bits(eps))
}

func (t *tracer) Concat(axis int, xs ...op.Tensor) op.Tensor {
	y := t.costs.Concat(axis, xs...)
	if len(xs) == 1 {
		return xs[0]
	}
	r := t.step(opConcat, y, xs, axis)
	r.value.kind = zero
	for _, x := range xs {
		if !nothing(x) {
			r.value.kind = computed
		}
	}
	return r
}

func (t *tracer) Slice(x op.Tensor, axis, from, to int) op.Tensor {
	y := t.costs.Slice(x, axis, from, to)
	if y.Shape().Same(x.Shape()) {
		return x
	}
	return t.keep(opSlice, y, x, axis, from, to)
}

func (t *tracer) Permute(x op.Tensor, order ...int) op.Tensor {
	y := t.costs.Permute(x, order...)
	for i, from := range order {
		if i != from {
			return t.keep(opPermute, y, x, order...)
		}
	}
	return x
}

func (t *tracer) Reshape(x op.Tensor, to op.Shape) op.Tensor {
	y := t.costs.Reshape(x, to)
	if to.Same(x.Shape()) {
		r := *x.(*tensor)
		r.shape = y.Shape()
		return &r
	}
	return t.keep(opReshape, y, x, to.Sizes()...)
}

func (t *tracer) Unfold(x op.Tensor, win op.Window) op.Tensor {
	return t.keep(opUnfold, t.costs.Unfold(x, win), x, window(win)...)
}

func (t *tracer) Embed(x op.Tensor, table op.Weight) op.Tensor {
	return t.move(opEmbed, t.costs.Embed(x, table), x, id(table))
}

func (t *tracer) LSTM(x op.Tensor, wx, wh, bias op.Weight) op.Tensor {
	return t.move(opLSTM, t.costs.LSTM(x, wx, wh, bias), x, id(wx), id(wh), id(bias))
}

func (t *tracer) GRU(x op.Tensor, wx, wh, bx, bh op.Weight) op.Tensor {
	return t.move(opGRU, t.costs.GRU(x, wx, wh, bx, bh), x, id(wx), id(wh), id(bx), id(bh))
}

// Opaque says nothing of what is computed, so nothing is taken for granted of it.
func (t *tracer) Opaque(in []op.Tensor, out []op.Shape, params, macs int64) []op.Tensor {
	shapes := t.costs.Opaque(in, out, params, macs)
	t.single, t.opaque = true, true
	t.weighted = t.weighted || params > 0
	made := make([]op.Tensor, len(out))
	for i := range out {
		made[i] = t.step(opOpaque, shapes[i], in, int(params), int(macs))
		t.shape(out[i])
	}
	return made
}
