package gorgonia

import (
	"fmt"
	"slices"
	"testing"

	"github.com/spacec-lang/spacec/stdlib"
)

// opCalls are ops with one tensor that arrives.
var opCalls = []struct{ in, call string }{
	{"[c: 3, h: 2, w: 2]", "dense(4)"}, {"[5]", "dense(4, bias: false)"}, {"[s: 3, d: 4]", "linear(5)"},
	{"[2, 3, 4]", "linear(5, bias: false)"},
	{"[2, 3, 4]", "linear(5, axis: 1)"}, {"[2, 3, 4]", "linear(5, axis: 2)"},
	{"[c: 3, h: 5, w: 4]", "conv"}, {"[c: 2, h: 5, w: 6]", "conv(3, 3, stride: 2)"}, {"[c: 2, h: 5, w: 5]", "conv(3, 1)"},
	{"[c: 2, h: 4, w: 4]", "conv(3, 1, stride: 2, bias: false)"}, {"[c: 2, h: 6, w: 5]", "conv(4, 2, padding: 0)"},
	{"[c: 2, h: 6, w: 7]", "conv(3, 3, dilation: 2)"}, {"[c: 2, h: 7, w: 7]", "conv(3, 3, dilation: 2, stride: 3, padding: 3)"},
	{"[c: 4, h: 5, w: 5]", "conv(6, 3, groups: 2)"}, {"[c: 4, h: 4, w: 4]", "conv(6, 1, groups: 2)"},
	{"[c: 3, h: 5, w: 5]", "conv(3, 3, groups: 3)"}, {"[c: 3, h: 5, w: 6]", "conv(6, 5, groups: 3, stride: 2)"},
	{"[c: 3, h: 2, w: 2]", "conv(3, 5, groups: 3, dilation: 2, bias: false)"}, {"[c: 2, h: 1, w: 1]", "conv(3, 7)"},
	{"[c: 2, h: 5, w: 6]", "conv(3, 1, kernel_w: 3)"}, {"[c: 2, h: 7, w: 5]", "conv(3, 5, kernel_w: 1, stride: 2)"}, {"[c: 3, h: 5, w: 4]", "conv(3, 3, groups: 3, kernel_w: 2)"},
	{"[s: 7, d: 4]", "conv1d(3, 5)"}, {"[s: 8, d: 4]", "conv1d(6, 3, stride: 2, dilation: 2, groups: 2)"},
	{"[c: 2, h: 5, w: 4]", "max_pool(2)"}, {"[c: 2, h: 5, w: 6]", "max_pool(3, 2, 1)"}, {"[c: 2, h: 5, w: 5]", "max_pool(3, 1)"},
	{"[c: 2, h: 5, w: 4]", "avg_pool(2)"}, {"[c: 2, h: 5, w: 6]", "avg_pool(3, 1, 1)"}, {"[c: 2, h: 7, w: 5]", "avg_pool(3, 2, 1)"},
	{"[c: 3, h: 4, w: 5]", "global_avg_pool"}, {"[c: 3, h: 4, w: 5]", "global_max_pool"},
	{"[3, 4, 5]", "mean(1)"}, {"[3, 4, 5]", "mean(2)"}, {"[3, 4, 5]", "mean(3)"}, {"[4]", "mean(1)"},
	{"[c: 3, h: 3, w: 2]", "batch_norm"}, {"[6]", "batch_norm"}, {"[4, 3]", "batch_norm"},
	{"[s: 3, d: 5]", "layer_norm"}, {"[6]", "layer_norm"}, {"[2, 3, 4]", "layer_norm"},
	{"[c: 6, h: 3, w: 2]", "group_norm(2)"}, {"[c: 4, h: 2, w: 2]", "group_norm(4)"}, {"[c: 4, h: 2, w: 2]", "group_norm(1)"},
	{"[7]", "relu"}, {"[7]", "leaky_relu(0.2)"}, {"[7]", "scale(-1.5)"}, {"[7]", "tanh"}, {"[7]", "sigmoid"}, {"[7]", "gelu"}, {"[7]", "silu"},
	{"[3, 4]", "softmax"}, {"[3, 4, 2]", "softmax(1)"}, {"[3, 4, 2]", "softmax(2)"}, {"[5]", "softmax"},
	{"[c: 3, h: 4]", "dropout(0.3)"}, {"[5]", "dropout(0)"},
	{"[2, 3]", "flatten"}, {"[4, 3, 2]", "reshape(6, 4)"}, {"[2, 3, 4]", "permute(2, 3, 1)"}, {"[2, 3, 4]", "permute(3, 2, 1)"},
	{"[2, 3, 4]", "permute(2, 1, 3)"}, {"[2, 3, 4, 2]", "permute(4, 2, 1, 3)"}, {"[3, 4]", "permute(2, 1)"},
	{"[c: 2, h: 5, w: 4]", "unfold(3)"}, {"[c: 2, h: 5, w: 4]", "unfold(3, stride: 2)"}, {"[c: 2, h: 4, w: 4]", "unfold(2, stride: 2)"},
	{"[s: 6, d: 3]", "fold(2, 3)"}, {"[3, 4]", "skip"},
	{"[s: 3, d: 4]", "pos_enc"}, {"[s: 5, d: 5]", "sinusoid"},
	{"[s: 4, d: 6]", "attention(2)"}, {"[s: 4, d: 6]", "attention(3, causal: true)"}, {"[s: 1, d: 2]", "attention"},
	{"[s: 4, d: 3]", "lstm(2)"}, {"[s: 1, d: 3]", "lstm(2)"}, {"[s: 4, d: 3]", "gru(2)"}, {"[s: 1, d: 3]", "gru(3)"},
}

