package op

// Tensor is a value in an op that is being built. What stands behind it is the builder's own.
type Tensor interface{ Shape() Shape }

// Weight is a tensor that belongs to an op, without a batch axis: learnt, or a state kept from batch to
// batch. What stands behind it is the builder's own.
type Weight interface{ Dims() []int }

// Builder is the tensor primitives that ops are written in. Each backend implements it, so that one which
// forgets a primitive doesn't compile; Tracer, which reads shapes and costs, is the reference for shapes.
//
// Tensors have an implied batch axis; the axes named here are those of the shape, counted from 0. In the
// comments, .. stands for any number of axes, and nil is allowed where a weight is said to be optional.
type Builder interface {
	// Fail ends the op with a sentence for the user. It doesn't return.
	Fail(format string, args ...any)
	// Export names a result that a later op may be given, as the grid of an unfold.
	Export(name string, values ...int)

	// Weight is a learnt tensor of the op; the names of one op's weights differ.
	Weight(name string, init Init, dims ...int) Weight
	// State is a tensor that training updates and evaluation reads, as a running mean; it starts at start.
	State(name string, start float64, dims ...int) Weight

	// Linear is x w' + bias along the last axis: x [.., i], w [o, i], optional bias [o], gives [.., o].
	Linear(x Tensor, w, bias Weight) Tensor
	// Conv is a cross-correlation: x [c, h, w], w [f, c / groups, kh, kw], optional bias [f], gives
	// [f, h', w'] by win.
	Conv(x Tensor, w, bias Weight, win Window, groups int) Tensor
	// MatMul is scale * a @ c over the last two axes, the axes before them equal: [.., p, q] and
	// [.., q, r], or [.., r, q] where transposed, give [.., p, r].
	MatMul(a, c Tensor, transposed bool, scale float64) Tensor

	// MaxPool is the maximum over each window of x [c, h, w]; padding never wins. A window holds at least one
	// element of x, as it does where the padding is at most half the kernel and the dilation 1; so in AvgPool.
	MaxPool(x Tensor, win Window) Tensor
	// AvgPool is the mean over the elements of x [c, h, w] in each window; padding isn't counted.
	AvgPool(x Tensor, win Window) Tensor
	// Mean is the mean over the given axes, which go.
	Mean(x Tensor, axes ...int) Tensor

	// Add is the sum of two or more tensors of equal sizes.
	Add(xs ...Tensor) Tensor
	// Mul is the product, element by element, of two or more tensors of equal sizes.
	Mul(xs ...Tensor) Tensor
	// Scale is x times a number.
	Scale(x Tensor, by float64) Tensor
	// AddWeight is x + w for each example, w having the sizes of x.
	AddWeight(x Tensor, w Weight) Tensor
	// MulChannels is x [c, ..] times s [c], channel by channel.
	MulChannels(x, s Tensor) Tensor
	// AddSinusoid is x [s, d] plus the positional encoding of Vaswani et al. 2017, section 3.5.
	AddSinusoid(x Tensor) Tensor

	ReLU(x Tensor) Tensor
	// LeakyReLU is x where positive, and slope * x elsewhere.
	LeakyReLU(x Tensor, slope float64) Tensor
	Tanh(x Tensor) Tensor
	Sigmoid(x Tensor) Tensor
	// GELU is x Phi(x), Phi the normal distribution function, without approximation.
	GELU(x Tensor) Tensor
	// SiLU is x sigmoid(x).
	SiLU(x Tensor) Tensor
	// Softmax is exp(x) / sum exp(x) along an axis.
	Softmax(x Tensor, axis int) Tensor
	// CausalMask is x [.., s, s] with minus infinity above the diagonal of the last two axes.
	CausalMask(x Tensor) Tensor
	// PadMask is x [.., s] with minus infinity where the mask [s] is 0, on every row; no gradient goes to the mask.
	PadMask(x, mask Tensor) Tensor
	// Zero is x times nothing: zeros, whatever x holds, and no gradient.
	Zero(x Tensor) Tensor
	// Dropout zeroes elements with probability rate while training and scales the others by 1 / (1 - rate).
	Dropout(x Tensor, rate float64) Tensor

	// BatchNorm normalises x [c, ..] channel by channel over the batch and all other axes, by the batch's
	// statistics while training and by the states mean and variance [c] elsewhere; then gamma [c] scales
	// and beta [c] shifts. Training moves each state by momentum towards the batch's mean and unbiased
	// variance.
	BatchNorm(x Tensor, gamma, beta, mean, variance Weight, momentum, eps float64) Tensor
	// LayerNorm normalises each example along the last axis; gamma and beta [last] scale and shift.
	LayerNorm(x Tensor, gamma, beta Weight, eps float64) Tensor
	// GroupNorm normalises each example over each of groups runs of channels of x [c, ..]; gamma and
	// beta [c] scale and shift.
	GroupNorm(x Tensor, groups int, gamma, beta Weight, eps float64) Tensor

	// Concat joins tensors along an axis; their other axes are equal.
	Concat(axis int, xs ...Tensor) Tensor
	// Slice is the part [from, to) of an axis.
	Slice(x Tensor, axis, from, to int) Tensor
	// Permute reorders the axes: axis i of the result is axis order[i] of x.
	Permute(x Tensor, order ...int) Tensor
	// Reshape gives the elements, in their order, other axes.
	Reshape(x Tensor, to Shape) Tensor
	// Unfold lays out the windows of x [c, h, w] as rows: [h' w', c kh kw].
	Unfold(x Tensor, win Window) Tensor

	// Embed looks up rows: x [..] of whole numbers from 0, table [n, d], gives [.., d].
	Embed(x Tensor, table Weight) Tensor
	// LSTM runs a long short-term memory over x [s, i]: the hidden states [s, n]. wx is [4n, i], wh
	// [4n, n], bias [4n], with the gates in the order input, forget, cell, output.
	LSTM(x Tensor, wx, wh, bias Weight) Tensor
	// GRU runs a gated recurrent unit over x [s, i]: the hidden states [s, n]. wx is [3n, i], wh [3n, n],
	// bx and bh [3n], with the gates in the order reset, update, new.
	GRU(x Tensor, wx, wh, bx, bh Weight) Tensor

	// Opaque is an op that is declared in a file: shapes and costs, and nothing that could be run.
	Opaque(in []Tensor, out []Shape, params, macs int64) []Tensor
}

