package stdlib

import "github.com/spacec-lang/spacec/ir/op"

var dense = &op.Spec{
	Name: "dense", Family: "dense", Arity: 1,
	Doc: `A fully connected layer over everything that arrives.
Shape: [..] -> [units]. What arrives is flattened, in order; y = W x + b.
W and b start uniform within 1 / sqrt(inputs), PyTorch's default.`,
	Example: "dense(10) : [c: 8, h: 2, w: 2]",
	Params: []op.Param{
		whole("units", 1, nil, "how many numbers leave"),
		{Name: "bias", Kind: op.Bool, Default: true, Doc: "whether b is there"},
		bits,
	},
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		flat := b.Reshape(x, op.Shape{{Size: int(x.Shape().Elements())}})
		return affine(b, "", flat, a.Int("units"), a.Bool("bias"))
	}),
}

var linear = &op.Spec{
	Name: "linear", Family: "dense", Arity: 1,
	Doc: `A linear map along one axis, the same at every place of the others.
Shape: [.., x, ..] -> [.., units, ..]; y = W x + b. Axes count from 1, the batch axis not counted. dense is the one that
flattens.
W and b start uniform within 1 / sqrt(x), PyTorch's default.`,
	Example: "linear(32) : [s: 16, d: 64]",
	Params: []op.Param{
		whole("units", 1, nil, "the size of the axis that leaves"),
		{Name: "bias", Kind: op.Bool, Default: true, Doc: "whether b is there"},
		bits,
		absent(whole("axis", 1, nil, "which axis"), "the last"),
	},
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		if len(x.Shape()) == 0 {
			b.Fail("linear needs an axis; a single number arrives")
		}
		swap := make([]int, len(x.Shape()))
		for i := range swap {
			swap[i] = i
		}
		at, last := axis(b, a, x), len(swap)-1
		if at == last {
			return affine(b, "", x, a.Int("units"), a.Bool("bias"))
		}
		swap[at], swap[last] = last, at
		return b.Permute(affine(b, "", b.Permute(x, swap...), a.Int("units"), a.Bool("bias")), swap...)
	}),
}

// bits is how a weight would be stored; it changes no number here and is for costs of a file's own.
var bits = absent(whole("bits", 1, nil, "the bit width, for costs that a file declares; training ignores it"), "not quantised")

// affine is a linear map of the last axis; prefix goes before the names of its weights.
func affine(b op.Builder, prefix string, x op.Tensor, units int, bias bool) op.Tensor {
	s := x.Shape()
	n := s[len(s)-1].Size
	w := b.Weight(prefix+"weight", fan(n), units, n)
	var c op.Weight
	if bias {
		c = b.Weight(prefix+"bias", fan(n), units)
	}
	return b.Linear(x, w, c)
}

var bilinearMatmul = &op.Spec{
	Name: "matmul", Family: "joins", Arity: -1,
	Doc: `The matrix product of two tensors over their last two axes.
Shape: ([.., p, q], [.., q, r]) -> [.., p, r], the axes before equal; scale divides by sqrt(q).
The sugar a @ b is clone(2) >> (a, b) >> matmul.`,
	Example: "matmul : ([s: 4, d: 8], [d: 8, s: 4])",
	Params:  []op.Param{{Name: "scale", Kind: op.Bool, Default: false, Doc: "whether to divide by sqrt(q)"}},
	Fits:    multiplies,
	Apply: func(b op.Builder, a op.Args, in []op.Tensor) []op.Tensor {
		if len(in) != 2 {
			b.Fail("matmul takes 2 tensors; %d arrive", len(in))
		}
		if !multiplies(a, in) {
			b.Fail("matmul takes [.., p, q] and [.., q, r]; %s and %s arrive", in[0].Shape(), in[1].Shape())
		}
		scale := 1.0
		if s := in[0].Shape(); a.Bool("scale") {
			scale = inverseRoot(s[len(s)-1].Size)
		}
		return []op.Tensor{b.MatMul(in[0], in[1], false, scale)}
	},
}

func multiplies(_ op.Args, in []op.Tensor) bool {
	s, t := in[0].Shape(), in[1].Shape()
	n := len(s)
	return len(in) == 2 && n >= 2 && len(t) == n && s[:n-2].Same(t[:n-2]) && s[n-1].Size == t[n-2].Size
}

var embedding = &op.Spec{
	Name: "embed", Family: "dense", Arity: 1,
	Doc: `A learnt vector for each whole number that arrives.
Shape: [..] -> [.., d: width]. Numbers count from 0 and are below vocabulary; others are an error of the data.
The table starts normal with deviation 1, PyTorch's default.`,
	Example: "embed(100, 16) : [s: 12]",
	Params: []op.Param{
		whole("vocabulary", 1, nil, "how many different numbers there are"),
		whole("width", 1, nil, "the length of a vector"),
	},
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		return b.Embed(x, b.Weight("table", op.Normal(1), a.Int("vocabulary"), a.Int("width")))
	}),
}