// joinNets are networks of what joins and divides tensors.
var joinNets = map[string]string{
	"add":            "x: [3, 2]\na = linear(4) x\nb = linear(4) x\nc = linear(4) x\nd = add a b c\ny = dense(2) d",
	"add to itself":  "x: [3]\na = dense(4) x\nb = add a a\nc = add a b a\ny = dense(2) c",
	"mul":            "x: [3, 2]\na = linear(4) x\nb = linear(4) x\nc = linear(4) x\nd = mul a b c\ny = dense(2) d",
	"square":         "x: [3]\na = dense(4) x\nb = mul a a\ny = dense(2) b",
	"matmul":         "x: [3, 2]\na = linear(4) x\nb = permute(2, 1) a\nc = matmul a b\ny = dense(2) c",
	"scaled matmul":  "x: [2, 3, 2]\na = linear(4) x\nb = permute(1, 3, 2) a\nc = matmul(true) a b\ny = dense(2) c",
	"matmul of 5":    "x: [2, 2, 2, 3, 3]\na = linear(3) x\nb = pos_enc a\nc = matmul a b\ny = dense(2) c",
	"concat":         "x: [3, 2]\na = linear(4) x\nb = linear(2) x\nc = concat(2) a b x a\ny = linear(2) c",
	"pad":            "x: [3, 2, 5]\na = conv(2, 1) x\nb = conv(4, 1, stride: 3) x\nc, d = pad_equal a b\ny = add c d",
	"pad flat":       "x: [3, 2]\na = linear(4) x\nb = dense(20) x\nc, d = pad_equal a b\ny = add c d",
	"concat first":   "x: [3, 2]\na = pos_enc x\nb = linear(2) x\nc = concat a b\ny = linear(2) c",
	"split":          "x: [4, 3]\na = linear(6) x\nb, c, d = split(3, axis: 2) a\ne = mul b d\nf = add e c\ny = dense(2) f",
	"split, one end": "x: [4, 3]\na = pos_enc x\nb, c = split(2) a\ny = dense(2) b",
	"clone":          "x: [4]\na = dense(3) x\nb, c = clone(2) a\nd = relu b\ne = mul c d\ny = dense(2) e",
	"scale channels": "x: [c: 3, h: 2, w: 2]\na = conv(3) x\nb = global_avg_pool a\nc = dense(3) b\nd = sigmoid c\ne = scale_channels a d\ny = dense(2) e",
	"unfold and map": "x: [c: 2, h: 5, w: 4]\na = pos_enc x\nb = unfold(3, stride: 2) a\nc = linear(3) b\nd = fold(3, 2) c\ny = dense(2) d",
	"patches":        "x: [c: 2, h: 4, w: 4]\na = conv(3) x\nb = unfold(2, stride: 2) a\nc = linear(3, bias: false) b\nd = fold(2, 2) c\ne = unfold(1) d\nf = linear(2) e\ng = fold(2, 2) f\ny = dense(2) g",
	"windows twice":  "x: [c: 2, h: 5, w: 4]\na = unfold(3) x\nb = linear(18) a\nc = fold(5, 4) b\nd = permute(2, 1) a\ne = mean(2) d\nf = unfold(3) x\ng = linear(3) f\nh = fold(4, 5) g\ni = dense(18) h\nj = dense(18) c\nk = add e i j\ny = dense(2) k",
	"shared windows": "x: [c: 2, h: 4, w: 4]\na = unfold(3) x\nb = linear(2) a share\nc = fold(4, 4) b\nd = unfold(3) c\ne = linear(2) d share\nf = tanh e\ng = fold(4, 4) f\ny = dense(2) g",
	"two inputs":     "x: [3]\nz: [4]\na = dense(3) x\nb = dense(3) z\nc = mul a b\ny = dense(2) c",
	"embedding":      "x: [5]\na = embed(7, 4) x\nb = layer_norm a\ny = dense(3) b",
	"zero":           "x: [3]\na = dense(3) x\nb = zero a\nc = dense(3) x\nd = add b c\ny = dense(2) d",
	"only zero":      "x: [3]\na = dense(3) x\ny = zero a",
	"unused":         "x: [3]\na = dense(3) x\nb = dense(2) x\nc = relu a\ny = dense(2) b",
	"causal mask":    "x: [2, 4, 3]\na = linear(5) x\nb = permute(1, 3, 2) a\nc = matmul(true) a b\nd = causal_mask c\ne = softmax d\nf = matmul e a\ny = dense(2) f",
	"pad mask":       "x: [2, 4, 3]\nm: [4]\na = linear(5) x\nb = permute(1, 3, 2) a\nc = matmul(true) a b\nd = relu m\ne = pad_mask c d\nf = softmax e\ng = matmul f a\ny = dense(2) g",
	"made mask":      "x: [3, 4]\na = linear(4) x\nb = dense(4) x\nc = relu b\nd = pad_mask a c\ne = softmax d\ny = dense(2) e",
	"all padding":    "x: [3, 4]\nm: [4]\na = linear(4) x\nb = zero m\nc = pad_mask a b\nd = softmax c\ne = add d a\ny = dense(2) e",
	"padding first":  "x: [2, 2]\nm: [2]\na = linear(2) x\nb = causal_mask a\nc = relu m\nd = pad_mask b c\ne = softmax d\nf = softmax(1) d\ng = add e f\ny = dense(2) g",
	"masked heads":   "x: [s: 5]\na = embed(3, 6) x\nb = masked_attention(2) a x\nc = masked_attention(3, causal: true) b x\nd = add b c\ny = dense(2) d",
	"no weights":     "x: [3]\ny = tanh x",
	"shared":         "x: [4]\na = dense(4) x share\nb = tanh a\nc = dense(4) b share\nd = add a c\ny = dense(2) d",
	"shared norm":    "x: [c: 2, h: 2, w: 2]\na = conv x\nb = batch_norm a share\nc = relu b\nd = batch_norm c share\ny = dense(2) d",
}

