package stdlib

import "github.com/spacec-lang/spacec/ir/op"

// epsilon is added to variances: PyTorch's default.
const epsilon = 1e-5

var batchNorm = &op.Spec{
	Name: "batch_norm", Family: "normalisation", Arity: 1,
	Doc: `Batch normalisation of each channel, the first axis (Ioffe & Szegedy 2015, arXiv 1502.03167).
Shape: [c, ..] -> the same. Training uses the batch's mean and variance (biased) and moves the running ones towards
them by 0.1 (the variance unbiased); evaluation uses the running ones. eps is 1e-5; gamma starts at 1 and beta at 0.`,
	Example: "batch_norm : [c: 16, h: 8, w: 8]",
	Apply: one(func(b op.Builder, _ op.Args, x op.Tensor) op.Tensor {
		c := first(b, "batch_norm", x)
		return b.BatchNorm(x, b.Weight("gamma", op.Constant(1), c), b.Weight("beta", op.Constant(0), c),
			b.State("mean", 0, c), b.State("variance", 1, c), 0.1, epsilon)
	}),
}

var layerNorm = &op.Spec{
	Name: "layer_norm", Family: "normalisation", Arity: 1,
	Doc: `Layer normalisation along the last axis (Ba et al. 2016, arXiv 1607.06450).
Shape: [.., d] -> the same. eps is 1e-5; gamma starts at 1 and beta at 0.`,
	Example: "layer_norm : [s: 16, d: 64]",
	Apply: one(func(b op.Builder, _ op.Args, x op.Tensor) op.Tensor {
		first(b, "layer_norm", x)
		d := x.Shape()[len(x.Shape())-1].Size
		return b.LayerNorm(x, b.Weight("gamma", op.Constant(1), d), b.Weight("beta", op.Constant(0), d), epsilon)
	}),
}

var groupNorm = &op.Spec{
	Name: "group_norm", Family: "normalisation", Arity: 1,
	Doc: `Normalisation of each example over groups of channels (Wu & He 2018, arXiv 1803.08494).
Shape: [c, ..] -> the same; groups divides c. eps is 1e-5; gamma starts at 1 and beta at 0.`,
	Example: "group_norm(4) : [c: 16, h: 8, w: 8]",
	Params:  []op.Param{whole("groups", 1, nil, "into how many parts the channels fall")},
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		c, groups := first(b, "group_norm", x), a.Int("groups")
		if c%groups != 0 {
			b.Fail("group_norm needs groups that divide c; groups is %d and %s arrives", groups, x.Shape())
		}
		return b.GroupNorm(x, groups, b.Weight("gamma", op.Constant(1), c), b.Weight("beta", op.Constant(0), c), epsilon)
	}),
}

// first is the size of the first axis.
func first(b op.Builder, name string, x op.Tensor) int {
	if len(x.Shape()) == 0 {
		b.Fail("%s needs an axis; a single number arrives", name)
	}
	return x.Shape()[0].Size
}
