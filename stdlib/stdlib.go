// Package stdlib is the standard library: the tensor ops, a file a family, each declared once by what it
// builds from the primitives of package op; and the derived rules of std.space, written in the language.
package stdlib

import (
	"embed"
	"math"
	"strings"

	"github.com/spacec-lang/spacec/ir/op"
)

//go:embed *.space
var sources embed.FS

var library = op.NewLibrary(
	dense, linear, bilinearMatmul, embedding,
	conv, conv1d, unfold, fold,
	maxPool, avgPool, globalAvgPool, globalMaxPool, mean,
	batchNorm, layerNorm, groupNorm,
	relu, leakyReLU, scale, tanh, sigmoid, gelu, silu, softmax, dropout, scaleChannels,
	add, mul, concat, padEqual, clone, split,
	skip, zero, flatten, permute, reshape,
	posEnc, sinusoid, attention, maskedAttention, causalMask, padMask, lstm, gru,
)

// Library is the standard ops. It is one library, and constant.
func Library() *op.Library { return library }

// Source is the text of a standard file by its name in use: std for std.space.
func Source(name string) (text string, ok bool) {
	if strings.ContainsAny(name, `/\.`) {
		return "", false
	}
	b, err := sources.ReadFile(name + ".space")
	return string(b), err == nil
}

// whole is a parameter that is a whole number of at least least; nil as its default makes it required.
func whole(name string, least int, def any, doc string) op.Param {
	return op.Param{Name: name, Kind: op.Int, Default: def, Bounded: true, Min: float64(least), Max: op.MaxElements, Doc: doc}
}

// absent makes a parameter one that may be left out, with what then holds.
func absent(p op.Param, means string) op.Param {
	p.Default, p.DefaultDoc = nil, means
	return p
}

// one makes the function of an op that takes one tensor and makes one.
func one(f func(b op.Builder, a op.Args, x op.Tensor) op.Tensor) func(op.Builder, op.Args, []op.Tensor) []op.Tensor {
	return func(b op.Builder, a op.Args, in []op.Tensor) []op.Tensor {
		return []op.Tensor{f(b, a, in[0])}
	}
}

// fan is the starting distribution of a map whose results each read n numbers, the product of the sizes:
// uniform within 1 / sqrt(n). That is Kaiming's uniform distribution with a = sqrt(5), the default of PyTorch's linear and
// convolutional layers, for weights and biases alike (He et al. 2015, arXiv 1502.01852, equation 14).
func fan(sizes ...int) op.Init {
	n := 1.0
	for _, d := range sizes {
		n *= float64(d)
	}
	return op.Uniform(1 / math.Sqrt(n))
}

// image is a tensor's shape when it has three axes, and else the op's failure.
func image(b op.Builder, name string, x op.Tensor) (c, h, w int) {
	s := x.Shape()
	if len(s) != 3 {
		b.Fail("%s takes [c, h, w]; %s arrives", name, s)
	}
	return s[0].Size, s[1].Size, s[2].Size
}

// sequence is a tensor's shape when it has two axes, and else the op's failure.
func sequence(b op.Builder, name string, x op.Tensor) (length, width int) {
	s := x.Shape()
	if len(s) != 2 {
		b.Fail("%s takes [s, d]; %s arrives", name, s)
	}
	return s[0].Size, s[1].Size
}

// axis is an axis parameter, counted from 1 in the language, as a builder counts; the last where absent.
func axis(b op.Builder, a op.Args, x op.Tensor) int {
	n := a.IntOr("axis", len(x.Shape()))
	if n < 1 || n > len(x.Shape()) {
		b.Fail("%s has axis: %d; %s arrives, whose axes count from 1 to %d", a.Spec.Name, n, x.Shape(), len(x.Shape()))
	}
	return n - 1
}