// Each op stands between weights, so that the gradient by its input is seen too: pos_enc adds a learnt
// number everywhere, linear or conv mixes what leaves.
func TestOpsAgreeWithTheReferenceAndFiniteDifferences(t *testing.T) {
	for _, c := range opCalls {
		t.Run(c.call+" of "+c.in, func(t *testing.T) {
			t.Parallel()
			g := graphOf(t, fmt.Sprintf("x: %s\na = pos_enc x\nb = %s a\ny = dense(3) b", c.in, c.call))
			for batch := 1; batch < 4; batch++ {
				check(t, g, batch, MeanSquared, uint64(batch))
			}
		})
	}
}

func TestJoinsAgreeWithTheReferenceAndFiniteDifferences(t *testing.T) {
	for name, text := range joinNets {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check(t, graphOf(t, text), 3, MeanSquared, 5)
		})
	}
}

func TestCrossEntropyOverPlaces(t *testing.T) {
	check(t, graphOf(t, "x: [s: 4, d: 3]\ny = linear(5) x"), 3, CrossEntropy, 1)
	check(t, graphOf(t, "x: [d: 3]\ny = dense(5) x"), 4, CrossEntropy, 2)

	// A batch without a label has a loss of 0, and moves nothing.
	m, err := Build(graphOf(t, "x: [s: 2, d: 3]\ny = linear(5) x"), Options{Batch: 1})
	if err != nil {
		t.Fatal(err)
	}
	loss, err := m.Step([][]float32{{1, 2, 3, 4, 5, 6}}, Target{Labels: []int{NoLabel, NoLabel}})
	if err != nil || loss != 0 || slices.ContainsFunc(m.Params()[0].Grad, func(g float32) bool { return g != 0 }) {
		t.Errorf("the loss is %v, the gradient %v, %v", loss, m.Params()[0].Grad, err)
	}
}

// No op of the standard library is left out of the tables above.
func TestEveryOpIsChecked(t *testing.T) {
	checked := map[string]bool{}
	for _, c := range opCalls {
		checked[argsOf(t, c.call).Spec.Name] = true
	}
	for _, text := range joinNets {
		for _, n := range graphOf(t, text).Nodes {
			checked[n.Args.Spec.Name] = true
		}
	}
	for _, s := range stdlib.Library().Specs() {
		if !checked[s.Name] {
			t.Errorf("%s isn't compared with the reference", s.Name)
		}
	}
}
