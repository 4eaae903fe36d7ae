package stdlib

import "github.com/spacec-lang/spacec/ir/op"

var poolParams = []op.Param{
	whole("kernel", 1, 2, "the height and width of a window"),
	absent(whole("stride", 1, nil, "how far a window moves"), "kernel"),
	whole("padding", 0, 0, "places added on each side, at most half the kernel; they never count"),
}

const poolShape = `
Shape: [c, h, w] -> [c, h', w'] with h' = floor((h + 2 padding - kernel) / stride) + 1 and w' likewise: what is left
over at the bottom and right is dropped, and a kernel larger than the padded image can't be used.
`

var maxPool = &op.Spec{
	Name: "max_pool", Family: "pooling", Arity: 1,
	Doc:     "The largest number of each window." + poolShape + "Of equal numbers the first gets the gradient.",
	Example: "max_pool(2) : [c: 8, h: 7, w: 7]",
	Params:  poolParams,
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		return b.MaxPool(x, poolWindow(b, a, x))
	}),
}

var avgPool = &op.Spec{
	Name: "avg_pool", Family: "pooling", Arity: 1,
	Doc:     "The mean of each window." + poolShape + "The mean is over the places inside the image.",
	Example: "avg_pool(3, stride: 1, padding: 1) : [c: 8, h: 7, w: 7]",
	Params:  poolParams,
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		return b.AvgPool(x, poolWindow(b, a, x))
	}),
}

func poolWindow(b op.Builder, a op.Args, x op.Tensor) op.Window {
	image(b, a.Spec.Name, x)
	k, p := a.Int("kernel"), a.Int("padding")
	if 2*p > k {
		b.Fail("%s of kernel %d allows a padding of at most %d, not %d", a.Spec.Name, k, k/2, p)
	}
	win := window(a, k, a.IntOr("stride", k), 1)
	pad(&win, p)
	fits(b, a, win, x.Shape())
	return win
}

var globalAvgPool = &op.Spec{
	Name: "global_avg_pool", Family: "pooling", Arity: 1,
	Doc: `The mean of each channel.
Shape: [c, h, w] -> [c].`,
	Example: "global_avg_pool : [c: 64, h: 4, w: 4]",
	Apply: one(func(b op.Builder, _ op.Args, x op.Tensor) op.Tensor {
		image(b, "global_avg_pool", x)
		return b.Mean(x, 1, 2)
	}),
}

var globalMaxPool = &op.Spec{
	Name: "global_max_pool", Family: "pooling", Arity: 1,
	Doc: `The largest number of each channel.
Shape: [c, h, w] -> [c].`,
	Example: "global_max_pool : [c: 64, h: 4, w: 4]",
	Apply: one(func(b op.Builder, _ op.Args, x op.Tensor) op.Tensor {
		c, h, w := image(b, "global_max_pool", x)
		y := b.MaxPool(x, op.Window{KH: h, KW: w, SH: 1, SW: 1, DH: 1, DW: 1})
		return b.Reshape(y, op.Shape{{Name: x.Shape()[0].Name, Size: c}})
	}),
}

var mean = &op.Spec{
	Name: "mean", Family: "pooling", Arity: 1,
	Doc: `The mean along one axis, which goes.
Shape: [.., x, ..] -> [.., ..]. Axes count from 1, the batch axis not counted.`,
	Example: "mean(1) : [s: 16, d: 64]",
	Params:  []op.Param{whole("axis", 1, nil, "which axis goes")},
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		return b.Mean(x, axis(b, a, x))
	}),
}
