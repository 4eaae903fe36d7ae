package stdlib

import (
	"math"

	"github.com/spacec-lang/spacec/ir/op"
)

func inverseRoot(n int) float64 { return 1 / math.Sqrt(float64(n)) }

var posEnc = &op.Spec{
	Name: "pos_enc", Family: "sequence", Arity: 1,
	Doc: `Adds a learnt number at every place.
Shape: [..] -> the same; x + theta, theta of the shape of x. theta starts normal with deviation 1.`,
	Example: "pos_enc : [s: 16, d: 64]",
	Apply: one(func(b op.Builder, _ op.Args, x op.Tensor) op.Tensor {
		return b.AddWeight(x, b.Weight("theta", op.Normal(1), x.Shape().Sizes()...))
	}),
}

var sinusoid = &op.Spec{
	Name: "sinusoid", Family: "sequence", Arity: 1,
	Doc: `Adds the fixed positional encoding of Vaswani et al. 2017 (arXiv 1706.03762, section 3.5).
Shape: [s, d] -> the same; place p gets sin(p / 10000^(2i / d)) in column 2i and the cosine in column 2i + 1.`,
	Example: "sinusoid : [s: 16, d: 64]",
	Apply: one(func(b op.Builder, _ op.Args, x op.Tensor) op.Tensor {
		sequence(b, "sinusoid", x)
		return b.AddSinusoid(x)
	}),
}

var attention = &op.Spec{
	Name: "attention", Family: "sequence", Arity: 1,
	Doc: `Multi-head self-attention (Vaswani et al. 2017, arXiv 1706.03762, section 3.2).
Shape: [s, d] -> the same; heads divides d. Each head is softmax(Q K' / sqrt(d / heads)) V; with causal, a place sees
itself and those before it. The four maps have biases and start uniform within 1 / sqrt(d).`,
	Example: "attention(4) : [s: 16, d: 64]",
	Params:  attentionParams,
	Apply:   one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor { return attend(b, a, x, nil) }),
}

var maskedAttention = &op.Spec{
	Name: "masked_attention", Family: "sequence", Arity: 2,
	Doc: `Multi-head self-attention that hides padding: attention with a mask of the places.
Shape: ([s, d], [s]) -> [s, d]; no place sees one whose mask is 0, so the numbers of the tokens are a mask where 0 is
padding. A place to which nothing is left to see gets the bias of the output map. Otherwise all is as in attention.`,
	Example: "masked_attention(4) : ([s: 16, d: 64], [s: 16])",
	Params:  attentionParams,
	Apply: func(b op.Builder, a op.Args, in []op.Tensor) []op.Tensor {
		return []op.Tensor{attend(b, a, in[0], in[1])}
	},
}

var attentionParams = []op.Param{
	whole("heads", 1, 1, "how many heads share d"),
	{Name: "causal", Kind: op.Bool, Default: false, Doc: "whether later places are hidden"},
}

// attend is attention over x; mask is nil where every place is a token.
func attend(b op.Builder, a op.Args, x, mask op.Tensor) op.Tensor {
	s, d := sequence(b, a.Spec.Name, x)
	heads := a.Int("heads")
	if d%heads != 0 {
		b.Fail("%s needs heads that divide d; heads is %d and %s arrives", a.Spec.Name, heads, x.Shape())
	}
	each := func(name string) op.Tensor { // [heads, s, d / heads]
		y := affine(b, name+"_", x, d, true)
		return b.Permute(b.Reshape(y, op.Shape{{Size: s}, {Size: heads}, {Size: d / heads}}), 1, 0, 2)
	}
	q, k, v := each("query"), each("key"), each("value")
	scores := b.MatMul(q, k, true, inverseRoot(d/heads))
	if a.Bool("causal") {
		scores = b.CausalMask(scores)
	}
	if mask != nil {
		scores = hide(b, a, scores, mask)
	}
	y := b.MatMul(b.Softmax(scores, 2), v, false, 1)
	return affine(b, "out_", b.Reshape(b.Permute(y, 1, 0, 2), x.Shape()), d, true)
}

