package gorgonia

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/spacec-lang/spacec/ir/op"
	G "gorgonia.org/gorgonia"
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

// A machine of Gorgonia's runs the graph to the same numbers.
func TestTapeMachineAgreesWithTheExecutor(t *testing.T) {
	for seed := range uint64(20) {
		g := randomNet(t, seed)
		c := newTrial(t, g, 3, CrossEntropy, seed)
		ours, tape := c.build(t, true), c.build(t, true)
		loss := c.step(t, ours)

		e := tape.engine.(*execution[float64])
		if err := e.aim(c.target); err != nil {
			t.Fatal(err)
		}
		if err := e.feed(singles(c.inputs)); err != nil {
			t.Fatal(err)
		}
		e.training = true
		grads := map[string]*G.Value{}
		for _, n := range tape.Graph().Inputs() {
			if d := n.Deriv(); d != nil {
				grads[n.Name()] = new(G.Value)
				G.Read(d, grads[n.Name()])
			}
		}
		machine := G.NewTapeMachine(tape.Graph())
		if err := machine.RunAll(); err != nil {
			t.Fatal(err)
		}
		if e.lossValue[0] != loss {
			t.Errorf("seed %d: the loss is %v, on a tape machine %v", seed, loss, e.lossValue[0])
		}
		met := 0
		for _, p := range ours.Params() {
			v := grads[p.Name]
			if v == nil {
				continue
			}
			met++
			compare(t, fmt.Sprintf("seed %d: gradient of %s on a tape machine", seed, p.Name), (*v).Data().([]float64), p.Grad64, 1e-12)
		}
		if met == 0 {
			t.Errorf("seed %d: no gradients were read", seed)
		}
		machine.Close()
	}
}
