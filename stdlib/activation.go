package stdlib

import "github.com/spacec-lang/spacec/ir/op"

// pointwise declares an op without parameters that keeps the shape.
func pointwise(name, doc string, f func(b op.Builder, x op.Tensor) op.Tensor) *op.Spec {
	return &op.Spec{
		Name: name, Family: "activation", Arity: 1, Doc: doc + "\nShape: [..] -> the same.", Example: name + " : [c: 8, h: 4, w: 4]",
		Apply: one(func(b op.Builder, _ op.Args, x op.Tensor) op.Tensor { return f(b, x) }),
	}
}

var (
	relu    = pointwise("relu", "max(x, 0), its slope at 0 being 0.", op.Builder.ReLU)
	tanh    = pointwise("tanh", "The hyperbolic tangent.", op.Builder.Tanh)
	sigmoid = pointwise("sigmoid", "1 / (1 + exp(-x)).", op.Builder.Sigmoid)
	gelu    = pointwise("gelu", "x Phi(x), Phi the normal distribution function, exact (Hendrycks & Gimpel 2016, arXiv 1606.08415).", op.Builder.GELU)
	silu    = pointwise("silu", "x sigmoid(x), also called swish (arXiv 1702.03118).", op.Builder.SiLU)
)

var leakyReLU = &op.Spec{
	Name: "leaky_relu", Family: "activation", Arity: 1,
	Doc: `x where it is positive, slope x elsewhere.
Shape: [..] -> the same.`,
	Example: "leaky_relu : [c: 8, h: 4, w: 4]",
	Params:  []op.Param{{Name: "slope", Kind: op.Real, Default: 0.01, Bounded: true, Min: 0, Max: 1, Doc: "the slope for negative numbers"}},
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		return b.LeakyReLU(x, a.Real("slope"))
	}),
}

var scale = &op.Spec{
	Name: "scale", Family: "activation", Arity: 1,
	Doc: `x times a number: with -1 what makes a sum a difference.
Shape: [..] -> the same.`,
	Example: "scale(-1) : [c: 8, h: 4, w: 4]",
	Params:  []op.Param{{Name: "by", Kind: op.Real, Bounded: true, Min: -1e6, Max: 1e6, Doc: "the number"}},
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		return b.Scale(x, a.Real("by"))
	}),
}

var softmax = &op.Spec{
	Name: "softmax", Family: "activation", Arity: 1,
	Doc: `exp(x) / sum exp(x) along an axis.
Shape: [..] -> the same. Axes count from 1, the batch axis not counted.`,
	Example: "softmax : [s: 16, d: 64]",
	Params:  []op.Param{absent(whole("axis", 1, nil, "along which axis the results add up to 1"), "the last")},
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		return b.Softmax(x, axis(b, a, x))
	}),
}

var dropout = &op.Spec{
	Name: "dropout", Family: "activation", Arity: 1,
	Doc: `Zeroes each number with probability rate while training, and divides the others by 1 - rate (Srivastava et al. 2014).
Shape: [..] -> the same. Evaluation passes everything on. Exactly one of rate and keep = 1 - rate is given.`,
	Example: "dropout(0.25) : [c: 8, h: 4, w: 4]",
	Params: []op.Param{
		absent(op.Param{Name: "rate", Kind: op.Real, Bounded: true, Max: 1, Doc: "the share that is zeroed, below 1"}, "1 - keep"),
		absent(op.Param{Name: "keep", Kind: op.Real, Bounded: true, Max: 1, Doc: "the share that stays, above 0"}, "1 - rate"),
	},
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		if a.Has("rate") == a.Has("keep") {
			b.Fail("dropout takes exactly one of rate and keep")
		}
		rate := a.Real("rate")
		if a.Has("keep") {
			rate = 1 - a.Real("keep")
		}
		if rate >= 1 {
			b.Fail("dropout must keep something; a rate of 1 or a keep of 0 is given")
		}
		return b.Dropout(x, rate)
	}),
}

var scaleChannels = &op.Spec{
	Name: "scale_channels", Family: "joins", Arity: 2,
	Doc: `Each channel of the first tensor times its factor in the second, as squeeze-and-excitation does (arXiv 1709.01507).
Shape: ([c, ..], [c]) -> [c, ..].`,
	Example: "scale_channels : ([c: 8, h: 4, w: 4], [c: 8])",
	Apply: func(b op.Builder, _ op.Args, in []op.Tensor) []op.Tensor {
		x, s := in[0].Shape(), in[1].Shape()
		if len(x) == 0 || len(s) != 1 || s[0].Size != x[0].Size {
			b.Fail("scale_channels takes [c, ..] and [c]; %s and %s arrive", x, s)
		}
		return []op.Tensor{b.MulChannels(in[0], in[1])}
	},
}