// hide is minus infinity in the columns whose mask is 0.
func hide(b op.Builder, a op.Args, scores, mask op.Tensor) op.Tensor {
	s, m := scores.Shape(), mask.Shape()
	if len(s) == 0 || len(m) != 1 || m[0].Size != s[len(s)-1].Size {
		b.Fail("%s takes a mask with a number for each place; scores %s and a mask %s arrive", a.Spec.Name, s, m)
	}
	return b.PadMask(scores, mask)
}

var causalMask = &op.Spec{
	Name: "causal_mask", Family: "sequence", Arity: 1,
	Doc: `Minus infinity where a row's place would see a later one, for attention written out: between matmul and softmax.
Shape: [.., s, s] -> the same; above the diagonal of the last two axes.`,
	Example: "causal_mask : [h: 4, s: 16, t: 16]",
	Apply: one(func(b op.Builder, _ op.Args, x op.Tensor) op.Tensor {
		s := x.Shape()
		if n := len(s); n < 2 || s[n-1].Size != s[n-2].Size {
			b.Fail("causal_mask takes [.., s, s]; %s arrives", s)
		}
		return b.CausalMask(x)
	}),
}

var padMask = &op.Spec{
	Name: "pad_mask", Family: "sequence", Arity: 2,
	Doc: `Minus infinity in each column whose mask is 0, padding, for attention written out: between matmul and softmax.
Shape: ([.., s], [s]) -> [.., s]; a mask for each example, and no gradient goes to it. Softmax makes zeros of a row of
which nothing is left.`,
	Example: "pad_mask : ([h: 4, s: 16, t: 16], [t: 16])",
	Apply: func(b op.Builder, a op.Args, in []op.Tensor) []op.Tensor {
		return []op.Tensor{hide(b, a, in[0], in[1])}
	},
}

var lstm = &op.Spec{
	Name: "lstm", Family: "sequence", Arity: 1,
	Doc: `A long short-term memory along a sequence (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000).
Shape: [s, d] -> [s, d: units], the hidden state after each step, from a state of zeros. i, f, o = sigmoid, g = tanh of
W x + U h + b; c = f c + i g; h = o tanh(c). Weights start uniform within 1 / sqrt(units), PyTorch's default.`,
	Example: "lstm(32) : [s: 16, d: 8]",
	Params:  []op.Param{whole("units", 1, nil, "the size of the hidden state")},
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		_, d := sequence(b, "lstm", x)
		n := units(b, a, 4)
		return b.LSTM(x, b.Weight("input", fan(n), 4*n, d), b.Weight("hidden", fan(n), 4*n, n), b.Weight("bias", fan(n), 4*n))
	}),
}

var gru = &op.Spec{
	Name: "gru", Family: "sequence", Arity: 1,
	Doc: `A gated recurrent unit along a sequence (Cho et al. 2014, arXiv 1406.1078, in the form of cuDNN and PyTorch).
Shape: [s, d] -> [s, d: units], the hidden state after each step, from a state of zeros. r, z = sigmoid of W x + b + U h + c;
n = tanh(W x + b + r (U h + c)); h = (1 - z) n + z h. Weights start uniform within 1 / sqrt(units), PyTorch's default.`,
	Example: "gru(32) : [s: 16, d: 8]",
	Params:  []op.Param{whole("units", 1, nil, "the size of the hidden state")},
	Apply: one(func(b op.Builder, a op.Args, x op.Tensor) op.Tensor {
		_, d := sequence(b, "gru", x)
		n := units(b, a, 3)
		return b.GRU(x, b.Weight("input", fan(n), 3*n, d), b.Weight("hidden", fan(n), 3*n, n),
			b.Weight("input_bias", fan(n), 3*n), b.Weight("hidden_bias", fan(n), 3*n))
	}),
}

// units is the size of a recurrent unit, small enough that its gates can be counted.
func units(b op.Builder, a op.Args, gates int) int {
	n := a.Int("units")
	if n > op.MaxElements/gates {
		b.Fail("%s of %d units is too large; the most is %d", a.Spec.Name, n, op.MaxElements/gates)
	}
	return n
}
