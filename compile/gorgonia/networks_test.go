package gorgonia

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/ir/op"
)

// randomNet is a network of one image input: wires are used again and again, joined where they fit, and
// all that is left over is joined at the end.
func randomNet(t testing.TB, seed uint64) *op.Graph {
	r := rand.New(rand.NewPCG(seed, 7))
	lines := []string{"x: [c: 2, h: 4, w: 4]", "w0 = conv(4) x"}
	images, vectors := []string{"w0"}, []string{}
	name := func() string { return fmt.Sprint("w", len(lines)) }
	for range 10 + r.IntN(8) {
		a, b, n := images[r.IntN(len(images))], images[r.IntN(len(images))], name()
		one := []string{"conv", "conv(4, 1)", "conv(4, 3, groups: 2)", "conv(4, groups: 4)", "batch_norm", "relu", "tanh", "gelu",
			"leaky_relu", "max_pool(3, 1, 1)", "avg_pool(3, 1, 1)", "dropout(0.3)", "group_norm(2)", "skip", "permute(1, 3, 2)", "softmax(1)", "zero",
			"conv(4) share", "pos_enc"}
		switch r.IntN(6) {
		case 0:
			lines = append(lines, fmt.Sprintf("%s = add %s %s", n, a, b))
		case 1:
			lines = append(lines, fmt.Sprintf("%sa = mul %s %s", n, a, b), fmt.Sprintf("%s = tanh %sa", n, n))
		case 2:
			lines = append(lines, fmt.Sprintf("%sa, %sb = split(2) %s", n, n, a))
			lines = append(lines, fmt.Sprintf("%s = concat(1) %sb %sa", n, n, n))
		case 3:
			lines = append(lines, fmt.Sprintf("%s = dense(3) %s", n, a))
			vectors = append(vectors, n)
			continue
		default:
			call, share := strings.CutSuffix(one[r.IntN(len(one))], " share")
			lines = append(lines, fmt.Sprintf("%s = %s %s%s", n, call, a, map[bool]string{true: " share"}[share]))
		}
		images = append(images, n)
	}
	n := name()
	lines = append(lines, fmt.Sprintf("%s = dense(3) %s", n, images[len(images)-1]))
	vectors = append(vectors, n, n)
	lines = append(lines, "y = add "+strings.Join(vectors, " "))
	return graphOf(t, strings.Join(lines, "\n"))
}

func TestRandomNetworksAgreeWithTheReference(t *testing.T) {
	for seed := range uint64(25) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			check(t, randomNet(t, seed), 3, CrossEntropy, seed)
		})
	}
}

func TestRandomSequenceNetworksAgreeWithTheReference(t *testing.T) {
	for seed := range uint64(25) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			check(t, randomSequence(t, seed), 2, MeanSquared, seed)
		})
	}
}

// randomSequence is a network of one sequence: maps to wide tensors, slices of them beyond 255, products, residuals.
func randomSequence(t testing.TB, seed uint64) *op.Graph {
	r := rand.New(rand.NewPCG(seed, 8))
	lines := []string{"x: [s: 3, d: 4]", "w0 = linear(4) x"}
	wires := []string{"w0", "x"}
	name := func() string { return fmt.Sprint("w", len(lines)) }
	for range 6 + r.IntN(6) {
		a, b, n := wires[r.IntN(len(wires))], wires[r.IntN(len(wires))], name()
		one := []string{"linear(4)", "linear(4) share", "layer_norm", "gelu", "silu", "sigmoid", "softmax(1)", "softmax(2)", "pos_enc", "sinusoid",
			"attention(2)", "attention(4, causal: true)", "lstm(4)", "gru(4)", "dropout(0.2)", "conv1d(4, 3, dilation: 2)", "conv1d(4, 5, groups: 2)",
			"group_norm(3)", "batch_norm", "skip", "zero", "leaky_relu(0.3)", "reshape(3, 4)", "scale(-2)"}
		switch r.IntN(6) {
		case 0:
			lines = append(lines, fmt.Sprintf("%s = add %s %s %s", n, a, b, a))
		case 1: // three parts of 132 numbers each, most of them beyond what a byte counts
			lines = append(lines, fmt.Sprintf("%sa = linear(396) %s", n, a), fmt.Sprintf("%sq, %sk, %sv = split(3, axis: 2) %sa", n, n, n, n),
				fmt.Sprintf("%st = permute(2, 1) %sk", n, n), fmt.Sprintf("%sm = matmul(true) %sq %st", n, n, n),
				fmt.Sprintf("%ss = softmax %sm", n, n), fmt.Sprintf("%so = matmul %ss %sv", n, n, n), fmt.Sprintf("%s = linear(4) %so", n, n))
		case 2:
			lines = append(lines, fmt.Sprintf("%sa = permute(2, 1) %s", n, a), fmt.Sprintf("%sb = linear(3, bias: false) %sa", n, n),
				fmt.Sprintf("%sc = permute(2, 1) %sb", n, n), fmt.Sprintf("%s = add %sc %s", n, n, b))
		case 3:
			lines = append(lines, fmt.Sprintf("%sa = concat(2) %s %s", n, a, b), fmt.Sprintf("%sb, %sc = split(2, axis: 2) %sa", n, n, n),
				fmt.Sprintf("%sd = tanh %sc", n, n), fmt.Sprintf("%s = mul %sb %sd", n, n, n))
		default:
			call, share := strings.CutSuffix(one[r.IntN(len(one))], " share")
			lines = append(lines, fmt.Sprintf("%s = %s %s%s", n, call, a, map[bool]string{true: " share"}[share]))
		}
		wires = append(wires, n)
	}
	lines = append(lines, "sum = add "+strings.Join(wires, " "), "rows = mean(1) sum", "y = dense(3) rows")
	return graphOf(t, strings.Join(lines, "\n"))
}