// Init is how a weight starts.
type Init struct {
	Scheme Scheme
	Value  float64
}

// Scheme is a distribution of starting values.
type Scheme int

// The schemes: Init.Value is the constant, the bound of the uniform distribution about 0, or the standard
// deviation of the normal distribution about 0.
const (
	ConstantInit Scheme = iota
	UniformInit
	NormalInit
)

// Constant starts every element at v.
func Constant(v float64) Init { return Init{ConstantInit, v} }

// Uniform draws the elements between -bound and bound.
func Uniform(bound float64) Init { return Init{UniformInit, bound} }

// Normal draws the elements about 0 with a standard deviation.
func Normal(sd float64) Init { return Init{NormalInit, sd} }

// Window is how a window moves over the axes h and w: kernel sizes, strides, dilations, and the padding
// on each side.
type Window struct {
	KH, KW, SH, SW, DH, DW   int
	Top, Bottom, Left, Right int
}

// Out is how many windows fit on h by w; 0 or less where none does.
func (w Window) Out(height, width int) (int, int) {
	return fit(height+w.Top+w.Bottom, w.KH, w.SH, w.DH), fit(width+w.Left+w.Right, w.KW, w.SW, w.DW)
}

func fit(size, kernel, stride, dilation int) int {
	room := size - (dilation*(kernel-1) + 1)
	if room < 0 {
		return 0
	}
	return room/stride + 1
}

// Same is the padding before and after an axis that makes a window give ceil(size / stride): what is
// missing, halved, the odd one after.
func Same(size, kernel, stride, dilation int) (before, after int) {
	out := (size + stride - 1) / stride
	missing := max(0, (out-1)*stride+dilation*(kernel-1)+1-size)
	return missing / 2, missing - missing/2
}
